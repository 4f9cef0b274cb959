from collections import defaultdict
from copy import copy
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import connection, models, transaction
from django.db.models import F, ProtectedError, RestrictedError
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from networks import calendar, starter


def valid_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ValidationError(_("This time zone is not known.")) from error


class Organisation(models.Model):
    """The tenant: a municipality or another public organisation."""

    name = models.CharField(max_length=120)
    timezone = models.CharField(
        max_length=60, default="Europe/Copenhagen", validators=[valid_timezone]
    )
    begun_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("Until “we begin” is said, nothing but sign-in codes is sent to leaders."),
    )
    keeps_hours = models.BooleanField(
        default=True, help_text=_("Chosen mails only on working days between 7 and 17.")
    )
    elsewhere = models.TextField(
        blank=True, help_text=_("Where to go with what can't be said in a meeting.")
    )
    # Fewer taps than this are shown to nobody. It may be raised, never lowered below five.
    least_taps = models.PositiveSmallIntegerField(
        _("taps before a figure is shown"), default=5, validators=[MinValueValidator(5)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="one_organisation_per_name"),
            models.CheckConstraint(
                condition=models.Q(least_taps__gte=5),
                name="five_taps_at_least",
                violation_error_message=_("Fewer than five would show what somebody tapped."),
            ),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def found(cls, name: str, **values) -> "Organisation":
        """A new organisation, in rehearsal, with the five lines to start from."""
        organisation = cls.objects.create(name=name, **values)
        organisation.agree()
        return organisation

    def agree(self) -> None:
        """Give it the first version of the five lines, unless it has one."""
        self.agreements.get_or_create(
            version=1, defaults={"lines_da": starter.LINES_DA, "lines_en": starter.LINES_EN}
        )

    def reword_agreement(self, lines_da: list[str], lines_en: list[str]):
        """A new version of the five lines, which everybody is asked about. The same is the same."""
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=self.pk)
            last = self.agreements.order_by("-version").first()
            if (last.lines_da, last.lines_en) == (lines_da, lines_en):
                return last
            return self.agreements.create(
                version=last.version + 1, lines_da=lines_da, lines_en=lines_en
            )

    def begin(self, at=None) -> None:
        """End the rehearsal. What would have been sent and is still true is sent now."""
        self.begun_at = self.begun_at or at or timezone.now()
        self.save(update_fields=["begun_at"])

    def keep_the_rule(self) -> None:
        """Who stands above whom has changed here and there: all network groups are looked at."""
        from networks.models.membership import Membership

        Membership.objects.filter(group__organisation=self).keep_the_rule()

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def at(self, day: date, clock: time) -> datetime:
        """That time of day in the organisation's own zone: 09:00 stays 09:00 all year."""
        return datetime.combine(day, clock, tzinfo=self.zone)

    @cached_property
    def closing_periods(self) -> list["ClosingPeriod"]:
        return list(self.closings.order_by("starts_on", "pk"))

    def close(self, name: str, starts_on: date, ends_on: date) -> "ClosingPeriod":
        """Hold no meetings on those days. Nothing that is planned already changes by this.

        The same days closed twice are closed once.
        """
        return self.closings.get_or_create(
            starts_on=starts_on, ends_on=ends_on, defaults={"name": name}
        )[0]

    def without(self, period: "ClosingPeriod") -> "Organisation":
        """This organisation as if it weren't closed then: to see what would come back."""
        other = copy(self)
        other.closing_periods = [one for one in self.closing_periods if one.pk != period.pk]
        return other

    def might_close(self, today: date) -> list[calendar.Away]:
        """What is usual in the year to come and isn't closed yet. One winter break is enough."""
        usual = calendar.usually_away(today, today + timedelta(days=400))
        taken = [away for away in usual if self._is_closed_for(away)]
        return [
            away
            for away in usual
            if not any(one == away or one.is_the_other_week_of(away) for one in taken)
        ]

    def _is_closed_for(self, away: calendar.Away) -> bool:
        """A single day that is closed doesn't make the week that it falls in closed."""
        return any(
            period.starts_on <= away.ends_on
            and away.starts_on <= period.ends_on
            and (away.is_a_day or period.starts_on < period.ends_on)
            for period in self.closing_periods
        )

    def closed_because(self, day: date) -> str:
        """The public holiday or closing week that `day` falls in, "" on an ordinary day."""
        if holiday := calendar.public_holiday(day):
            return holiday
        for period in self.closing_periods:
            if period.starts_on <= day <= period.ends_on:
                return period.name
        return ""

    def away_because(self, day: date) -> str:
        """As `closed_because`, and the days on which most people are away all the same."""
        return self.closed_because(day) or calendar.day_away(day)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5 and not calendar.public_holiday(day)

    def working_day_before(self, day: date) -> date:
        day -= timedelta(days=1)
        while not self.is_working_day(day) or self.closed_because(day):
            day -= timedelta(days=1)
        return day

    def mail_hour(self, now: datetime) -> datetime:
        """`now` if mail that isn't urgent may go out, else the next working day at 7."""
        local = now.astimezone(self.zone)
        if not self.keeps_hours:
            return now
        if self.is_working_day(local.date()) and 7 <= local.hour < 17:
            return now
        day = local.date() if local.hour < 7 else local.date() + timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return self.at(day, time(7))

    def next_at(self, hour: int, now: datetime) -> datetime:
        """The next time after `now` that it is that hour here, on a working day."""
        day = self.local_date(now)
        while self.at(day, time(hour)) <= now or (
            self.keeps_hours and not self.is_working_day(day)
        ):
            day += timedelta(days=1)
        return self.at(day, time(hour))


class ClosingPeriod(models.Model):
    """Days on which the organisation holds no meetings, such as the winter break."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="closings")
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=F("starts_on")),
                name="closing_ends_after_it_starts",
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "starts_on", "ends_on"],
                name="closed_once",
                violation_error_message=_("You are closed on these days already."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def days(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the last of the last."""
        first = self.organisation.at(self.starts_on, time.min)
        return first, self.organisation.at(self.ends_on, time.max)


BELOW = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM networks_unit WHERE id = %s
    UNION
    SELECT unit.id FROM below JOIN networks_unit unit ON unit.parent_id = below.id
)
SELECT id FROM below
"""

ABOVE = """
WITH RECURSIVE above(id, parent_id) AS (
    SELECT id, parent_id FROM networks_unit WHERE id = %s
    UNION
    SELECT unit.id, unit.parent_id
    FROM above JOIN networks_unit unit ON unit.id = above.parent_id
)
SELECT id FROM above
"""


HEADED = """
WITH RECURSIVE headed(id) AS (
    SELECT id FROM networks_unit WHERE head_id = %s
    UNION
    SELECT unit.id FROM headed JOIN networks_unit unit ON unit.parent_id = headed.id
)
SELECT id FROM headed
"""


class UnitQuerySet(models.QuerySet):
    def above(self, unit: int | None):
        """That unit and all it lies in; none where there is no unit."""
        return self.filter(pk__in=RawSQL(ABOVE, [unit]))

    def headed_by(self, user):
        """What this person heads, and all that lies below it."""
        return self.filter(pk__in=RawSQL(HEADED, [user.pk]))

    def with_units_below(self):
        """Areas and administrations: what others lie in."""
        return self.filter(pk__in=self.model.objects.exclude(parent=None).values("parent"))

    def in_tree(self, organisation: int) -> list[tuple["Unit", int]]:
        """Every unit with its depth, each below what it lies under, by name."""
        below, found = defaultdict(list), []
        for unit in self.filter(organisation=organisation).order_by("name", "pk"):
            below[unit.parent_id].append(unit)
        ahead = [(unit, 0) for unit in reversed(below[None])]
        while ahead:
            unit, depth = ahead.pop()
            found.append((unit, depth))
            ahead += [(child, depth + 1) for child in reversed(below[unit.pk])]
        return found

    def as_tree(self, organisation: int) -> list["Unit"]:
        """Those at the top, each with `inside`, a list of the same, and how many people it has."""
        active = models.Q(people__left_at=None, people__is_active=True)
        counted = self.select_related("head").annotate(size=models.Count("people", filter=active))
        top, last = [], {}
        for unit, depth in counted.in_tree(organisation):
            unit.inside, last[depth] = [], unit
            (last[depth - 1].inside if depth else top).append(unit)
        return top


class Unit(models.Model):
    """A place in the tree: administration, area, workplace."""

    class Kind(models.TextChoices):
        ADMINISTRATION = "administration", _("administration")
        AREA = "area", _("area")
        WORKPLACE = "workplace", _("workplace")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.WORKPLACE)
    name = models.CharField(_("name"), max_length=120)
    head = models.ForeignKey(
        "networks.User", models.PROTECT, null=True, blank=True, related_name="heads"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=F("id")), name="unit_is_not_its_own_parent"
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("networks:unit", args=[self.pk])

    def move(self, parent: "Unit | None") -> None:
        """Raises ValidationError where a unit would lie inside itself."""
        with transaction.atomic():
            # the whole tree is looked at, so two moves at once must not cross
            Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)
            if parent and parent.pk in self.with_all_below():
                raise ValidationError(
                    _("%(parent)s lies inside %(unit)s.") % {"parent": parent, "unit": self}
                    if parent.pk != self.pk
                    else _("A unit can’t lie inside itself.")
                )
            self.parent = parent
            self.save(update_fields=["parent"])
            self._keep_the_rule()

    def appoint(self, head) -> None:
        """Who heads it stands above everybody in it and below it."""
        with transaction.atomic():
            self.head = head
            self.save(update_fields=["head"])
            self._keep_the_rule()

    def _keep_the_rule(self) -> None:
        from networks.models.membership import Membership

        Membership.objects.filter(user__unit__in=self.with_all_below()).keep_the_rule()

    def remove(self) -> None:
        """Raises ValidationError unless it is empty."""
        try:
            with transaction.atomic():
                self.delete()
        except (ProtectedError, RestrictedError) as error:
            raise ValidationError(
                _("Something still belongs here: people, units below it, a group or guideposts.")
            ) from error

    def with_all_below(self) -> list[int]:
        """Keys of this unit and of everything below it."""
        with connection.cursor() as cursor:
            cursor.execute(BELOW, [self.pk])
            return [key for (key,) in cursor.fetchall()]
