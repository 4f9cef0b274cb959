"""Finding a group's first date: the tovholder offers times, each member taps those that fit."""

from datetime import date, datetime, timedelta
from datetime import time as clock

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import notifications
from meetings.models.series import Series, end_of_half_year
from networks.models import Group, Membership
from notifications.models import Delivery

MOST = 8  # times offered
ENOUGH = 4  # members with whom a group runs
SUGGESTED = [(1, clock(9)), (3, clock(13))]  # weekday and time, in two weeks


class DateSearchQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at=None)

    def asking(self, member):
        """Open ones in which this person hasn't tapped any time yet."""
        tapped = Fit.objects.filter(time__search=OuterRef("pk"), user=member)
        return self.open().filter(~Exists(tapped))

    def asks(self, member) -> Exists:
        """For a queryset of this person's memberships."""
        return Exists(self.asking(member).filter(group=OuterRef("group")))


class DateSearch(models.Model):
    group = models.ForeignKey(Group, models.PROTECT, related_name="date_searches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=120, validators=[MinValueValidator(45), MaxValueValidator(480)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("video link"), max_length=500, blank=True)
    offered_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DateSearchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "date searches"
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(closed_at=None), name="one_date_search_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(place="", link=""),
                name="a_search_has_a_place_or_a_link",
                violation_error_message=_("Where do you meet? Write a place or a link."),
            ),
        ]

    def __str__(self):
        return f"{self.group_id}, {self.offered_at:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("meetings:first_date", args=[self.group_id])

    # ---- verbs

    def offer(self, times: list[datetime], at=None) -> "DateSearch":
        """Save it with its times and ask the members. Offering twice is offering once."""
        at = at or timezone.now()
        with transaction.atomic():
            self.group.held()
            if standing := self.group.date_searches.open().first():
                return standing
            self.offered_at = at
            self.save()
            times = sorted(set(times))[:MOST]
            PossibleTime.objects.bulk_create(
                PossibleTime(search=self, starts_at=moment) for moment in times
            )
            others = Membership.objects.standing().filter(group=self.group).exclude(user=self.by)
            due_at = self.group.organisation.mail_hour(at)
            people = others.values_list("user", flat=True)
            Delivery.objects.plan(
                "meetings.dates_offered", self, version="1", to=people, due_at=due_at
            )
            notifications.ring()
        return self

    def choose(self, possible: "PossibleTime", by, at=None) -> Series:
        """Make that time the first meeting, and plan the season from it. With enough members the
        group runs from then on. Choosing twice is choosing once.
        """
        with transaction.atomic():
            self.group.held()
            self.refresh_from_db()
            if self.series:
                return self.series
            season = self.season_from(possible.starts_at, by)
            self.series = season.settle(at=at)
            self.closed_at = at or timezone.now()
            self.save(update_fields=["series", "closed_at"])
            if self.group.status == Group.Status.FORMING and self.members >= ENOUGH:
                self.group.start()
        return self.series

    def season_from(self, starts_at: datetime, by) -> Series:
        """Raises ValidationError where that time can't be had."""
        season = Series.first_thought(self.group, by=by)
        local = starts_at.astimezone(self.group.organisation.zone)
        season.starts_on, season.time = local.date(), local.time()
        season.minutes, season.place, season.link = self.minutes, self.place, self.link
        season.ends_on = end_of_half_year(season.starts_on)
        season.full_clean()
        if starts_at <= timezone.now():
            raise ValidationError(_("That time has passed."))
        return season

    def drop(self, at=None) -> None:
        """Begin again with other times."""
        self.group.date_searches.open().filter(pk=self.pk).update(closed_at=at or timezone.now())

    # ---- questions

    @property
    def members(self) -> int:
        return self.group.memberships.standing().count()

    def times_for(self, member) -> list["PossibleTime"]:
        """The earliest first, with how many can, and whether `member` can."""
        standing = Membership.objects.standing().filter(group=self.group_id, user=OuterRef("user"))
        counted = Fit.objects.filter(Exists(standing), time=OuterRef("pk"))
        number = counted.order_by().values("time").annotate(number=Count("pk")).values("number")
        mine = Fit.objects.filter(time=OuterRef("pk"), user=member)
        return list(
            self.times.annotate(
                fitting=models.functions.Coalesce(models.Subquery(number), 0), fits_me=Exists(mine)
            ).order_by("starts_at")
        )

    @staticmethod
    def best(times: list["PossibleTime"], now) -> "PossibleTime | None":
        """Most can, then the earliest; nothing that has passed or that suits nobody."""
        coming = [one for one in times if one.starts_at > now and one.fitting]
        return max(coming, key=lambda one: one.fitting, default=None)

    @staticmethod
    def suggested(organisation, today: date) -> list[datetime]:
        """Tuesdays at nine and Thursdays at one, from two weeks ahead, on ordinary days."""
        monday = today + timedelta(days=14 - today.weekday())
        days = [
            (monday + timedelta(weeks=week, days=weekday), hour)
            for week in range(4)
            for weekday, hour in SUGGESTED
        ]
        return [
            organisation.at(day, hour) for day, hour in days if not organisation.closed_because(day)
        ][:4]


class PossibleTime(models.Model):
    search = models.ForeignKey(DateSearch, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["search", "starts_at"], name="one_time_offered_once"),
        ]

    def __str__(self):
        return f"{self.starts_at:%d.%m.%Y %H:%M}"

    def fits(self, member, wanted: bool = True) -> None:
        """One tap, and one to take it back. Idempotent; after the choice it changes nothing."""
        with transaction.atomic():
            search = DateSearch.objects.select_for_update().get(pk=self.search_id)
            if search.closed_at:
                return
            if wanted:
                Fit.objects.get_or_create(time=self, user=member)
            else:
                Fit.objects.filter(time=self, user=member).delete()


class Fit(models.Model):
    """A time that suits a member."""

    time = models.ForeignKey(PossibleTime, models.CASCADE, related_name="fitting_people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["time", "user"], name="one_fit_per_person"),
        ]

    def __str__(self):
        return f"{self.time_id}: {self.user_id}"
