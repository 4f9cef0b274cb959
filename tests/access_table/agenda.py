"""A meeting and its questions."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    IN_NETWORK,
    IN_TEAM,
    LINES,
    NOT_ALLOWED,
    POST,
    SEES,
    all_of,
    row,
)

AGENDA = [
    made
    for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    for made in [
        *[
            row(
                "meetings:detail",
                GET,
                about,
                f"a meeting of a {thing} and its questions",
                HIDDEN,
                **all_of(SEES, *insiders),
                **({"newcomer": LINES} if thing == "network" else {}),
            )
            for about in (f"{thing} meeting", f"{thing} meeting with its agenda")
        ],
        row(
            "meetings:answer",
            POST,
            f"{thing} meeting",
            f"say whether one comes to a meeting of a {thing}",
            HIDDEN,
            {"coming": "1"},
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:questions",
            POST,
            f"{thing} meeting",
            f"put a question on the agenda of a {thing}",
            HIDDEN,
            {"question": "Hvad fylder?"},
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:support",
            POST,
            f"{thing} question",
            f"say me too to a question in a {thing}",
            HIDDEN,
            {"wanted": "1"},
            **all_of(DOES, *insiders),
        ),
        *[
            row(
                url,
                POST,
                about,
                f"{what}, in a {thing}",
                HIDDEN,
                {"question": "Sagt på en anden måde?"},
                **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
            )
            for url, about, what in [
                ("meetings:question", f"{thing} question", "reword somebody's question"),
                ("meetings:withdrawal", f"{thing} question", "take somebody's question back"),
                ("meetings:parking", f"{thing} question", "park somebody's question"),
                (
                    "meetings:return",
                    f"{thing} question taken back",
                    "bring back what somebody took back",
                ),
                (
                    "meetings:parked",
                    f"{thing} matter parked",
                    "bring back what somebody parked",
                ),
            ]
        ],
    ]
]
