from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from meetings import composition
from meetings.models.appointment import Appointment
from meetings.models.attendance import Attendance
from meetings.models.cancellation import Cancellation
from meetings.models.format import Format
from meetings.models.invitation import Invitation
from meetings.models.series import Series
from networks.models import Group, Membership
from notifications.models import Delivery

GRACE = timedelta(hours=1)  # after the end of a meeting under way it ends by itself
AT_ONCE = 1000  # meetings whose reminders are written in one transaction

STAYING = timedelta(hours=12)  # after its end a talk that was begun at it may still go on


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Meetings whose content is this person's own. Never the secretariat's as such."""
        return self.filter(series__group__in=Group.objects.open_to(user).values("pk"))

    def schedulable_by(self, user):
        return self.filter(series__in=Series.objects.schedulable_by(user).values("pk"))

    def standing(self):
        return self.exclude(status=Meeting.Status.CANCELLED)

    def coming(self, now):
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def next_start_of_group(self) -> Subquery:
        """For a queryset of groups: when each meets next."""
        following = self.filter(series__group=OuterRef("pk")).standing()
        return Subquery(following.coming(timezone.now()).values("starts_at")[:1])

    def building(self):
        """Meetings that take questions: the agenda is open, or not yet."""
        return self.filter(
            status__in=[Meeting.Status.PLANNED, Meeting.Status.OPEN], series__has_agenda=True
        )

    def to_open(self, now):
        return self.filter(
            status=Meeting.Status.PLANNED,
            series__has_agenda=True,
            agenda_opens_at__lte=now,
            agenda_closes_at__gt=now,
        )

    def to_set(self, now):
        return self.filter(
            status__in=[Meeting.Status.PLANNED, Meeting.Status.OPEN],
            agenda_closes_at__lte=now,
            starts_at__gt=now,
        )

    def to_end(self, now):
        """Those under way are ended from their room."""
        Status = Meeting.Status
        return self.filter(ends_at__lte=now).exclude(
            status__in=[Status.HELD, Status.CANCELLED, Status.LIVE]
        )

    def to_fall_shut(self, now):
        return self.filter(status=Meeting.Status.LIVE, room__ends_at__lte=now - GRACE)

    def without_host(self, now):
        """Those that were reminded of many at a time, whose host is found afterwards; and those
        whose host has left the group meanwhile.
        """
        coming = self.filter(starts_at__gt=now)
        reminded = coming.filter(status=Meeting.Status.SET, series__has_agenda=False, host=None)
        stands = Membership.objects.standing().filter(
            group=OuterRef("series__group"), user=OuterRef("host"), user__left_at=None
        )
        chosen = coming.filter(host__isnull=False).standing()
        return reminded | chosen.filter(~Exists(stands))

    def remind(self) -> int:
        """Set those without an agenda, at most AT_ONCE of them, and plan their reminders.

        As `Meeting.compose_agenda` does for one, for the morning on which thousands of groups
        are to be reminded. Answers how many there were; idempotent.
        """
        with transaction.atomic():
            rows = self.filter(series__has_agenda=False).select_for_update(of=("self",))
            meetings = list(rows.order_by("pk")[:AT_ONCE])
            keys = [meeting.pk for meeting in meetings]
            Meeting.objects.filter(pk__in=keys).update(status=Meeting.Status.SET)
            Meeting.objects.filter(pk__in=keys)._plan_reminders(meetings)
        return len(meetings)

    def _plan_reminders(self, meetings) -> None:
        people = Invitation.objects.standing().filter(series__meetings__in=self)
        invited = defaultdict(list)
        for meeting, user in people.values_list("series__meetings", "user_id"):
            invited[meeting].append(user)
        by_closing = defaultdict(list)
        for one in meetings:
            version = one.version_of("meetings.reminder")
            rows = [(one.pk, user, version) for user in invited[one.pk]]
            by_closing[one.agenda_closes_at] += rows
        for at, rows in by_closing.items():
            Delivery.objects.plan_each("meetings.reminder", Meeting, rows, due_at=at)
        notifications.ring()

    def call_off(self, by, why: str, reason: str = "", at=None) -> list:
        """Cancel all of these at once; answers them. Who is told, and where the questions that
        waited go, is the caller's.
        """
        found = self.standing().exclude(status__in=[Meeting.Status.LIVE, Meeting.Status.HELD])
        found = list(found.select_for_update(of=("self",)).order_by("starts_at", "pk"))
        for meeting in found:
            meeting._take_agenda_apart()
            meeting.status = Meeting.Status.CANCELLED
        Cancellation.objects.bulk_create(
            Cancellation(meeting=meeting, by=by, why=why, reason=reason, at=at or timezone.now())
            for meeting in found
        )
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in found]).update(
            status=Meeting.Status.CANCELLED
        )
        return found

    def with_coming(self):
        """How many have said that they come: the number, never who."""
        from meetings.models.answer import Answer

        coming = Answer.objects.counting().filter(meeting=OuterRef("pk"), coming=True)
        number = coming.order_by().values("meeting").values(number=Count("pk"))
        return self.annotate(
            coming_count=Coalesce(Subquery(number, output_field=IntegerField()), Value(0))
        )

    def for_page(self):
        return self.select_related(
            "series__group__organisation", "series__group__senior_manager", "host"
        )


class Meeting(Appointment, Attendance):
    """One occurrence of a season, what stands on its agenda and what comes of it."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        OPEN = "open", _("agenda open")
        SET = "set", _("agenda set")
        LIVE = "live", _("under way")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    series = models.ForeignKey(Series, models.PROTECT, related_name="meetings")
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    format = models.ForeignKey(
        Format, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none is the season's
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="hosted"
    )
    # Minutes its agenda was filled up to, as the format had them then
    for_questions = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # How many matters parked for it have been deleted since; what they were is gone
    parked_gone = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "original_start"], name="one_meeting_per_original_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(fields=["series", "starts_at"], name="meeting_of_season"),
            models.Index(
                fields=["ends_at"],
                condition=~Q(status__in=["held", "cancelled"]),
                name="meeting_to_come",
            ),
        ]

    def __str__(self):
        return f"{self.series.group} {self.starts_at:%d.%m.%Y %H:%M}"

    def get_absolute_url(self):
        return reverse("meetings:detail", args=[self.pk])

    @classmethod
    def of(cls, series: Series, starts_at: datetime) -> "Meeting":
        """An unsaved meeting of that season at that time."""
        meeting = cls(series=series, original_start=starts_at)
        meeting._stand(starts_at, timedelta(minutes=series.minutes))
        return meeting

    # ---- verbs: the agenda

    def invite_proposals(self, at=None) -> None:
        """Open the agenda and ask each participant what to talk about. Idempotent."""
        with transaction.atomic():
            self._lock()
            if self.status != Meeting.Status.PLANNED:
                return
            self.status = Meeting.Status.OPEN
            self.save(update_fields=["status"])
            self.group.items.waiting().filter(meeting=None).update(meeting=self)
            self.hosting.keep_or_offer()
            self._plan_for_all("meetings.opening", at=self.agenda_opens_at)

    def propose(
        self, question: str, by, minutes: int | None = None, guidepost=None, at=None, **extra
    ):
        """Put a question on this agenda; once it has closed, on the next. Answers the item.

        The same question from the same person while it still waits is the same item.
        """
        at = at or timezone.now()
        with transaction.atomic():
            self._lock()
            meeting = self if self.takes_questions else self.next_building()
            item, _new = self.group.items.waiting().get_or_create(
                group=self.group,
                by=by,
                question=question,
                defaults={
                    "meeting": meeting,
                    "minutes": minutes or composition.USUAL,
                    "wanted": minutes,
                    "guidepost": guidepost,
                    "proposed_at": at,
                },
            )
        return item

    def park(self, question: str, by, at=None):
        """Move operations out of the way before they reach the agenda. Answers the parked item."""
        return self.group.parked_items.get_or_create(
            owner=by,
            question=question,
            closed_at=None,
            defaults={"meeting": self, "parked_at": at or timezone.now()},
        )[0]

    def compose_agenda(self, at=None) -> None:
        """Close the agenda: fill the time, say why each question stands where it stands, carry
        the rest over once, and mail it to all. Idempotent.
        """
        with transaction.atomic():
            self._lock()
            if self.status not in (Meeting.Status.PLANNED, Meeting.Status.OPEN):
                return
            self.status = Meeting.Status.SET
            self.save(update_fields=["status"])
            self.hosting.keep_or_offer()
            if self.series.has_agenda:
                self.building.compose()
            self._plan_for_all(self.closing_kind, at=self.agenda_closes_at)

    def end(self) -> None:
        """The clock has passed its end. What wasn't on the agenda any more waits for the next."""
        with transaction.atomic():
            self._lock()
            if self.status not in (Meeting.Status.HELD, Meeting.Status.CANCELLED):
                self.status = Meeting.Status.HELD
                self.save(update_fields=["status"])
                self.hand_on_questions()

    def _plan_for_all(self, kind: str, at: datetime) -> None:
        people = Invitation.objects.standing().filter(series=self.series)
        Delivery.objects.plan(
            kind,
            self,
            version=self.version_of(kind),
            to=people.values_list("user_id", flat=True),
            due_at=at,
        )
        notifications.ring()

    def _lock(self) -> None:
        """Hold this row until the end of the transaction, as it stands now."""
        self.refresh_from_db(
            from_queryset=Meeting.objects.select_for_update(of=("self",)).for_page()
        )

    # ---- questions

    @property
    def group(self) -> Group:
        return self.series.group

    @property
    def building(self):
        """How its agenda is built."""
        from meetings.models.building import Building

        return Building(self)

    @property
    def hosting(self):
        from meetings.models.hosting import Hosting

        return Hosting(self)

    @property
    def has_its_agenda(self) -> bool:
        return self.status in (Meeting.Status.SET, Meeting.Status.LIVE)

    def is_led_by(self, user) -> bool:
        """The host leads, in the room whoever has the chair: orders, hides and parks."""
        if self.status == Meeting.Status.LIVE and (room := getattr(self, "room", None)):
            return user.pk in (self.host_id, room.chair_id)
        return self.host_id == user.pk

    @property
    def is_open(self) -> bool:
        return self.status == Meeting.Status.OPEN

    @property
    def takes_questions(self) -> bool:
        return self.series.has_agenda and self.status in (
            Meeting.Status.PLANNED,
            Meeting.Status.OPEN,
        )

    @property
    def closing_kind(self) -> str:
        return "meetings.agenda" if self.series.has_agenda else "meetings.reminder"

    def version_of(self, kind: str) -> str:
        """A moved meeting earns a new message of each kind, and the old one dies."""
        moment = self.agenda_opens_at if kind == "meetings.opening" else self.starts_at
        return str(int(moment.timestamp()))

    def next_building(self) -> "Meeting | None":
        """The group's next meeting that takes questions, after this one."""
        return (
            Meeting.objects.building()
            .filter(series__group=self.group, starts_at__gt=self.starts_at)
            .exclude(pk=self.pk)
            .order_by("starts_at", "pk")
            .first()
        )

    def may_be_talked_at(self, now: datetime) -> bool:
        """It stands and isn't long over: people stay a while."""
        return not self.is_cancelled and self.ends_at + STAYING > now

    @property
    def is_today(self) -> bool:
        """People get ready for it, sit in it, or have just left it."""
        now = timezone.now()
        soon = self.group.organisation.local_date(self.starts_at) <= (
            self.group.organisation.local_date(now)
        )
        return soon and self.may_be_talked_at(now)

    @property
    def is_next_of_group(self) -> bool:
        """What is brought to the group stands here."""
        now = timezone.now()
        if self.is_cancelled or self.ends_at <= now:
            return False
        earlier = Meeting.objects.standing().filter(series__group=self.group, ends_at__gt=now)
        return not earlier.filter(starts_at__lt=self.starts_at).exists()

    @property
    def is_first_of_group(self) -> bool:
        earlier = Meeting.objects.standing().filter(series__group=self.group)
        return not earlier.filter(starts_at__lt=self.starts_at).exists()

    def follow(self, format: Format) -> None:
        self.format = format
        self.save(update_fields=["format"])

    @property
    def followed_format(self) -> Format:
        """The timed script of this meeting: its own, else the season's, else the usual one."""
        return self.format or self.series.format or Format.objects.usual_for(self)
