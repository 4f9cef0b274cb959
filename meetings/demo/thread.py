"""What happens to guideposts on the way: better words for one, sparring that touched another."""

from datetime import datetime, timedelta

from meetings.models import CaseCount
from networks.models import Organisation
from wellbeing.models import Guidepost

TALKS = 7  # in the network groups together: all that is left of them
WORDS = "Vi spørger én gang til, før vi svarer."
SIGHT = "Vores første reaktion på det, en kollega fortæller, er et spørgsmål. Den anden også."


def live_on(organisation: Organisation, now: datetime) -> None:
    standing = Guidepost.objects.filter(organisation=organisation).standing()
    on = organisation.local_date(now - timedelta(days=24))
    standing.get(theme="growth").reword(WORDS, "growth", SIGHT, on=on)
    for _ in range(TALKS):
        CaseCount.objects.one_more(organisation, standing.get(theme="support"))
