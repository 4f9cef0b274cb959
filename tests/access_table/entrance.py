"""Signing in, ways out of mails, health."""

from tests.access_table.words import (
    DOES,
    GET,
    POST,
    SEES,
    SIGN_IN,
    row,
)

ENTRANCE = [
    row("account_login", GET, "", "sign in", DOES, anonymous=SEES),
    row("account_request_login_code", GET, "", "ask for a code", DOES, anonymous=SEES),
    row("account_confirm_login_code", GET, "", "type the code", DOES, anonymous=SIGN_IN),
    row("account_logout", GET, "", "sign out", SEES, anonymous=DOES),
    row("account_logout", POST, "", "sign out", DOES, anonymous=DOES),
    row("account_signup", GET, "", "one comes by invitation", DOES, anonymous=SEES),
    row("account_inactive", GET, "", "an address no longer in use", SEES, anonymous=SEES),
    row(
        "set_language",
        POST,
        "",
        "choose the language of the sign-in page",
        DOES,
        {"language": "en"},
        anonymous=DOES,
    ),
    *[
        row(
            "notifications:unsubscribe",
            method,
            "way out of mails",
            "stop mails by the link in one of them, without signing in",
            gets,
            anonymous=gets,
        )
        for method, gets in ((GET, SEES), (POST, DOES))
    ],
    row("healthz", GET, "", "alive", SEES, anonymous=SEES),
    row("readyz", GET, "", "ready", SEES, anonymous=SEES),
    row("metrics", GET, "", "figures about the installation", SEES, anonymous=SEES),
]
