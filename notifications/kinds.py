"""The registry of kinds of message. Higher apps register theirs in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from notifications.icalendar import Message as CalendarPart

MUST_REACH = "must_reach"  # can't be turned off, keeps no hours
CHOSEN = "chosen"  # at once, in the digest, or off; on working days between 7 and 17


@dataclass(frozen=True)
class Message:
    """The words of one mail. `html` is the same message as `text`, never more.

    In a digest `subject`, `line` (one sentence) and `url` stand for it.
    """

    subject: str
    text: str
    html: str
    reply_to: str = ""
    calendar: CalendarPart | None = None
    line: str = ""
    url: str = ""


def _nobody(delivery, subject) -> bool:
    return False


@dataclass(frozen=True)
class Kind:
    name: str
    preference: str
    still_true: Callable[[Any, Model], bool | str]
    message: Callable[[Any, Model], Message]
    subjects: Callable[[], QuerySet]
    words: Any = ""
    asks: Callable[[], dict[str, Any]] = dict
    rests_on: Callable[[], Any] | None = field(default=None)
    apart: Callable[[Any, Model], bool] = _nobody
    before: Callable[[Any, Model], None] | None = field(default=None)
    sent: Callable[[Any, Model], None] | None = field(default=None)


_kinds: dict[str, Kind] = {}


def register(
    name,
    *,
    preference,
    still_true,
    message,
    subjects,
    words="",
    asks=dict,
    rests_on=None,
    apart=_nobody,
    before=None,
    sent=None,
) -> None:
    """Make a kind of message known.

    `still_true(delivery, subject)` answers True, or in one word why the message must not go out
    any more ("moved", "left"): that word becomes the skip reason.
    `message(delivery, subject)` answers a `Message` in the recipient's language, which is active.
    `subjects()` is the queryset a subject is fetched from just before it is sent.
    `asks()` are expressions about the delivery's row that `still_true` reads as its attributes, so
    that it need not ask the database for each message.
    `rests_on()` is an expression of `ahead.versions` over all the rows that `still_true` and
    `message` read. A kind that has one is made ready for many at a time: its words may differ from
    person to person by the first name and the way out only. Whoever gets other words is told
    `apart(delivery, subject)`.
    `words` name the kind to the secretariat, which never sees what a message says.
    `before(delivery, subject)` is committed before the message is made, so that what it reserves
    (a SEQUENCE) is never used twice, even if the process dies while it sends.
    `sent(delivery, subject)` is called in the transaction that marks the row as sent.
    """
    if before and preference == CHOSEN:
        raise ValueError(f"{name} may go out in a digest, which reserves nothing")
    if rests_on and (before or sent):
        raise ValueError(f"{name} keeps a ledger, which is done for one at a time")
    _kinds[name] = Kind(
        name, preference, still_true, message, subjects, words, asks, rests_on, apart, before, sent
    )


def get(name: str) -> Kind:
    return _kinds[name]


def words_for(name: str):
    """Also of a kind that no longer exists, of which rows may be left."""
    return _kinds[name].words if name in _kinds else ""


def of_class(preference: str) -> list[str]:
    return [kind.name for kind in _kinds.values() if kind.preference == preference]
