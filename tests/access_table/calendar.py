"""One's meetings in one's own calendar."""

from tests.access_table.words import (
    DOES,
    GET,
    HIDDEN,
    NOT_ALLOWED,
    POST,
    SEES,
    row,
)

CALENDAR = [
    row(
        "meetings:calendar",
        GET,
        "",
        "how one's meetings come into one's calendar",
        SEES,
        superuser=NOT_ALLOWED,
    ),
    row("meetings:feeds", POST, "", "make a feed of one's own", DOES, superuser=NOT_ALLOWED),
    row("meetings:end_feed", POST, "feed", "end somebody's feed", HIDDEN, member=DOES),
    row(
        "meetings:feed",
        GET,
        "feed token",
        "the dates of whoever gave away the address of their feed",
        SEES,
        anonymous=SEES,
    ),
]
