"""What was agreed, what it shows upward, and how one finds it again."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    IN_NETWORK,
    IN_TEAM,
    NOT_ALLOWED,
    POST,
    SEES,
    all_of,
    row,
)

OUTCOME = [
    made
    for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    for made in [
        *[
            row(
                url,
                GET,
                f"{thing} meeting under way",
                f"{what} of a {thing}",
                HIDDEN,
                **all_of(SEES, *insiders),
            )
            for url, what in [
                ("meetings:commitments", "what was agreed at a meeting"),
                ("meetings:minutes", "the minutes of a meeting, to print"),
                ("meetings:printed_agenda", "the agenda of a meeting, to print"),
            ]
        ],
        row(
            "meetings:commitments",
            POST,
            f"{thing} meeting under way",
            f"write down what was agreed at a meeting of a {thing}",
            HIDDEN,
            {"what": "Vi ringer"},
            **all_of(DOES, *insiders),
        ),
        *[
            row(
                url,
                POST,
                f"{thing} commitment",
                f"{what}, in a {thing}",
                HIDDEN,
                sends,
                **all_of(DOES, *insiders),
            )
            for url, what, sends in [
                ("meetings:commitment_done", "say that what was agreed is done", {"done": "1"}),
                ("meetings:commitment_lesson", "say what it taught", {"lesson": "Kort er nok"}),
            ]
        ],
        *[
            row(
                url,
                POST,
                about,
                f"{what}, as who wrote it or whom it is for, in a {thing}",
                HIDDEN,
                sends,
                **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
            )
            for url, about, what, sends in [
                (
                    "meetings:commitment",
                    f"{thing} commitment",
                    "put what was agreed otherwise",
                    {"what": "Vi skriver"},
                ),
                (
                    "meetings:commitment_trial",
                    f"{thing} commitment",
                    "make an experiment of it",
                    {"trial": "1"},
                ),
                (
                    "meetings:commitment_removal",
                    f"{thing} commitment",
                    "take off what was agreed",
                    {},
                ),
                (
                    "meetings:commitment_return",
                    f"{thing} commitment taken off",
                    "bring back what was taken off",
                    {},
                ),
            ]
        ],
    ]
] + [
    row("meetings:tried", GET, "", "what one has agreed to try", SEES),
    row("meetings:waiting", GET, "", "what waits for one’s own answer", SEES),
    row("meetings:earlier", GET, "", "one's own earlier meetings", SEES),
    row("meetings:search", GET, "", "find again what one's own groups talked about", SEES),
    row(
        "meetings:evidence",
        GET,
        "team season",
        "what a season of a team shows, in numbers",
        HIDDEN,
        **all_of(SEES, *IN_TEAM),
    ),
    row(
        "meetings:evidence",
        GET,
        "network season",
        "what a season of a network group shows: there is no such page",
        HIDDEN,
    ),
]
