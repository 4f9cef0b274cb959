import re
import uuid
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Aggregate, Count, F, Max, Q
from django.db.models.functions import Extract
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.doorbell import ring

KEPT = timedelta(days=90)

# What a mail server answers (RFC 5321, RFC 3463): its code, and mostly what that is about.
ANSWER = re.compile(r"(?P<code>[45]\d\d)(?:[ -]+\d\.(?P<detail>\d\.\d+))?")
REASONS = {
    "1.1": _("Nobody has that address."),
    "1.2": _("Nobody has that address."),
    "1.10": _("Nobody has that address."),
    "2.1": _("The mailbox is closed."),
    "2.2": _("The mailbox is full."),
    "552": _("The mailbox is full."),
}
REFUSED = _("Their mail system would not take it. The people who run it can say why.")


def new_message_id() -> str:
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "pejling.invalid"
    return f"<{uuid.uuid4()}@{domain}>"


class Percentile(Aggregate):
    template = "PERCENTILE_CONT(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.FloatField()


class DeliveryQuerySet(models.QuerySet):
    def plan(self, kind: str, subject, *, version: str, to, due_at, push: bool = False) -> None:
        """Write one row a recipient, once: call it inside the transaction of the fact.

        A skipped row that is planned again becomes due again. With `push`, whoever has a row of
        this kind waiting gets no other: it is moved to `due_at`, whatever its version, so that
        several edits in a row end in one message. What is on its way already isn't waiting.
        """
        people = [getattr(person, "pk", person) for person in to]
        rows = [(subject.pk, person, version) for person in people]
        self.plan_each(kind, type(subject), rows, due_at=due_at, push=push)

    def plan_each(self, kind: str, model, rows, *, due_at, push: bool = False) -> None:
        """As `plan`, for many subjects at once: `rows` are (subject key, person, version)."""
        subject_type = ContentType.objects.get_for_model(model)
        of_kind = self.filter(kind=kind, subject_type=subject_type)
        if push:
            waiting = of_kind._push({(subject, person) for subject, person, _ in rows}, due_at)
            rows = [row for row in rows if row[:2] not in waiting]
        # In order, so that two who plan the same at once wait for each other and don't deadlock.
        rows = sorted(set(rows))
        self.bulk_create(
            [
                Delivery(
                    kind=kind,
                    subject_type=subject_type,
                    subject_id=subject,
                    version=version,
                    recipient_id=person,
                    due_at=due_at,
                )
                for subject, person, version in rows
            ],
            ignore_conflicts=True,
            batch_size=2000,
        )
        for version in {row[2] for row in rows}:
            of_kind.filter(
                version=version,
                subject_id__in={row[0] for row in rows if row[2] == version},
                recipient__in={row[1] for row in rows if row[2] == version},
                state=Delivery.State.SKIPPED,
            ).update(
                state=Delivery.State.DUE,
                due_at=due_at,
                held_until=None,
                skip_reason="",
                attempts=0,
            )

    def _push(self, pairs: set[tuple[int, int]], due_at) -> set[tuple[int, int]]:
        """Move what waits for these pairs of subject and person; answers whose that was."""
        rows = self.filter(
            subject_id__in={subject for subject, _ in pairs},
            recipient__in={person for _, person in pairs},
            state=Delivery.State.DUE,
        ).select_for_update()
        found = rows.order_by("pk").values_list("pk", "subject_id", "recipient_id")
        waiting = [row for row in found if row[1:] in pairs]
        self.model.objects.filter(pk__in=[row[0] for row in waiting]).update(
            due_at=due_at, attempts=0
        )
        return {row[1:] for row in waiting}

    def after_rehearsal(self, now) -> None:
        """Due once more what a rehearsal held back. What isn't true any more isn't sent."""
        spared = self.filter(state=Delivery.State.SKIPPED, skip_reason="rehearsal")
        with transaction.atomic():
            if spared.update(state=Delivery.State.DUE, due_at=now, skip_reason="", attempts=0):
                ring()

    def about(self, subject) -> models.QuerySet:
        return self.filter(
            subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk
        )

    def to_judge(self, kind: kinds.Kind) -> models.QuerySet:
        """With whom it is for, and what the kind wants to know of each."""
        return self.select_related("recipient__organisation").annotate(**kind.asks())

    def of_digest(self, person: int, now) -> models.QuerySet:
        """What waited for this person's digest, and its time has come."""
        return self.filter(
            recipient=person,
            kind__in=kinds.of_class(kinds.CHOSEN),
            state__in=[Delivery.State.DUE, Delivery.State.CLAIMED],
            held_until__lte=now,
        )

    def failed(self) -> models.QuerySet:
        return self.filter(state=Delivery.State.FAILED).order_by("-due_at", "pk")

    def send_again(self) -> int:
        """Due once more what could not be delivered, with the same Message-ID, if still true."""
        with transaction.atomic():
            ring()
            return self.failed().update(
                state=Delivery.State.DUE,
                due_at=timezone.now(),
                held_until=None,
                attempts=0,
                last_error="",
                created_at=timezone.now(),  # tried as long as the first time
            )

    def due(self, now) -> models.QuerySet:
        return self.filter(state=Delivery.State.DUE, due_at__lte=now)

    def forgotten(self, now) -> models.QuerySet:
        """Claimed by a worker that never came back."""
        return self.filter(state=Delivery.State.CLAIMED, leased_until__lt=now)

    def dwelt(self, since) -> dict:
        """How long what was sent since then lay here after it was due, in seconds."""
        waited = Extract(F("sent_at") - F("due_at"), "epoch")
        return self.filter(state=Delivery.State.SENT, sent_at__gte=since).aggregate(
            count=Count("pk"),
            median=Percentile(waited, part=0.5, default=0),
            p99=Percentile(waited, part=0.99, default=0),
            longest=Max(waited, default=0),
        )

    def worn_out(self, now) -> models.QuerySet:
        return self.filter(due_at__lt=now - KEPT).exclude(
            state__in=[Delivery.State.DUE, Delivery.State.CLAIMED]
        )


class Delivery(models.Model):
    """One message to one person through one channel."""

    UNWANTED = "preference"  # skip reason: this person turned such messages off

    class State(models.TextChoices):
        DUE = "due", _("waiting")
        CLAIMED = "claimed", _("on its way")
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("no longer needed")
        FAILED = "failed", _("could not be delivered")

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")

    kind = models.CharField(max_length=60)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    version = models.CharField(max_length=60)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.MAIL)

    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, editable=False)  # the digest it goes out in
    state = models.CharField(max_length=10, choices=State, default=State.DUE)
    claim = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    skip_reason = models.CharField(max_length=40, blank=True)
    message_id = models.CharField(max_length=200, default=new_message_id, unique=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "version", "recipient", "channel"],
                name="one_delivery_per_person_and_version",
            ),
            models.CheckConstraint(
                condition=Q(state="claimed", claim__isnull=False, leased_until__isnull=False)
                | ~Q(state="claimed"),
                name="claimed_means_leased",
            ),
        ]
        indexes = [
            # In the order they are claimed in: thousands are due at the same moment.
            models.Index(F("due_at"), F("id"), condition=Q(state="due"), name="delivery_first"),
            models.Index(F("leased_until"), condition=Q(state="claimed"), name="delivery_leased"),
            models.Index(F("sent_at"), condition=Q(state="sent"), name="delivery_sent"),
            models.Index(fields=["kind", "state"], name="delivery_kind_and_state"),
            models.Index(fields=["recipient", "-due_at"], name="delivery_recipient"),
        ]

    def __str__(self):
        return f"{self.kind} {self.version} to {self.recipient_id}: {self.state}"

    @property
    def what(self) -> str:
        """The kind in words, never what the message says."""
        return kinds.words_for(self.kind)

    @property
    def why(self) -> str:
        """Why it could not be delivered, for who isn't at home in mail servers."""
        answer = ANSWER.match(self.last_error)
        if not answer:
            return _("Something went wrong here with us, not with the address.")
        if answer["code"].startswith("4"):
            return _("Their mail system asked us to wait, for four days.")
        return REASONS.get(answer["detail"]) or REASONS.get(answer["code"]) or REFUSED
