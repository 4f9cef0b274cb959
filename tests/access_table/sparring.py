"""Questions for one another, talks, notes and ten minutes: a network group's own."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    IN_NETWORK,
    NOT_ALLOWED,
    POST,
    SEES,
    all_of,
    row,
)

QUESTION = {"question": "Hvordan siger jeg det?", "wants": "share"}

SPARRING = [
    row(
        "meetings:cases",
        GET,
        "network",
        "the questions of a network group",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK),
    ),
    row(
        "meetings:cases",
        POST,
        "network",
        "bring a question to a network group",
        HIDDEN,
        QUESTION,
        **all_of(DOES, *IN_NETWORK),
    ),
    *[
        row(
            url,
            POST,
            "network case",
            f"{what} in a network group",
            HIDDEN,
            QUESTION,
            **all_of(NOT_ALLOWED, *IN_NETWORK) | {"asker": DOES},
        )
        for url, what in [
            ("meetings:case", "reword somebody’s question"),
            ("meetings:case_withdrawal", "take back somebody’s question"),
            ("meetings:case_return", "bring back somebody’s question"),
        ]
    ],
    row(
        "meetings:case_hiding",
        POST,
        "network case",
        "hide a question that names somebody",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK) | {"asker": DOES, "facilitator": DOES},
    ),
    row(
        "meetings:talks",
        GET,
        "network meeting",
        "what a meeting of a network group talks over",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK),
    ),
    row(
        "meetings:talks",
        POST,
        "network meeting",
        "get ready for a talk in a network group",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK),
    ),
    row("meetings:talks", GET, "team meeting", "the same of a team: there is none", HIDDEN),
    *[
        row(
            "meetings:sparring",
            GET,
            thing,
            f"a {thing}",
            HIDDEN,
            **all_of(SEES, *IN_NETWORK),
        )
        for thing in ("network talk", "network talk prepared")
    ],
    row(
        "meetings:part",
        POST,
        "network talk prepared",
        "take a part in a talk or pass it on",
        HIDDEN,
        {"role": "timekeeper", "answer": "yes"},
        **all_of(DOES, *IN_NETWORK),
    ),
    *[
        row(
            url,
            POST,
            "network talk prepared",
            f"{what} (host or facilitator)",
            HIDDEN,
            sends,
            **all_of(NOT_ALLOWED, *IN_NETWORK) | {"asker": DOES, "facilitator": DOES},
        )
        for url, what, sends in [
            ("meetings:talk_start", "start a talk", {}),
            ("meetings:talk_clock", "lead a talk by the clock", {"move": "next", "since": "0"}),
            ("meetings:talk_close", "close a talk", {"asks_again": "1"}),
        ]
    ],
    *[
        row(
            url,
            POST,
            "network talk prepared",
            f"{what} (host or facilitator; here one there isn’t)",
            HIDDEN,
            **all_of(NOT_ALLOWED, *IN_NETWORK) | {"asker": HIDDEN, "facilitator": HIDDEN},
        )
        for url, what in [
            ("meetings:talk_question", "choose the question of a talk"),
            ("meetings:talk_format", "choose the format of a talk"),
        ]
    ],
    row(
        "meetings:notes",
        GET,
        "network talk",
        "the focus person’s notes",
        HIDDEN,
        asker=SEES,
    ),
    *[
        row(url, POST, "network talk", what, HIDDEN, sends, asker=DOES)
        for url, what, sends in [
            ("meetings:notes", "write the focus person’s notes", {"notes": "Sagt"}),
            ("meetings:keeping", "keep the focus person’s question and notes", {}),
            ("meetings:letting_go", "delete the focus person’s question and notes", {}),
            ("meetings:outcome", "tell the group what became of it", {"outcome": "Godt"}),
        ]
    ],
    row("meetings:my_notes", GET, "", "one’s own notes", SEES),
    row(
        "meetings:ten_minutes",
        GET,
        "network",
        "who asks the group for ten minutes",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK),
    ),
    row(
        "meetings:ten_minutes",
        POST,
        "network",
        "ask the group for ten minutes",
        HIDDEN,
        {"phone": "40 11 22 33"},
        **all_of(DOES, *IN_NETWORK),
    ),
    row(
        "meetings:call",
        POST,
        "ten minutes",
        "say that one calls",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK) | {"asker": NOT_ALLOWED},
    ),
    row(
        "meetings:end_ten_minutes",
        POST,
        "ten minutes",
        "take back that one asks for ten minutes",
        HIDDEN,
        **all_of(NOT_ALLOWED, *IN_NETWORK) | {"asker": DOES},
    ),
]
