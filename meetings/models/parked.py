from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import MD5, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from meetings.models.agenda import AgendaItem
from meetings.models.meeting import Meeting
from networks.models import Group
from notifications.models import Delivery

PATIENCE = timedelta(minutes=5)  # a wrong tap can be taken back before anybody hears of it


class ParkedItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(group__in=Group.objects.open_to(user).values("pk"))

    def owned_by(self, user):
        """What one parked oneself: nobody else reads it, they only see the number."""
        return self.visible_to(user).filter(owner=user)

    def standing(self):
        return self.filter(closed_at=None)

    def named_at(self, meeting: Meeting):
        """What stood on that meeting's agenda for all to read, and was parked: it is said once more
        who takes it along. What its owner parked before is nobody else's.
        """
        here = self.filter(meeting=meeting, item__isnull=False, item__status="parked")
        return here.select_related("owner", "forwarded_to").order_by("parked_at", "pk")


class ParkedItem(models.Model):
    """Operations: moved out of the meeting, in its owner's hand until closed."""

    class Destination(models.TextChoices):
        OPERATIONS = "operations", _("the operations meeting")
        MAIL = "mail", _("a mail")
        ONE_TO_ONE = "one_to_one", _("a talk, just the two of us")

    group = models.ForeignKey(Group, models.PROTECT, related_name="parked_items")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, null=True, blank=True, related_name="parked_items"
    )
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="parked_as"
    )
    question = models.CharField(max_length=500)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="parked")
    destination = models.CharField(
        max_length=12, choices=Destination, default=Destination.OPERATIONS
    )
    forwarded_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    forwarded_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ParkedItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "group",
                "owner",
                MD5("question"),
                condition=Q(closed_at=None),
                name="parked_once",
            ),
        ]

    def __str__(self):
        return self.question

    # ---- verbs

    def take_to(self, destination: str) -> None:
        self.destination = destination
        self.save(update_fields=["destination"])

    def forward(self, to, at=None) -> None:
        """Send it to whoever can act on it, once: the senior manager or a colleague of the team.

        It goes PATIENCE from now; what is done or back on the agenda by then isn't sent. What a
        network group talks about leaves it by no mail.
        """
        if not self.group.is_team:
            return
        at = at or timezone.now()
        with transaction.atomic():
            self.forwarded_to, self.forwarded_at = to, at
            self.save(update_fields=["forwarded_to", "forwarded_at"])
            Delivery.objects.plan(
                "meetings.parked", self, version="1", to=[to], due_at=at + PATIENCE
            )
            notifications.ring()

    def take_forward_back(self) -> None:
        """Not to them after all: before the mail has gone, it doesn't go."""
        self.forwarded_to = self.forwarded_at = None
        self.save(update_fields=["forwarded_to", "forwarded_at"])

    def close(self, at=None) -> None:
        """It has been handled. Closing twice is closing once."""
        if self.closed_at is None:
            self.closed_at = at or timezone.now()
            self.save(update_fields=["closed_at"])

    def open_again(self) -> None:
        """It wasn't done, after all. What was parked again meanwhile is enough."""
        same = self.group.parked_items.standing().filter(owner=self.owner, question=self.question)
        with transaction.atomic():
            if self.closed_at and not same.exists():
                self.closed_at = None
                self.save(update_fields=["closed_at"])

    def to_agenda(self) -> AgendaItem:
        """It was about how, after all: back as a question. Answers the item."""
        with transaction.atomic():
            question, owner, item, meeting = self.question, self.owner, self.item, self.meeting
            self.delete()
            if item and (item.bring_back() or meeting is None):
                return item
            return meeting.propose(question, by=owner)

    # ---- questions

    @staticmethod
    def as_json() -> JSONObject:
        """What a page shows of it, so that a larger query can bring it along."""
        return JSONObject(
            pk="pk",
            question="question",
            destination="destination",
            sent_to="forwarded_to__name",
            sent_at="forwarded_at",
        )

    @classmethod
    def read(cls, meeting: Meeting, owner, found: dict) -> "ParkedItem":
        item = cls(group=meeting.group, owner=owner, pk=found["pk"], question=found["question"])
        item.destination, item.sent_to = found["destination"], found["sent_to"]
        item.forwarded_at = found["sent_at"] and datetime.fromisoformat(found["sent_at"])
        return item

    @property
    def can_still_be_taken_back(self) -> bool:
        return bool(self.forwarded_at) and timezone.now() < self.forwarded_at + PATIENCE

    def may_go_to(self):
        """Whom it can be forwarded to: everybody else in the team."""
        return self.group.participants().exclude(pk=self.owner_id)


class ParkingSuggestion(models.Model):
    """The senior manager's quiet word to the owner alone: might this be operations? Once."""

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="suggestion")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    declined_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return str(self.item_id)

    def decline(self, at=None) -> None:
        """The owner keeps the question, and is asked no more."""
        self.declined_at = self.declined_at or at or timezone.now()
        self.save(update_fields=["declined_at"])
