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

IN_BOTH_ROOMS = [
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
                ("meetings:touch", f"{thing} question", "say which guidepost it touches on"),
                ("meetings:showing", f"{thing} question hidden", "show what was hidden again"),
                ("meetings:life", f"{thing} question resting", "wake what rests"),
                ("meetings:doubt", f"{thing} question in doubt", "keep what is in doubt"),
                ("meetings:destination", f"{thing} matter parked", "say where it goes"),
                ("meetings:done", f"{thing} matter parked", "say that it is done"),
                ("meetings:open_again", f"{thing} matter parked", "say that it isn't done"),
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

AGENDA = [
    *IN_BOTH_ROOMS,
    row("meetings:resting", GET, "", "one's own questions that rest", SEES),
    # ---- what the host does too: the facilitator in the network, the asker in the team
    *[
        row(
            url,
            POST,
            f"{thing} question",
            f"{what}, in a {thing}",
            HIDDEN,
            **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES} | hosts,
        )
        for thing, insiders, hosts in [
            ("network", IN_NETWORK, {"facilitator": DOES}),
            ("team", IN_TEAM, {}),
        ]
        for url, what in [
            ("meetings:parking", "park a question, as its asker or the host"),
            ("meetings:hiding", "hide a question at once, as its asker or the host"),
        ]
    ],
    *[
        row(
            "meetings:order",
            POST,
            f"{thing} meeting with its agenda",
            f"order the agenda of a {thing}, as its host",
            HIDDEN,
            **all_of(NOT_ALLOWED, *insiders) | {"member": DOES},
        )
        for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    ],
    # ---- what the leaders do, and never the senior manager
    *[
        row(
            url,
            POST,
            f"{thing} {about}",
            f"{what} of a {thing}",
            HIDDEN,
            sends,
            **all_of(DOES, *insiders) | ({"manager": NOT_ALLOWED} if thing == "team" else {}),
        )
        for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
        for url, about, what, sends in [
            ("meetings:standing", "meeting", "add to each agenda", {"question": "Et pejlemærke"}),
            ("meetings:end_standing", "standing item", "take something off each agenda", {}),
            ("meetings:host", "meeting", "be host, or pass it on", {"pass": "1"}),
        ]
    ],
    *[
        row(
            "meetings:bank",
            POST,
            f"{thing} meeting",
            f"take a question from the bank onto the agenda of a {thing}",
            HIDDEN,
            **all_of(DOES, *insiders),
        )
        for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    ],
    # ---- process and dialogue, not operations: in teams only
    row(
        "meetings:agreement",
        POST,
        "team meeting",
        "renew the agreement on process and dialogue",
        HIDDEN,
        **all_of(DOES, *IN_TEAM),
    ),
    row(
        "meetings:agreement",
        POST,
        "network meeting",
        "renew the agreement, where there is no senior manager",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK),
    ),
    row(
        "meetings:suggestion",
        POST,
        "team question",
        "suggest to its asker alone that a question is operations",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_TEAM) | {"manager": DOES},
    ),
    row(
        "meetings:suggestion",
        POST,
        "network question",
        "suggest parking, where there is no senior manager",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK),
    ),
    row(
        "meetings:forward",
        POST,
        "team matter parked",
        "send on by mail what somebody parked",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_TEAM) | {"asker": DOES},
    ),
    row(
        "meetings:forward",
        POST,
        "network matter parked",
        "send on by mail what somebody parked in a network group: nobody",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK),
    ),
]
