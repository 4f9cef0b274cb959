"""Pages of which there is one."""

from tests.access_table.words import (
    DOES,
    GET,
    NOT_ALLOWED,
    POST,
    SEES,
    row,
)

PAGES = [
    row("today", GET, "", "Today", SEES, superuser=DOES),
    row("networks:list", GET, "", "the network groups", SEES),
    row("networks:me", GET, "", "one's own details", SEES),
    row("networks:me", POST, "", "change one's own details", DOES, sends={"language": "da"}),
    row(
        "networks:mails",
        POST,
        "",
        "choose which mails one can do without",
        DOES,
        sends={"when": "off", "hour": "9"},
    ),
    row("wellbeing:guideposts", GET, "", "the guideposts", SEES),
    row("meetings:list", GET, "", "one's own meetings", SEES),
    row("meetings:who_sees_what", GET, "", "who sees what, and how long it is kept", SEES),
    row("office", GET, "", "the secretariat's page", NOT_ALLOWED, secretariat=SEES),
    row("rehearsal", GET, "", "what would have been sent", NOT_ALLOWED, secretariat=SEES),
    row("mails", GET, "", "which mails failed, for whom and why", NOT_ALLOWED, secretariat=SEES),
    row(
        "mail_again",
        POST,
        "team leader unreached",
        "correct somebody's address and send again",
        NOT_ALLOWED,
        {"email": "ny@example.org"},
        secretariat=DOES,
    ),
    row("networks:begin", POST, "", "begin, as an organisation", NOT_ALLOWED, secretariat=DOES),
]
