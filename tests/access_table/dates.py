"""Seasons and the time of a meeting."""

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

DATES = [
    made
    for thing, insiders, plans in [
        ("network", (*IN_NETWORK, "newcomer"), "facilitator"),
        ("team", IN_TEAM, "manager"),
    ]
    for made in [
        row(
            "meetings:series",
            GET,
            f"{thing} season",
            f"the dates of a {thing}",
            HIDDEN,
            **all_of(SEES, *insiders, "secretariat"),
        ),
        *[
            row(
                url,
                method,
                about,
                what,
                HIDDEN,
                sends if method == POST else None,
                **all_of(NOT_ALLOWED, *insiders)
                | all_of(SEES if method == GET else DOES, plans, "secretariat"),
            )
            for url, about, what, sends in [
                (
                    "meetings:new_series",
                    thing,
                    f"plan a season of a {thing}",
                    {
                        "starts_on": "2027-01-12",
                        "time": "09:00",
                        "place": "Rådhuset",
                        "interval_days": "14",
                        "minutes": "90",
                    },
                ),
                (
                    "meetings:time",
                    f"{thing} meeting",
                    f"move a meeting of a {thing}",
                    {"day": "2026-11-17", "time": "10:00"},
                ),
                (
                    "meetings:cancellation",
                    f"{thing} meeting",
                    f"cancel a meeting of a {thing}",
                    {"reason": ""},
                ),
            ]
            for method in (GET, POST)
        ],
    ]
]
