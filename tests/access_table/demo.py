"""What only the demo has."""

from tests.access_table.words import (
    DOES,
    GET,
    POST,
    SEES,
    row,
)

DEMO = [
    row("demo:sign_in", POST, "persona", "be somebody in the demo", DOES, anonymous=DOES),
    row("demo:mail", GET, "", "the mails of the demo", SEES, anonymous=SEES),
    row("demo:one_mail", GET, "mail", "a mail of the demo", SEES, anonymous=SEES),
    row("demo:mail_html", GET, "mail", "a mail of the demo", SEES, anonymous=SEES),
]
