"""The words of each mail about wellbeing: gets loaded objects, renders, decides nothing."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from notifications.kinds import Message
from wellbeing import calendar_part
from wellbeing.models import DayInvitation, Enrolment
from wellbeing.models.course_day import PLACE, start_of


def coach_invited(delivery, enrolment: Enrolment) -> Message:
    now = timezone.now()
    cohorts = [one for one in enrolment.programme.cohorts.all() if one.is_open(now)]
    return _message("coach_invited", delivery, enrolment.programme, cohorts=cohorts)


def coach_seat_offered(delivery, enrolment: Enrolment) -> Message:
    return _message(
        "coach_seat_offered",
        delivery,
        enrolment.programme,
        cohort=enrolment.offered,
        until=enrolment.offered_until,
    )


def course_day(delivery, invitation: DayInvitation) -> Message:
    """New, otherwise than it was told, or not to be: what it says is one of the three."""
    day, told = invitation.day, invitation.told if invitation.knows_of_it else None
    was = start_of(told) if told else None
    return _message(
        "course_day",
        delivery,
        day.cohort.programme,
        calendar=calendar_part.course_day(invitation, timezone.now()),
        day=day,
        cohort=day.cohort,
        off=not invitation.stands,
        mine=invitation.ended_at is None,
        was=was,
        moved=bool(told) and told[:PLACE] != invitation.as_it_stands()[:PLACE],
        was_until=datetime.fromisoformat(told[1]) if told else None,
        was_where=told[PLACE] if told and told[PLACE] != day.place else "",
    )


def _message(name: str, delivery, programme, *, calendar=None, **context) -> Message:
    """An answer to the mail reaches whoever started the programme."""
    organisation = programme.organisation
    context |= {
        "to": delivery.recipient,
        "programme": programme,
        "organisation": organisation,
        "url": settings.SITE_URL + programme.get_absolute_url(),
    }
    with timezone.override(organisation.zone):
        subject, text, html = (
            render_to_string(f"emails/wellbeing/{name}.{part}", context)
            for part in ("subject.txt", "txt", "html")
        )
    return Message(
        subject=subject.strip(),
        text=text.strip() + "\n",
        html=html,
        reply_to=programme.started_by.mail_to,
        calendar=calendar,
    )
