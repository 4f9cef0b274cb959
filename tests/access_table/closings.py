"""The secretariat's closing weeks."""

from tests.access_table.words import DOES, GET, HIDDEN, NOT_ALLOWED, POST, SEES, row

CLOSINGS = [
    row(
        url,
        method,
        thing,
        what,
        NOT_ALLOWED,
        sends if method == POST else None,
        secretariat=SEES if method == GET else DOES,
    )
    for url, thing, what, sends in [
        (
            "meetings:closings",
            "",
            "the closing weeks",
            {"name": "Vinterferie", "starts_on": "2027-02-15", "ends_on": "2027-02-21"},
        ),
        ("meetings:closing", "closing week", "what falls in a closing week", {}),
        ("meetings:closing_removal", "closing week", "remove a closing week", {}),
    ]
    for method in (GET, POST)
] + [
    row(
        "meetings:closing",
        GET,
        "closing week elsewhere",
        "a closing week of another organisation",
        NOT_ALLOWED,
        secretariat=HIDDEN,
    )
]
