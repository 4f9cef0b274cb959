"""Public holidays of Denmark, in words, and the days and weeks when most people are away all the
same. The dates of the holidays are the `holidays` library's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext as _

A_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _holidays(year: int, language: str) -> dict[date, str]:
    return dict(holidays.Denmark(years=year, language="da" if language == "da" else "en_US"))


def public_holiday(day: date) -> str:
    """Its name in the active language, "" on other days."""
    return _holidays(day.year, get_language() or "da").get(day, "")


def day_away(day: date) -> str:
    """Its name if it is no public holiday, but most people are away; "" on other days."""
    fixed = {
        (6, 5): _("Constitution Day"),
        (12, 24): _("Christmas Eve"),
        (12, 31): _("New Year’s Eve"),
    }
    if day - A_DAY == _named("Kristi himmelfartsdag", day.year):
        return _("the Friday after Ascension Day")
    return fixed.get((day.month, day.day), "")


@dataclass(frozen=True)
class Away:
    """Days on which an organisation may want to hold no meetings."""

    name: str
    starts_on: date
    ends_on: date

    @property
    def weeks(self) -> list[int]:
        """The numbers of the weeks it falls in, first and last."""
        return sorted({self.starts_on.isocalendar().week, self.ends_on.isocalendar().week})

    @property
    def is_a_day(self) -> bool:
        return self.starts_on == self.ends_on

    def is_the_other_week_of(self, other: "Away") -> bool:
        """Week 7 or week 8: the winter break is one of them."""
        return self.name == other.name and abs(self.starts_on - other.starts_on).days == 7


def usually_away(first: date, last: date) -> list[Away]:
    """What is usual in Denmark between those days, in order: by municipality week 7 or 8."""
    found = [
        away for year in range(first.year - 1, last.year + 1) for away in _usually_away_in(year)
    ]
    return sorted(
        (one for one in found if first <= one.ends_on and one.starts_on <= last),
        key=lambda one: (one.starts_on, one.ends_on),
    )


def _usually_away_in(year: int) -> list[Away]:
    easter = _named("Påskedag", year)
    christmas = _week_of(date(year, 12, 24))  # week 51 or 52, by the year
    weeks = [
        Away(_("Winter break"), *_week(year, 7)),
        Away(_("Winter break"), *_week(year, 8)),
        Away(_("Easter week"), *_week_of(easter)),
        Away(_("Summer holiday"), _week(year, 29)[0], _week(year, 31)[1]),
        Away(_("Autumn break"), *_week(year, 42)),
        Away(_("Christmas and New Year"), christmas[0], _week_of(date(year + 1, 1, 1))[1]),
    ]
    ascension = _named("Kristi himmelfartsdag", year)
    days = [date(year, 6, 5), ascension + A_DAY, date(year, 12, 24), date(year, 12, 31)]
    return weeks + [Away(day_away(day), day, day) for day in days if day.weekday() < 5]


def _named(name: str, year: int) -> date:
    return next(day for day, called in _holidays(year, "da").items() if called == name)


def _week(year: int, number: int) -> tuple[date, date]:
    return date.fromisocalendar(year, number, 1), date.fromisocalendar(year, number, 7)


def _week_of(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
