"""The live room: following it, leading it."""

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

LEADING = [
    ("meetings:room_step", "lead a meeting from step to step", {"go": "next", "seen": "0"}),
    ("meetings:room_clock", "pause a meeting, or give two minutes more", {"do": "pause"}),
    ("meetings:room_question", "put off the rest of a question", {"do": "next_time"}),
    ("meetings:room_round", "go round, person by person", {"do": "begin"}),
    ("meetings:room_talk", "get ready for sparring in a meeting", {"do": "prepare"}),
    ("meetings:room_end", "end a meeting", {}),
]

ONE_PHASE = {
    "name_da": "Kort møde",
    "phases-INITIAL_FORMS": "0",
    "phases-TOTAL_FORMS": "1",
    "phases-0-ORDER": "1",
    "phases-0-minutes": "20",
    "phases-0-title_da": "Tjek ind",
    "phases-0-kind": "check_in",
}

ROOM = [
    made
    for thing, insiders in [("network", IN_NETWORK), ("team", IN_TEAM)]
    for made in [
        *[
            row(
                "meetings:room",
                GET,
                about,
                f"how a meeting of a {thing} goes, before and while it runs",
                HIDDEN,
                **all_of(SEES, *insiders),
            )
            for about in (f"{thing} meeting", f"{thing} meeting under way")
        ],
        row(
            "meetings:room_wall",
            GET,
            f"{thing} meeting under way",
            f"a meeting of a {thing}, large, for the projector",
            HIDDEN,
            **all_of(SEES, *insiders),
        ),
        row(
            "meetings:room",
            POST,
            f"{thing} meeting about to begin",
            f"begin a meeting of a {thing}, and lead it",
            HIDDEN,
            **all_of(DOES, *insiders) | ({"manager": NOT_ALLOWED} if thing == "team" else {}),
        ),
        *[
            row(
                url,
                POST,
                f"{thing} meeting under way",
                f"{what}, in a {thing}",
                HIDDEN,
                sends,
                **all_of(NOT_ALLOWED, *insiders) | {"asker": DOES},
            )
            for url, what, sends in LEADING
        ],
        row(
            "meetings:meeting_format",
            GET,
            f"{thing} meeting",
            f"choose what a meeting of a {thing} follows",
            HIDDEN,
            **all_of(SEES, *insiders),
        ),
        row(
            "meetings:formats",
            POST,
            thing,
            f"make a format of the {thing}’s own",
            HIDDEN,
            {"of": "network-meeting"},
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:format",
            GET,
            f"{thing} own format",
            f"a format of the {thing}’s own",
            HIDDEN,
            **all_of(SEES, *insiders),
        ),
        row(
            "meetings:format",
            POST,
            f"{thing} own format",
            f"change a format of the {thing}’s own",
            HIDDEN,
            ONE_PHASE,
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:format_retirement",
            POST,
            f"{thing} own format",
            f"offer a {thing}’s own format no more",
            HIDDEN,
            **all_of(DOES, *insiders),
        ),
        row(
            "meetings:room_chair",
            POST,
            f"{thing} meeting under way",
            f"take over the chair in a meeting of a {thing}",
            HIDDEN,
            {"confirmed": "1"},
            **all_of(DOES, *insiders) | ({"manager": NOT_ALLOWED} if thing == "team" else {}),
        ),
    ]
] + [
    *[
        row(
            "meetings:formats_for_all",
            method,
            "",
            what,
            NOT_ALLOWED,
            {"of": "network-meeting"},
            secretariat=result,
        )
        for method, what, result in [
            (GET, "the ways to meet that everybody may choose", SEES),
            (POST, "make a way to meet for everybody", DOES),
        ]
    ],
    *[
        row(url, method, "format of all", what, HIDDEN, sends, secretariat=result)
        for url, method, what, sends, result in [
            ("meetings:format", GET, "a way to meet of the organisation’s own", {}, SEES),
            ("meetings:format", POST, "change a way to meet of all", ONE_PHASE, DOES),
            ("meetings:format_retirement", POST, "offer a way to meet no more", {}, DOES),
        ]
    ],
    row(
        "live",
        GET,
        "follower’s token",
        "whether something is new in the meeting one’s device follows, without any words",
        SEES,
        anonymous=SEES,
    ),
    row("live", GET, "forged token", "a token of one’s own making", HIDDEN, anonymous=HIDDEN),
]
