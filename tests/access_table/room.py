"""The live room: following it, leading it."""

from tests.access_table.words import GET, HIDDEN, SEES, row

ROOM = [
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
