"""Who is host of a meeting: by whose turn it is, and anyone may pass."""

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from meetings.models.answer import Answer
from meetings.models.meeting import Meeting
from meetings.models.trace import Trace
from networks.models import Membership


class Hosting:
    """The host of one meeting. Never the senior manager, who has no membership."""

    def __init__(self, meeting: Meeting):
        self.meeting = meeting

    # ---- verbs

    def offer(self) -> None:
        """To whoever has waited longest among those who come and haven't passed. Idempotent."""
        turn = self.in_turn().first()
        self._set(turn.user if turn else None)

    def keep_or_offer(self) -> None:
        """A host who stays away, has left or was never chosen is replaced."""
        host = self.meeting.host_id
        if host is None or not self.in_turn().filter(user=host).exists():
            self.offer()

    def find(self) -> None:
        """Offer where there is nobody, and wait for whoever takes it at this moment."""
        with transaction.atomic():
            self.meeting._lock()
            self.keep_or_offer()

    def pass_on(self, by, at=None) -> bool:
        """Not this time. False if somebody else is host by now."""
        with transaction.atomic():
            self.meeting._lock()
            if self.meeting.host_id != by.pk:
                return False
            self._trace(by, Trace.What.PASSED, at)
            self.offer()
        return True

    def take(self, by, at=None) -> bool:
        """Be host where nobody is. False if somebody was quicker, or for the senior manager."""
        with transaction.atomic():
            self.meeting._lock()
            if self.meeting.host_id == by.pk:
                return True
            if self.meeting.host_id or not self.may_be(by):
                return False
            self._trace(by, Trace.What.TOOK, at)
            self._set(by)
        return True

    def _set(self, host) -> None:
        self.meeting.host = host
        self.meeting.save(update_fields=["host"])

    def _trace(self, by, what: str, at=None) -> None:
        Trace.objects.create(meeting=self.meeting, by=by, what=what, at=at or timezone.now())

    # ---- questions

    def may_be(self, user) -> bool:
        return self._members().filter(user=user).exists()

    def in_turn(self):
        """Memberships, whoever has been host longest ago first, those never first of all."""
        away = Answer.objects.staying_away().filter(meeting=self.meeting).values("user")
        passed = Trace.objects.filter(meeting=self.meeting, what=Trace.What.PASSED).values("by")
        hosted = Q(user__hosted__series__group=self.meeting.group) & ~Q(
            user__hosted=self.meeting.pk
        )
        stands = hosted & ~Q(user__hosted__status=Meeting.Status.CANCELLED)
        return (
            self._members()
            .exclude(user__in=away)
            .exclude(user__in=passed)
            .annotate(last=Max("user__hosted__starts_at", filter=stands))
            .order_by(F("last").asc(nulls_first=True), "joined_at", "pk")
            .select_related("user")
        )

    def _members(self):
        return Membership.objects.standing().filter(
            group=self.meeting.group, user__left_at=None, user__is_active=True
        )
