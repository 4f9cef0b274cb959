from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from meetings.models.format import Format
from networks.models import Group, Membership

LONGEST = timedelta(days=366)
GAP = timedelta(days=28)  # a gap that is pointed out (domain.md section 6.6)
FRAME = 35  # minutes of a meeting that aren't questions: check-in, since last, parked, agree, out
LEAST = 10  # minutes a question needs
GOES_ON = ["interval_days", "time", "minutes", "place", "link", "has_agenda", "format"]


def eight() -> clock:
    return clock(8)


def nine() -> clock:
    return clock(9)


@dataclass(frozen=True)
class Occurrence:
    """One date of a season's rhythm. `skipped` says why nobody meets that day, else ""."""

    starts_at: datetime
    skipped: str = ""
    gap: bool = False


def end_of_half_year(day: date) -> date:
    """30 June or 31 December, the one after if less than six weeks are left."""
    ends = [date(day.year, 6, 30), date(day.year, 12, 31), date(day.year + 1, 6, 30)]
    return next(end for end in ends if end - day >= timedelta(weeks=6))


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The plan of dates: participants, and whoever plans it. It holds no content."""
        groups = Group.objects.of(user) | Group.objects.schedulable_by(user)
        return self.filter(group__in=groups.values("pk"))

    def schedulable_by(self, user):
        return self.filter(group__in=Group.objects.schedulable_by(user).values("pk"))

    def current(self, today: date):
        return self.filter(ends_on__gte=today)

    def out_of_step(self):
        """Seasons in which somebody stands in the group uninvited, or is invited from outside."""
        from meetings.models.invitation import Invitation

        active = Membership.objects.standing().filter(user__left_at=None, user__is_active=True)
        invited = Invitation.objects.standing().filter(
            series=OuterRef(OuterRef("pk")), user=OuterRef("user")
        )
        uninvited = active.filter(~Exists(invited), group=OuterRef("group"))
        stands = active.filter(group=OuterRef(OuterRef("group")), user=OuterRef("user"))
        above = Q(user=F("series__group__senior_manager"))
        outside = Invitation.objects.standing().filter(~Exists(stands), series=OuterRef("pk"))
        outside = outside.filter(Q(series__group__kind=Group.Kind.NETWORK) | ~above)
        senior = Invitation.objects.standing().filter(above, series=OuterRef("pk"))
        return self.filter(
            Exists(uninvited) | Exists(outside) | Q(group__kind=Group.Kind.TEAM) & ~Exists(senior)
        ).select_related("group__organisation")


class Series(models.Model):
    """One season of a group's rhythm: every so many days, from the first date to the last.

    Never odd or even weeks: 2026 has a week 53 (domain.md section 6.6). A date that falls on a
    public holiday or in a closing week is skipped; the others keep their place.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="series")
    starts_on = models.DateField(_("first date"))
    ends_on = models.DateField(_("last date"))
    interval_days = models.PositiveSmallIntegerField(
        _("days between"), default=14, validators=[MinValueValidator(7), MaxValueValidator(92)]
    )
    time = models.TimeField(_("time"), default=nine)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=90, validators=[MinValueValidator(45), MaxValueValidator(480)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("video link"), max_length=500, blank=True)
    has_agenda = models.BooleanField(_("the participants build an agenda"), default=True)
    opens_days_before = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    opens_at = models.TimeField(default=eight)
    closes_at = models.TimeField(default=eight)
    in_calendar_already = models.BooleanField(
        _("already in our calendar"), default=False, help_text=_("Agenda mails, no invitations.")
    )
    format = models.ForeignKey(
        Format, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none is the usual one
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    planned_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="season_ends_after_it_starts",
                violation_error_message=_("The last date is before the first."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__lte=F("starts_on") + LONGEST),
                name="season_of_at_most_a_year",
                violation_error_message=_("A season is at most twelve months long."),
            ),
            models.UniqueConstraint(
                fields=["group", "starts_on", "time"],
                name="one_season_per_first_date",
                violation_error_message=_("These meetings are planned already."),
            ),
            models.CheckConstraint(
                condition=~Q(place="", link=""),
                name="a_place_or_a_link",
                violation_error_message=_("Where do you meet? Write a place or a link."),
            ),
        ]

    def __str__(self):
        return f"{self.group}, {self.starts_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("meetings:series", args=[self.pk])

    @property
    def uid(self) -> str:
        """The calendar's name for this season (RFC 5545 section 3.8.4.7)."""
        return f"season-{self.pk}@{settings.ORGANIZER_EMAIL.rpartition('@')[2]}"

    @property
    def minutes_for_questions(self) -> int:
        return max(self.minutes - FRAME, LEAST)

    @property
    def whole_weeks(self) -> int:
        """The rhythm in weeks, 0 where it isn't one of weeks."""
        return 0 if self.interval_days % 7 else self.interval_days // 7

    # ---- dates

    def clean(self):
        wrong = {}
        if not self.place and not self.link:
            wrong["place"] = _("Where do you meet? Write a place or a link.")
        if self.starts_on and (words := self._why_not_then()):
            wrong["starts_on"] = words
        if wrong:
            raise ValidationError(wrong)

    def _why_not_then(self) -> str:
        today = timezone.localdate()
        if self.starts_on < today:
            return _("That day has passed.")
        if self.starts_on > today + LONGEST:
            return _("That is more than a year ahead.")
        self.ends_on = self.ends_on or end_of_half_year(self.starts_on)
        return self._what_is_in_the_way()

    def _what_is_in_the_way(self) -> str:
        if other := self._in_the_way():
            words = _("A season runs until %(day)s already. Begin after it.")
            return words % {"day": date_format(other.ends_on, "DATE_FORMAT")}
        return ""

    def _in_the_way(self) -> "Series | None":
        """Another season of the group that shares a day with this one."""
        others = Series.objects.filter(group=self.group).exclude(pk=self.pk)
        return (
            others.filter(starts_on__lte=self.ends_on, ends_on__gte=self.starts_on)
            .exclude(starts_on=self.starts_on, time=self.time)  # itself, sent twice
            .first()
        )

    def dates(self) -> list[Occurrence]:
        """Every date of the rhythm, those that are skipped with the reason."""
        found, last, day = [], None, self.starts_on
        organisation = self.group.organisation
        until = self.ends_on or end_of_half_year(day)
        while day <= until:
            skipped = organisation.closed_because(day)
            gap = not skipped and last is not None and day - last >= self.long_break
            found.append(Occurrence(organisation.at(day, self.time), skipped, gap))
            last = last if skipped else day
            day += timedelta(days=self.interval_days)
        return found

    @property
    def long_break(self) -> timedelta:
        return max(GAP, timedelta(days=self.interval_days + 1))

    def closes_before(self, starts_at: datetime) -> datetime:
        """When the agenda of a meeting at `starts_at` closes: the working day before."""
        organisation = self.group.organisation
        day = organisation.working_day_before(organisation.local_date(starts_at))
        return organisation.at(day, self.closes_at)

    def opens_before(self, starts_at: datetime) -> datetime:
        organisation = self.group.organisation
        day = organisation.local_date(starts_at) - timedelta(days=self.opens_days_before)
        return min(organisation.at(day, self.opens_at), self.closes_before(starts_at))

    # ---- verbs

    @classmethod
    def first_thought(cls, group: Group, by) -> "Series":
        """An unsaved season with what is right most days: the group's rhythm and place go on."""
        team = group.kind == Group.Kind.TEAM
        thought = cls(group=group, planned_by=by, interval_days=14 if team else 35)
        thought.minutes, thought.has_agenda = (90, True) if team else (120, False)
        if last := group.series.order_by("-starts_on").first():
            for name in (
                "interval_days",
                "time",
                "minutes",
                "place",
                "link",
                "has_agenda",
                "format",
            ):
                setattr(thought, name, getattr(last, name))
            thought.starts_on = last.next_in_rhythm(timezone.localdate())
        return thought

    def next_in_rhythm(self, today: date) -> date:
        """The first day after this season, and to come, that keeps its rhythm."""
        day = self.starts_on
        while day <= max(self.ends_on, today):
            day += timedelta(days=self.interval_days)
        return day

    def settle(self, at=None) -> "Series":
        """Save this season and plan it. The same season sent twice is one season.

        Raises ValidationError if somebody else was quicker with a season at the same time.
        """
        with transaction.atomic():
            Group.objects.select_for_update().get(pk=self.group_id)
            same = Series.objects.filter(
                group=self.group, starts_on=self.starts_on, time=self.time
            ).first()
            if same:
                return same
            if words := self._what_is_in_the_way():
                raise ValidationError({"starts_on": words})
            self.save()
            self.plan(at=at)
        return self

    def plan(self, at=None) -> list:
        """Create the meetings that are missing, and the invitations. Idempotent.

        Never earlier than what is planned already: a date before the last planned meeting that
        was left out stays out.
        """
        from meetings.models.meeting import Meeting

        at = at or timezone.now()
        with transaction.atomic():
            Series.objects.select_for_update().get(pk=self.pk)
            last = self.meetings.aggregate(last=models.Max("original_start"))["last"]
            meetings = [
                Meeting.of(self, date.starts_at)
                for date in self.dates()
                if not date.skipped and date.starts_at > max(at, last or at)
            ]
            Meeting.objects.bulk_create(meetings, ignore_conflicts=True)
            self.invite(at=at)
        return meetings

    def renew(self, by, at=None) -> None:
        """Say yes, for this season, to process and dialogue, not operations. Once is enough."""
        self.renewals.get_or_create(by=by, defaults={"at": at or timezone.now()})

    def invite(self, at=None) -> None:
        """Bring the invitations in step with who stands in the group. Idempotent."""
        from meetings.models.invitation import Invitation

        Invitation.objects.in_step([self], at=at or timezone.now())
