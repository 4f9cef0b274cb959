"""One tap: tapping, opening and closing, what the group decides, what areas say together."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    IN_NETWORK,
    IN_TEAM,
    NOT_ALLOWED,
    POST,
    SEES,
    SIGN_IN,
    all_of,
    row,
)

TAPS = [
    made
    for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    for made in [
        *[
            row(
                "meetings:taps",
                GET,
                about,
                f"how many tapped what at a meeting of a {thing}, once it is closed",
                HIDDEN,
                **all_of(SEES, *insiders),
            )
            for about in (f"{thing} meeting", f"{thing} meeting under way")
        ],
        row(
            "meetings:taps",
            POST,
            f"{thing} meeting under way",
            f"let everybody tap at a meeting of a {thing}",
            HIDDEN,
            **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
        ),
        row(
            "meetings:tap",
            POST,
            f"{thing} round of taps",
            f"tap at a meeting of a {thing}",
            HIDDEN,
            {"step": "4"},
            **all_of(DOES, *insiders) | ({"manager": NOT_ALLOWED} if thing == "team" else {}),
        ),
        row(
            "meetings:tap_closing",
            POST,
            f"{thing} round of taps",
            f"close the taps at a meeting of a {thing} and show the figure",
            HIDDEN,
            **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
        ),
        row(
            "meetings:group_taps",
            GET,
            thing,
            f"what a {thing} taps on, who sees it, and its earlier figures",
            HIDDEN,
            **all_of(SEES, *insiders),
        ),
        row(
            "meetings:group_taps",
            POST,
            thing,
            f"choose what a {thing} taps on",
            HIDDEN,
            {"wording": "Jeg fik pause"},
            **all_of(DOES, *insiders) | ({"manager": NOT_ALLOWED} if thing == "team" else {}),
        ),
    ]
] + [
    row(
        "meetings:tap_promise",
        POST,
        "team",
        "decide whether the senior manager sees how many tapped what",
        HIDDEN,
        {"sees": "1"},
        asker=DOES,
        member=DOES,
        manager=NOT_ALLOWED,
    ),
    row("meetings:tap_promise", POST, "network", "no senior manager to decide on", HIDDEN),
    row(
        "meetings:tap_trend",
        GET,
        "",
        "what areas of one’s own organisation have tapped together",
        SEES,
        anonymous=SIGN_IN,
    ),
]
