"""Nobody decides anything on a Sunday, or while the house is closed."""

from datetime import datetime, timedelta

from networks.models import Organisation


def at_work(organisation: Organisation, at: datetime) -> datetime:
    """That moment, or at the same hour on the last working day before it."""
    day = organisation.local_date(at)
    before = organisation.working_day_before(day + timedelta(days=1))
    return at - (day - before)
