"""Seals what one person alone may read, with keys that lie outside the database.

The first of FIELD_KEYS seals, each of them opens. A seal names the row it belongs to: what is put
into another row doesn't open there.
"""

import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """None of the keys opens it, or it was sealed for another row."""


def seal(text: str, about: str) -> str:
    return _keys().encrypt(json.dumps([about, text]).encode()).decode()


def unseal(sealed: str, about: str) -> str:
    try:
        named, text = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise Unreadable from error
    if named != about:
        raise Unreadable
    return text


def reseal(sealed: str) -> str:
    """The same text under the first key; it is nowhere readable in between."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
