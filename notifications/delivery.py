"""The outbox: claims what is due, asks once more whether it is still true, sends it once.

The guarantee: one row; at least one attempt; a second copy only if the process dies between the
mail server's yes and our commit, and then with the same Message-ID.
"""

import logging
import smtplib
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import mailers
from django.db import transaction
from django.utils import timezone, translation

from notifications import ahead, digest, kinds, unsubscribe
from notifications.letter import Mail
from notifications.models import Delivery, Preference

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=2)  # longer than the mail server's timeout (30 s, settings.MAILERS)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240)]
GIVE_UP = timedelta(days=4)
HANGING_UP = 421  # RFC 5321 section 3.8: the server closes the connection, whatever was said


class ServerAway(Exception):
    """The mail server doesn't answer: nothing is wrong with this message or its address."""


class LineBroken(ServerAway):
    """It hung up on this message, which may be why and so must not be the first to go next time."""


class Refused(Exception):
    """It won't take this one message or its address; `code` and `words` are the server's."""

    def __init__(self, code: int, text: bytes | str):
        words = text.decode(errors="replace") if isinstance(text, bytes) else text
        super().__init__(code, words)
        self.code, self.words = code, f"{code} {words}"


def deliver_due() -> int:
    """Send everything that is due now; answers how many messages went out.

    Ends when the mail server goes away: beat rings again within the minute.
    """
    sweep()
    sent, there = 0, True
    while there and (batch := claim()):
        went_out, there = send_batch(batch)
        sent += went_out
    return sent


def sweep() -> None:
    """Free what a dead worker had claimed."""
    with transaction.atomic():
        # A locked row is in somebody's hands at this moment, however slow the mail server is.
        rows = Delivery.objects.forgotten(timezone.now()).select_for_update(skip_locked=True)
        keys = list(rows.values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=keys).update(
            state=Delivery.State.DUE, claim=None, leased_until=None
        )


def tidy() -> None:
    """Drop what is older than 90 days."""
    Delivery.objects.worn_out(timezone.now()).delete()


def claim() -> list[Delivery]:
    now, token = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        rows = Delivery.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
        keys = list(rows.select_for_update(skip_locked=True)[:BATCH])
        Delivery.objects.filter(pk__in=keys).update(
            state=Delivery.State.CLAIMED, claim=token, leased_until=now + LEASE
        )
    return list(Delivery.objects.filter(pk__in=keys, claim=token).order_by("due_at", "pk"))


def send_batch(batch: list[Delivery]) -> tuple[int, bool]:
    """One connection for the batch, one commit per message.

    Answers how many went out, and whether the mail server is still there.
    """
    post, sent = mailers["default"], 0
    ready = ahead.make_ready(batch)
    try:
        for delivery in batch:
            sent += send_one(delivery, post, ready.get(delivery.pk))
    except ServerAway as error:
        put_back(batch, error.__cause__)
        return sent, False
    finally:
        close(post)
    return sent, True


def send_one(delivery: Delivery, post, ready: ahead.Ready | None = None) -> bool:
    try:
        if ready and _send_ready(ready, delivery.claim, post):
            return True
        _prepare(delivery)
        with transaction.atomic():
            return _send_claimed(delivery, post)
    except LineBroken as error:
        try_later(delivery, _words(error.__cause__))
        raise
    except ServerAway:
        raise
    except Refused as error:
        refused(delivery, error)
    except Exception as error:  # a bug in one message must not hold up the others
        logger.exception("could not make %s", delivery)
        try_later(delivery, _words(error))
    return False


def _send_ready(ready: ahead.Ready, claim, post) -> bool:
    """False if it isn't as simple as it looked, or anything has changed: then the long way."""
    now = timezone.now()
    if not ready.may_go(now):
        return False
    mail = as_mail(ready.row, ready.message())
    with transaction.atomic():
        if not ready.confirm(claim, now):
            return False
        _hand_over(mail, post)
    return True


def _prepare(delivery: Delivery) -> None:
    """What must be committed before the message is made, for the kinds that need it."""
    kind = kinds.get(delivery.kind)
    if not kind.before:
        return
    with transaction.atomic():
        subject = kind.subjects().filter(pk=delivery.subject_id).first()
        if subject is not None and kind.still_true(delivery, subject) is True:
            kind.before(delivery, subject)


def _send_claimed(delivery: Delivery, post) -> bool:
    must_reach = kinds.get(delivery.kind).preference == kinds.MUST_REACH
    # Before the row: of two workers with messages for one digest, one sends them all.
    preference = None if must_reach else _kept_back_by(delivery)
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .to_judge(kinds.get(delivery.kind))
        .filter(pk=delivery.pk, claim=delivery.claim, state=Delivery.State.CLAIMED)
        .first()
    )
    if row is None:
        return False
    now = timezone.now()
    subject = _still_true(row)
    if subject is None:
        return False
    may_at = row.recipient.may_receive_at(now, must_reach=must_reach)
    if may_at is None or not row.recipient.mail_to:
        return _skip(row, "rehearsal" if row.recipient.mail_to else "left")
    if preference and preference.is_off:
        return _skip(row, Delivery.UNWANTED)
    if preference and (held_until := _digest_of(row, preference, now)) > now:
        return _release(row, state=Delivery.State.DUE, due_at=held_until, held_until=held_until)
    if may_at > now:
        return _release(row, state=Delivery.State.DUE, due_at=may_at)
    true = [(row, subject), *(_rest_of_digest(row, now) if preference else [])]
    with translation.override(row.recipient.language):
        mail = as_mail(row, _one_message(row.recipient, true))
    for one, about in true:
        if told := kinds.get(one.kind).sent:
            told(one, about)
        _release(one, state=Delivery.State.SENT, sent_at=now, last_error="")
    _hand_over(mail, post)
    return True


def _kept_back_by(delivery: Delivery) -> Preference | None:
    message_class = kinds.get(delivery.kind).preference
    return Preference.objects.keeping_back(delivery.recipient_id, message_class)


def _still_true(row: Delivery):
    """What the message is about, or None: then it's skipped, with the reason."""
    kind = kinds.get(row.kind)
    subject = kind.subjects().filter(pk=row.subject_id).first()
    verdict = "gone" if subject is None else kind.still_true(row, subject)
    if verdict is True:
        return subject
    _skip(row, verdict)
    return None


def _digest_of(row: Delivery, preference: Preference, now):
    """When the digest goes out that this message waits for."""
    return row.held_until or row.recipient.next_at(preference.hour, now)


def _rest_of_digest(row: Delivery, now) -> list[tuple]:
    """What waited for the same digest and is still true, whichever worker has claimed it."""
    rest = Delivery.objects.of_digest(row.recipient_id, now).exclude(pk=row.pk)
    true = []
    for name in sorted(set(rest.values_list("kind", flat=True))):
        rows = rest.filter(kind=name).to_judge(kinds.get(name))
        judged = [(one, _still_true(one)) for one in rows.select_for_update(of=("self",))]
        true += [(one, subject) for one, subject in judged if subject is not None]
    return sorted(true, key=lambda pair: pair[0].pk)


def _one_message(person, true: list[tuple]) -> kinds.Message:
    messages = [kinds.get(row.kind).message(row, subject) for row, subject in true]
    return messages[0] if len(messages) == 1 else digest.message(person, messages)


def _hand_over(mail: Mail, post) -> None:
    try:
        post.open()  # once a batch: an open connection stays open
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise ServerAway from error
    try:
        post.send_messages([mail])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        code, text = _answer(error)
        if code == HANGING_UP:
            raise LineBroken from error
        raise Refused(code, text) from error
    except OSError as error:  # also "sender refused", which isn't about this message alone
        raise LineBroken from error


def _answer(error) -> tuple[int, bytes | str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    return error.smtp_code, error.smtp_error


def _skip(row: Delivery, reason: str) -> bool:
    return _release(row, state=Delivery.State.SKIPPED, skip_reason=reason)


def _release(row: Delivery, **values) -> bool:
    Delivery.objects.filter(pk=row.pk).update(claim=None, leased_until=None, **values)
    return False


def as_mail(delivery: Delivery, message: kinds.Message) -> Mail:
    mail = Mail(
        subject=" ".join(message.subject.split()),
        body=message.text,
        from_email=settings.MAIL_FROM,
        to=[delivery.recipient.mail_to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
        }
        | _way_out(delivery),
    )
    mail.attach_alternative(message.html, "text/html")
    if message.calendar:  # last among the alternatives, where calendar programs look for it
        mail.attach_alternative(message.calendar.text, message.calendar.mimetype)
    return mail


def _way_out(delivery: Delivery) -> dict[str, str]:
    """RFC 8058: one click in the mail program, for what one can do without."""
    message_class = kinds.get(delivery.kind).preference
    if message_class == kinds.MUST_REACH:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe.link(delivery.recipient_id, message_class)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def refused(delivery: Delivery, error: Refused) -> None:
    if error.code >= 500:
        _release(delivery, state=Delivery.State.FAILED, last_error=error.words)
    else:
        try_later(delivery, error.words)


def try_later(delivery: Delivery, error: str) -> None:
    now = timezone.now()
    if now - delivery.created_at > GIVE_UP and delivery.attempts >= len(PAUSES):
        _release(delivery, state=Delivery.State.FAILED, last_error=error)
        return
    pause = PAUSES[min(delivery.attempts, len(PAUSES) - 1)]
    _release(
        delivery,
        state=Delivery.State.DUE,
        due_at=now + pause,
        attempts=delivery.attempts + 1,
        last_error=error,
    )


def put_back(batch: list[Delivery], error) -> None:
    """What this batch still holds waits a minute. That isn't its fault, so no attempt is counted
    and nothing is ever given up because the mail server was away.
    """
    logger.warning("the mail server is away: %s", error)
    Delivery.objects.filter(
        pk__in=[delivery.pk for delivery in batch],
        claim=batch[0].claim,
        state=Delivery.State.CLAIMED,
    ).update(
        state=Delivery.State.DUE,
        claim=None,
        leased_until=None,
        due_at=timezone.now() + PAUSES[0],
        last_error=_words(error),
    )


def _words(error) -> str:
    return f"{type(error).__name__}: {error}"


def close(post) -> None:
    try:
        post.close()
    except (OSError, smtplib.SMTPException):
        logger.info("the mail server had hung up already")
