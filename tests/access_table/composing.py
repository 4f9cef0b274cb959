"""New groups in the making: the secretariat's alone, until it shows each leader their own."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    NOT_ALLOWED,
    POST,
    SEES,
    row,
)

PAIR = {"one": "{one of the proposal}", "other": "{another of the proposal}"}
DATE = {
    f"group-{{{which}}}-{name}": value
    for which in ("proposal’s group", "another proposed group")
    for name, value in [("day", "2026-12-15"), ("time", "13:00"), ("place", "Biblioteket")]
}

COMPOSING = [
    row(
        "networks:compositions",
        GET,
        "",
        "the proposals for new groups",
        NOT_ALLOWED,
        secretariat=SEES,
    ),
    row("networks:compositions", POST, "", "begin a new one", NOT_ALLOWED, secretariat=DOES),
    *[
        row(url, GET, thing, what, HIDDEN, secretariat=SEES)
        for url, thing, what in [
            ("networks:composition", "proposal", "a proposal for new groups"),
            ("networks:composition_people", "proposal", "who is in it, wishes, who is kept apart"),
            ("networks:seat", "proposal’s seat", "where somebody could sit"),
            ("networks:proposed_group", "proposal’s group", "a proposed group’s name and purpose"),
            ("meetings:start_groups", "proposal", "the first dates offered"),
        ]
    ],
    *[
        row(url, POST, thing, what, HIDDEN, sends, secretariat=DOES)
        for url, thing, what, sends in [
            ("networks:composition_people", "proposal", "choose the people", {"usual": "1"}),
            ("networks:composition_wishes", "proposal", "write a wish", PAIR),
            ("networks:composition_apart", "proposal", "keep two apart", PAIR),
            ("networks:composition_search", "proposal", "have groups proposed", {}),
            ("networks:end_search", "proposal", "stop the search", {}),
            ("networks:composition_undo", "proposal", "undo a change", {}),
            ("networks:composition_sharing", "proposal", "show it to the leaders", {}),
            ("networks:end_sharing", "shown proposal", "show it no longer", {}),
            ("networks:end_composition", "proposal", "throw it away", {}),
            ("networks:end_wish", "wish", "take a wish back", {}),
            ("networks:end_apart", "two kept apart", "no longer keep them apart", {}),
            (
                "networks:seat",
                "proposal’s seat",
                "move somebody",
                {"group": "{another proposed group}"},
            ),
            ("networks:seat_lock", "proposal’s seat", "lock somebody’s place", {"locked": "1"}),
            ("networks:proposed_group", "proposal’s group", "name it", {"name": "Lyset"}),
            ("networks:group_lock", "proposal’s group", "lock a group", {"locked": "1"}),
            ("meetings:start_groups", "proposal", "start all groups", DATE),
        ]
    ],
    row(
        "networks:proposal",
        GET,
        "shown proposal’s seat",
        "one’s own proposed group, once it is shown",
        HIDDEN,
        member=SEES,
    ),
    row(
        "networks:proposal",
        GET,
        "proposal’s seat",
        "somebody’s proposed group that isn’t shown",
        HIDDEN,
    ),
    row(
        "networks:swap",
        POST,
        "shown proposal’s seat",
        "ask for another group, without a reason",
        HIDDEN,
        {"wanted": "1"},
        member=DOES,
    ),
]
