"""Links that stop mails: signed, worn out after 60 days, good for that and nothing else.

They open a page with a button and sign nobody in.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

KEPT = timedelta(days=60)
NOBODY = 0  # their link is no link yet: in words made once for many it's replaced by each one's own

_signer = signing.TimestampSigner(salt="notifications.unsubscribe")


def link(person: int, message_class: str) -> str:
    return settings.SITE_URL + reverse(
        "notifications:unsubscribe", args=[token(person, message_class)]
    )


def token(person: int, message_class: str) -> str:
    if person == NOBODY:
        return "nobody"
    return _signer.sign(f"{person}-{message_class}")


def read(text: str) -> tuple[int, str]:
    """Whose link it is, and the class of messages it is about.

    Raises signing.BadSignature for a forged one, its SignatureExpired for one that is too old.
    """
    person, _, message_class = _signer.unsign(text, max_age=KEPT).partition("-")
    return int(person), message_class
