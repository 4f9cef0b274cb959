"""The calendar part of a mail about a course day. Private, since calendars are often open to
colleagues, and who goes through a coach education is nobody's business but one's own.
"""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from notifications import icalendar
from wellbeing.models import DayInvitation


def course_day(invitation: DayInvitation, now: datetime) -> icalendar.Message:
    """As it stands, or that it doesn't any more."""
    day, programme = invitation.day, invitation.day.cohort.programme
    url = settings.SITE_URL + programme.get_absolute_url()
    guidepost = day.guidepost and _("Guidepost: “%(guidepost)s”") % {"guidepost": day.guidepost}
    once = icalendar.Occurrence(
        day.starts_at, day.starts_at, day.ends_at, day.place, standing=invitation.stands
    )
    season = icalendar.Season(
        uid=day.uid,
        title=f"{programme}, {day.cohort}",
        zone=programme.organisation.zone,
        organizer=settings.ORGANIZER_EMAIL,
        attendee=invitation.person.email,
        interval_days=0,
        minutes=int((day.ends_at - day.starts_at).total_seconds() // 60),
        occurrences=(once,),
        place=day.place,
        description="\n".join(filter(None, [guidepost, url])),
        url=url,
        private=True,
        language=invitation.person.language,
    )
    return icalendar.request(season, invitation.entry.sequence, now)
