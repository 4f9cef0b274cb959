from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from networks import calendar

LONGEST = timedelta(days=366)  # of a season, and how far ahead one plans
GAP = timedelta(days=28)  # a gap that is pointed out (domain.md section 6.6)
QUIET_MONTHS = (7, 12)  # in which few groups find the time


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
    away: str = ""  # a day on which most people are away all the same


def end_of_half_year(day: date) -> date:
    """30 June or 31 December, the one after if less than six weeks are left."""
    ends = [date(day.year, 6, 30), date(day.year, 12, 31), date(day.year + 1, 6, 30)]
    return next(end for end in ends if end - day >= timedelta(weeks=6))


class Rhythm(models.Model):
    """Every so many days, from the first date to the last, and when an agenda opens and closes.

    Whatever has a rhythm knows its `group`, whose organisation says when it is closed.
    """

    starts_on = models.DateField(_("first date"))
    ends_on = models.DateField(_("last date"))
    interval_days = models.PositiveSmallIntegerField(
        _("days between"), default=14, validators=[MinValueValidator(7), MaxValueValidator(92)]
    )
    time = models.TimeField(_("time"), default=nine)
    rests = models.BooleanField(_("not in July and December"), default=False)
    opens_days_before = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    opens_at = models.TimeField(default=eight)
    closes_at = models.TimeField(default=eight)

    class Meta:
        abstract = True

    @property
    def whole_weeks(self) -> int:
        """The rhythm in weeks, 0 where it isn't one of weeks."""
        return 0 if self.interval_days % 7 else self.interval_days // 7

    def dates(self) -> list[Occurrence]:
        """Every date of the rhythm, those that are skipped with the reason."""
        found, last, day = [], None, self.starts_on
        organisation = self.group.organisation
        until = self.ends_on or end_of_half_year(day)
        while day <= until:
            skipped = organisation.closed_because(day) or self._rests_on(day)
            gap = not skipped and last is not None and day - last >= self.long_break
            away = "" if skipped else calendar.day_away(day)
            found.append(Occurrence(organisation.at(day, self.time), skipped, gap, away))
            last = last if skipped else day
            day += timedelta(days=self.interval_days)
        return found

    def point_out_gaps(self, meetings) -> None:
        """Mark, of this season's meetings in order, those that come after a long break."""
        last = None
        for meeting in meetings:
            day = self.group.organisation.local_date(meeting.starts_at)
            meeting.gap = not meeting.is_cancelled and last and day - last >= self.long_break
            last = last if meeting.is_cancelled else day

    def _rests_on(self, day: date) -> str:
        """Why nobody meets in that month. The first date is chosen by somebody, so it stands."""
        resting = self.rests and day.month in QUIET_MONTHS and day != self.starts_on
        return _("the group rests in July and December") if resting else ""

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

    def next_in_rhythm(self, today: date) -> date:
        """The first day after this season, and to come, that keeps its rhythm."""
        day = self.starts_on
        while day <= max(self.ends_on, today) or self._rests_on(day):
            day += timedelta(days=self.interval_days)
        return day
