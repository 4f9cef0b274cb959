"""The outbox: claims what is due, asks once more whether it is still true, sends it once.

The guarantee: one row; at least one attempt; a second copy only if the process dies between the
mail server's yes and our commit, and then with the same Message-ID.
"""

import logging
import smtplib
import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.db import transaction
from django.utils import timezone, translation

from notifications import kinds
from notifications.models import Delivery

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=2)  # longer than the mail server's timeout (30 s, settings.MAILERS)
PAUSES = [timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240)]
GIVE_UP = timedelta(days=4)


class ConnectionLost(Exception):
    """The mail server is away: nothing is wrong with this message or its address."""


def deliver_due() -> int:
    """Send everything that is due now; answers how many messages went out."""
    sweep()
    sent = 0
    while batch := claim():
        sent += send_batch(batch)
    return sent


def sweep() -> None:
    """Free what a dead worker had claimed, drop what is older than 90 days."""
    now = timezone.now()
    Delivery.objects.forgotten(now).update(state=Delivery.State.DUE, claim=None, leased_until=None)
    Delivery.objects.worn_out(now).delete()


def claim() -> list[Delivery]:
    now, token = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        rows = Delivery.objects.due(now).order_by("due_at", "pk").values_list("pk", flat=True)
        keys = list(rows.select_for_update(skip_locked=True)[:BATCH])
        Delivery.objects.filter(pk__in=keys).update(
            state=Delivery.State.CLAIMED, claim=token, leased_until=now + LEASE
        )
    return list(Delivery.objects.filter(claim=token, state=Delivery.State.CLAIMED).order_by("pk"))


def send_batch(batch: list[Delivery]) -> int:
    """One connection for the batch, one commit per message."""
    post, sent = mailers["default"], 0
    try:
        for delivery in batch:
            try:
                sent += send_one(delivery, post)
            except ConnectionLost as error:
                put_back(batch, error.__cause__)
                break
    finally:
        close(post)
    return sent


def send_one(delivery: Delivery, post) -> bool:
    try:
        with transaction.atomic():
            return _send_claimed(delivery, post)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        refused(delivery, code, text)
    except smtplib.SMTPServerDisconnected as error:
        raise ConnectionLost from error
    except smtplib.SMTPResponseException as error:
        # Only these two speak of this one message; greeting and sign-in concern all of them.
        if not isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
            raise ConnectionLost from error
        refused(delivery, error.smtp_code, error.smtp_error)
    except OSError as error:
        raise ConnectionLost from error
    except Exception as error:  # a bug in one message must not hold up the others
        logger.exception("could not make %s", delivery)
        try_later(delivery, f"{type(error).__name__}: {error}")
    return False


def _send_claimed(delivery: Delivery, post) -> bool:
    row = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("recipient__organisation")
        .filter(pk=delivery.pk, claim=delivery.claim, state=Delivery.State.CLAIMED)
        .first()
    )
    if row is None:
        return False
    kind, now = kinds.get(row.kind), timezone.now()
    subject = kind.subjects().filter(pk=row.subject_id).first()
    verdict = "gone" if subject is None else kind.still_true(row, subject)
    if verdict is not True:
        return _skip(row, verdict)
    may_at = row.recipient.may_receive_at(now, must_reach=kind.preference == kinds.MUST_REACH)
    if may_at is None or not row.recipient.mail_to:
        return _skip(row, "rehearsal" if row.recipient.mail_to else "left")
    if may_at > now:
        return _release(row, state=Delivery.State.DUE, due_at=may_at)
    with translation.override(row.recipient.language):
        message = kind.message(row, subject)
    if kind.sent:
        kind.sent(row, subject)
    _release(row, state=Delivery.State.SENT, sent_at=now, last_error="")
    post.open()  # once a batch: an open connection stays open
    post.send_messages([as_mail(row, message)])
    return True


def _skip(row: Delivery, reason: str) -> bool:
    return _release(row, state=Delivery.State.SKIPPED, skip_reason=reason)


def _release(row: Delivery, **values) -> bool:
    Delivery.objects.filter(pk=row.pk).update(claim=None, leased_until=None, **values)
    return False


def as_mail(delivery: Delivery, message: kinds.Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=" ".join(message.subject.split()),
        body=message.text,
        from_email=settings.MAIL_FROM,
        to=[delivery.recipient.mail_to],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": delivery.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(message.html, "text/html")
    return mail


def refused(delivery: Delivery, code: int, text) -> None:
    words = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code >= 500:
        _release(delivery, state=Delivery.State.FAILED, last_error=words)
    else:
        try_later(delivery, words)


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
    """The server is away: what this batch still holds waits a minute, whatever its place in it."""
    logger.warning("the mail server is away: %s", error)
    mine = Delivery.objects.filter(claim=batch[0].claim, state=Delivery.State.CLAIMED)
    for delivery in mine:
        try_later(delivery, f"{type(error).__name__}: {error}")


def close(post) -> None:
    try:
        post.close()
    except (OSError, smtplib.SMTPException):
        logger.info("the mail server had hung up already")
