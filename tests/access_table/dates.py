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
                (
                    "meetings:from_here_on",
                    f"{thing} meeting",
                    f"change the rhythm of a {thing} from a meeting on",
                    {
                        "starts_on": "2026-11-17",
                        "ends_on": "2026-12-15",
                        "time": "13:00",
                        "place": "Rådhuset",
                        "interval_days": "14",
                        "minutes": "90",
                    },
                ),
                (
                    "meetings:series_place",
                    f"{thing} season",
                    f"change the place of a season of a {thing}",
                    {"place": "Kantinen"},
                ),
                (
                    "meetings:next_season",
                    f"{thing} season",
                    f"begin the next season of a {thing} with what was learned",
                    {},
                ),
                (
                    "meetings:end_series",
                    f"{thing} season",
                    f"cancel all that is to come of a {thing}",
                    {"reason": ""},
                ),
            ]
            for method in (GET, POST)
        ],
    ]
]
