"""Public holidays of Denmark, in words. The dates are the `holidays` library's."""

from datetime import date
from functools import lru_cache

import holidays
from django.utils.translation import get_language


@lru_cache(maxsize=64)
def _holidays(year: int, language: str) -> dict[date, str]:
    return dict(holidays.Denmark(years=year, language="da" if language == "da" else "en_US"))


def public_holiday(day: date) -> str:
    """Its name in the active language, "" on other days."""
    return _holidays(day.year, get_language() or "da").get(day, "")
