"""Theme days and guideposts. `member` and the senior manager belong to area Nord, nobody else."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, all_of, row

OF_NORD = ("member", "manager")
DAY, FINISHED = "theme day", "theme day finished"
SAID = {"wording": "Vi ringer først", "theme": "support", "how_we_see_it": ""}


def inside(url, method, thing, what, sends=None):
    """For the people of that place and the secretariat; nobody else finds it."""
    outcome = SEES if method == GET else DOES
    return row(url, method, thing, what, HIDDEN, sends, **all_of(outcome, *OF_NORD, "secretariat"))


def led(url, thing, what, sends=None):
    """Only the secretariat leads."""
    gets = all_of(NOT_ALLOWED, *OF_NORD) | {"secretariat": DOES}
    return row(url, POST, thing, what, HIDDEN, sends, **gets)


def tended(url, method, thing, what, sends=None, **gets):
    """A guidepost of the organisation: the secretariat tends it, neighbours don't find it."""
    outcome = SEES if method == GET else DOES
    none = {"outsider": HIDDEN, "superuser": HIDDEN} if thing else {}
    return row(url, method, thing, what, NOT_ALLOWED, sends, secretariat=outcome, **none | gets)


ALL = dict.fromkeys(["outsider", "superuser"], HIDDEN)

THEME_DAYS = [
    row("wellbeing:theme_days", GET, "", "the theme days", SEES),
    row("wellbeing:theme_find", GET, "", "find a theme day by its code", DOES),
    row(
        "wellbeing:theme_code",
        GET,
        "theme day’s code",
        "come in by the code on the wall",
        HIDDEN,
        **all_of(DOES, *OF_NORD, "secretariat"),
    ),
    tended("wellbeing:theme_day_new", GET, "", "plan a theme day"),
    tended(
        "wellbeing:theme_day_new",
        POST,
        "",
        "make its board",
        {"name": "Temadag", "starts_on": "2026-12-01", "dots": "3"},
    ),
    inside("wellbeing:theme_day", GET, DAY, "take part in a theme day"),
    row("wellbeing:theme_day", GET, FINISHED, "what came of a theme day", SEES, **ALL),
    inside("wellbeing:theme_wall", GET, DAY, "its board, large, for the projector"),
    inside("wellbeing:theme_invitation", GET, DAY, "the code that leads to it"),
    inside("wellbeing:notes", POST, DAY, "put a note on its board", {"text": "Ro", "key": "{key}"}),
    inside("wellbeing:moves", POST, DAY, "gather its notes", {"headline": "Ro"}),
    inside("wellbeing:wordings", POST, DAY, "word a guidepost together", SAID),
    inside("wellbeing:cluster", GET, "headline", "another headline"),
    inside("wellbeing:cluster", POST, "headline", "change a headline", {"headline": "Andet"}),
    inside("wellbeing:cluster_dissolution", POST, "headline", "take a headline away"),
    inside("wellbeing:dot", POST, "headline", "give one’s dot", {"given": "1"}),
    inside("wellbeing:wording", GET, "wording", "look at a wording again"),
    inside("wellbeing:wording", POST, "wording", "say it otherwise", SAID),
    inside("wellbeing:wording_removal", POST, "wording", "take a wording out"),
    row(
        "wellbeing:note_removal",
        POST,
        "manager’s note",
        "take away a note with one’s own name",
        HIDDEN,
        member=NOT_ALLOWED,
        manager=DOES,
        secretariat=DOES,
    ),
    led("wellbeing:theme_step", DAY, "lead a theme day from step to step", {"step": "dots"}),
    led("wellbeing:theme_end", DAY, "finish a theme day"),
    led("wellbeing:theme_reopening", FINISHED, "open a theme day again"),
    # guideposts
    row("wellbeing:earlier_guideposts", GET, "", "guideposts of before", SEES),
    row("wellbeing:poster", GET, "", "a poster of the guideposts", SEES, **ALL),
    tended("wellbeing:guidepost_new", GET, "", "word a guidepost"),
    tended("wellbeing:guidepost_new", POST, "", "let a guidepost stand", SAID),
    *[
        made
        for url, what, sends in [
            ("wellbeing:guidepost_wording", "reword a guidepost", SAID),
            ("wellbeing:guidepost_retirement", "retire a guidepost", {"why": "En vane"}),
        ]
        for made in [
            tended(url, GET, "guidepost", what),
            tended(url, POST, "guidepost", f"{what}, for good", sends),
            tended(  # together, while a theme day of theirs is open
                url, POST, "guidepost of Nord", f"{what} together", sends, **all_of(DOES, *OF_NORD)
            ),
        ]
    ],
    tended("wellbeing:guidepost_return", POST, "guidepost retired", "bring a guidepost back"),
]
