"""Finding a network group's first date: attendance is nobody's but the members'."""

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

OTHERS = ("asker", "member")
TIMES = {"place": "Rådhuset", "minutes": "120", "time_0": "2026-12-01T09:00"}

FIRST_DATE = [
    row(
        "meetings:first_date",
        GET,
        "network",
        "which times fit, and how many can",
        HIDDEN,
        **all_of(SEES, *IN_NETWORK),
    ),
    row(
        "meetings:first_date",
        POST,
        "network",
        "offer times",
        HIDDEN,
        TIMES,
        facilitator=DOES,
        **all_of(NOT_ALLOWED, *OTHERS),
    ),
    row("meetings:first_date", GET, "team", "times for a team", HIDDEN),
    row(
        "meetings:fit",
        POST,
        "possible time",
        "say that a time fits",
        HIDDEN,
        **all_of(DOES, *IN_NETWORK),
    ),
    row(
        "meetings:choose_date",
        POST,
        "possible time",
        "make a time the first meeting",
        HIDDEN,
        facilitator=DOES,
        **all_of(NOT_ALLOWED, *OTHERS),
    ),
    row(
        "meetings:drop_dates",
        POST,
        "network",
        "drop the times that were offered",
        HIDDEN,
        facilitator=DOES,
        **all_of(NOT_ALLOWED, *OTHERS),
    ),
]
