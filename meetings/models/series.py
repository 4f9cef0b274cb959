from datetime import date, datetime, timedelta

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
from meetings.models.rhythm import (
    LONGEST,
    Rhythm,
    eight,  # noqa: F401  the first migration asks for them here
    end_of_half_year,
    nine,  # noqa: F401
)
from networks.models import Group, Membership

GOES_ON = ["interval_days", "time", "minutes", "place", "link", "has_agenda", "format"]


class SeriesQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The plan of dates: participants, and whoever plans it. It holds no content."""
        groups = Group.objects.of(user) | Group.objects.schedulable_by(user)
        return self.filter(group__in=groups.values("pk"))

    def schedulable_by(self, user):
        return self.filter(group__in=Group.objects.schedulable_by(user).values("pk"))

    def current(self, today: date):
        """Not over yet: until the last day, or the last meeting where that was moved beyond it."""
        return self.filter(Q(ended_at=None, ends_on__gte=today) | Q(last_meeting_on__gte=today))

    def continued(self):
        """After which another season of the group is planned already."""
        later = Series.objects.filter(group=OuterRef("group"), starts_on__gt=OuterRef("ends_on"))
        return self.filter(Exists(later.filter(ended_at=None)))

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


class Series(Rhythm):
    """One season of a group's rhythm: every so many days, from the first date to the last.

    Never odd or even weeks: 2026 has a week 53 (domain.md section 6.6). A date that falls on a
    public holiday or in a closing week is skipped; the others keep their place.
    """

    group = models.ForeignKey(Group, models.PROTECT, related_name="series")
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=90, validators=[MinValueValidator(45), MaxValueValidator(480)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("video link"), max_length=500, blank=True)
    has_agenda = models.BooleanField(_("the participants build an agenda"), default=True)
    in_calendar_already = models.BooleanField(
        _("already in our calendar"), default=False, help_text=_("Agenda mails, no invitations.")
    )
    format = models.ForeignKey(
        Format, models.PROTECT, null=True, blank=True, related_name="+"
    )  # none is the usual one
    # The day of the last meeting that stands, where `ends_on` doesn't say it: moved, ended early
    last_meeting_on = models.DateField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)  # by hand, before its time
    continues = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, related_name="successor"
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    planned_at = models.DateTimeField(default=timezone.now, editable=False)

    instead_of = None  # of an unsaved one that is to take over: from which meeting on

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
                condition=Q(ended_at=None),
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
        other, kept = self._in_the_way(), self._kept_before()
        if kept and kept >= self.starts_on:
            words, day = _("A season runs until %(day)s already. Begin after it."), kept
        elif other is None:
            return ""
        elif other.starts_on > self.starts_on:
            words, day = _("The next season begins on %(day)s. End before it."), other.starts_on
        else:
            words, day = _("A season runs until %(day)s already. Begin after it."), other.last_day
        return words % {"day": date_format(day, "DATE_FORMAT")}

    def _kept_before(self) -> date | None:
        """The last day of what stays of the season that this one is to take over from."""
        if not self.instead_of:
            return None
        kept = self.continues.meetings.standing().filter(starts_at__lt=self.instead_of.starts_at)
        last = kept.aggregate(last=models.Max("starts_at"))["last"]
        return last and self.group.organisation.local_date(last)

    def _in_the_way(self) -> "Series | None":
        """Another season of the group that shares a day with this one."""
        others = Series.objects.filter(group=self.group, starts_on__lte=self.ends_on).exclude(
            pk=self.pk
        )
        if self.continues_id is None:  # itself, sent twice
            others = others.exclude(starts_on=self.starts_on, time=self.time, ended_at=None)
        elif not self.continues.ended_at:  # not yet: see _kept_before
            others = others.exclude(pk=self.continues_id)
        runs = Q(ended_at=None, ends_on__gte=self.starts_on)
        stays = Q(ended_at__isnull=False, last_meeting_on__gte=self.starts_on)
        return others.filter(runs | stays).order_by("starts_on").first()

    @property
    def last_day(self) -> date:
        """Of the rhythm, or of what is left of it."""
        return self.ends_on if self.ended_at is None else self.last_meeting_on or self.ends_on

    # ---- verbs

    def follow(self, format: Format) -> None:
        """Its meetings follow this format, but those that have one of their own."""
        self.format = format
        self.save(update_fields=["format"])

    @classmethod
    def first_thought(cls, group: Group, by) -> "Series":
        """An unsaved season with what is right most days: the group's rhythm and place go on."""
        team = group.kind == Group.Kind.TEAM
        thought = cls(group=group, planned_by=by, interval_days=14 if team else 35)
        thought.minutes, thought.has_agenda = (90, True) if team else (120, False)
        thought.rests = not team
        if last := group.series.order_by("-starts_on").first():
            for name in [*GOES_ON, "rests"]:
                setattr(thought, name, getattr(last, name))
            thought.starts_on = last.next_in_rhythm(timezone.localdate())
        return thought

    def settle(self, at=None, tell_at=None) -> "Series":
        """Save this season and plan it. The same season sent twice is one season.

        Raises ValidationError if somebody else was quicker with a season at the same time.
        """
        with transaction.atomic():
            self.group.hold_dates()
            same = self.group.series.filter(
                starts_on=self.starts_on, time=self.time, ended_at=None
            ).first()
            if same and not self.continues_id:
                return same
            if words := self._what_is_in_the_way():
                raise ValidationError({"starts_on": words})
            self.save()
            self.plan(at=at, tell_at=tell_at)
        return self

    def plan(self, at=None, tell_at=None) -> list:
        """Create the meetings that are missing, and the invitations. Idempotent.

        Never earlier than what is planned already: a date before the last planned meeting that
        was left out stays out.
        """
        from meetings.models.meeting import Meeting

        at = at or timezone.now()
        with transaction.atomic():
            if Series.objects.select_for_update().get(pk=self.pk).ended_at:
                return []
            last = self.meetings.aggregate(last=models.Max("original_start"))["last"]
            meetings = [
                Meeting.of(self, date.starts_at)
                for date in self.dates()
                if not date.skipped and date.starts_at > max(at, last or at)
            ]
            Meeting.objects.bulk_create(meetings, ignore_conflicts=True)
            self.invite(at=at, tell_at=tell_at)
        return meetings

    def renew(self, by, at=None) -> None:
        """Say yes, for this season, to process and dialogue, not operations. Once is enough."""
        self.renewals.get_or_create(by=by, defaults={"at": at or timezone.now()})

    def invite(self, at=None, tell_at=None) -> None:
        """Bring the invitations in step with who stands in the group. Idempotent."""
        from meetings.models.invitation import Invitation

        Invitation.objects.in_step([self], at=at or timezone.now(), tell_at=tell_at)

    def tell(self, at: datetime) -> datetime:
        """One message to each invited person who was told of this season, PATIENCE from now.

        Answers when that is.
        """
        from meetings.models.invitation import PATIENCE, Invitation

        people = Invitation.objects.standing().filter(series=self)
        people.plan_mail("meetings.changed", due_at=at + PATIENCE, push=True)
        return at + PATIENCE

    def people_told(self) -> int:
        """How many get a mail when something changes: those who were told what stands now."""
        from meetings.models.invitation import Invitation

        if self.group.rehearses:
            return 0
        told = Invitation.objects.standing().filter(series=self, entry__told_sequence__gt=0)
        return told.count()

    def note_last_day(self) -> None:
        """A meeting may stand beyond the season's end: who comes and goes is followed until then.

        What has ended early lasts until its last meeting that stands, whatever it was to be.
        """
        last = self.meetings.standing().aggregate(last=models.Max("starts_at"))["last"]
        day = last and self.group.organisation.local_date(last)
        beyond = day and (self.ended_at or day > self.ends_on)
        self.last_meeting_on = day if beyond else None
        self.save(update_fields=["last_meeting_on"])

    # ---- verbs: the whole season otherwise

    def going_on_from(self, meeting) -> "Series":
        """An unsaved season like this one that takes over at that meeting, to be changed."""
        same = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.editable and not field.primary_key
        }
        heir = Series(**same, continues=self)
        heir.group, heir.instead_of = self.group, meeting
        heir.starts_on = self.group.organisation.local_date(meeting.starts_at)
        heir.ends_on = max(self.ends_on, heir.starts_on)
        return heir

    def change_from(self, meeting, heir: "Series", by, at=None) -> "Series":
        """End this season before `meeting` and go on as `heir`; answers the season that goes on.

        Questions that waited follow to the meetings of the new one. Done twice it is done once.
        Raises ValidationError if the meeting isn't to come any more, or another season, or what is
        left of this one, is in the way.
        """
        from meetings.models.cancellation import Cancellation

        at = at or timezone.now()
        with transaction.atomic():
            self.hold()
            if successor := Series.objects.filter(continues=self).first():
                return successor
            meeting = self.meetings.get(pk=meeting.pk)
            if self.ended_at or not meeting.can_be_moved(at):
                raise ValidationError(_("This meeting can’t be moved any more."))
            heir.continues, heir.instead_of = self, meeting
            heir.planned_by, heir.planned_at = by, at
            if words := heir._what_is_in_the_way():
                raise ValidationError({"starts_on": words})
            if not any(date.starts_at > at and not date.skipped for date in heir.dates()):
                raise ValidationError(_("All its dates fall on days when nobody meets."))
            going = self._end(meeting.starts_at, by, Cancellation.Why.REST, "", at)
            heir.settle(at=at, tell_at=self.tell(at))
            heir._take_over_questions(going)
        return heir

    def end(self, by, reason: str = "", at=None) -> None:
        """Cancel all that is to come, with one mail each. Doing it twice is doing it once.

        Raises ValidationError if nothing is to come.
        """
        from meetings.models.cancellation import Cancellation

        at = at or timezone.now()
        with transaction.atomic():
            self.hold()
            if self.ended_at:
                return
            going = self._end(at, by, Cancellation.Why.REST, reason, at)
            if not going:
                raise ValidationError(_("Nothing of this season is still to come."))
            for meeting in going:
                meeting.hand_on_questions()
            self.tell(at)

    def relocate(self, place: str, link: str, by, at=None) -> None:
        """Meet elsewhere from now on. Meetings with a place of their own keep it."""
        at = at or timezone.now()
        with transaction.atomic():
            self.hold()
            self.place, self.link = place, link
            self.save(update_fields=["place", "link"])
            self.tell(at)

    def hold(self) -> None:
        """Alone with this season's dates until the end of the transaction, as they stand now."""
        self.group.hold_dates()
        fields = ["starts_on", "ends_on", "last_meeting_on", "ended_at"]
        rows = Series.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=fields, from_queryset=rows)

    def _end(self, moment: datetime, by, why: str, reason: str, at: datetime) -> list:
        """Nothing stands from that moment on. Answers the meetings that go."""
        rest = self.meetings.filter(starts_at__gte=moment, starts_at__gt=at)
        going = rest.call_off(by, why, reason, at)
        if going:
            first = min(meeting.original_start for meeting in going)
            before = self.group.organisation.local_date(first) - timedelta(days=1)
            self.ends_on = min(self.ends_on, max(self.starts_on, before))
            self.ended_at = at
            self.save(update_fields=["ends_on", "ended_at"])
            self.note_last_day()
        return going

    def _take_over_questions(self, going: list) -> None:
        """What waited for the first that goes waits for the first of this season, and so on."""
        mine = list(self.meetings.building().order_by("starts_at", "pk"))
        for place, meeting in enumerate(going):
            takes = mine[min(place, len(mine) - 1)] if mine else None
            meeting.items.waiting().update(meeting=takes)
