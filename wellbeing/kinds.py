"""The kinds of message that wellbeing sends, and when each is still true."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from wellbeing import mail
from wellbeing.models import Cohort, CourseDay, DayInvitation, Enrolment
from wellbeing.models.coach import INVITED, OFFERED
from wellbeing.models.course_day import DAY


def register() -> None:
    # None of them can be turned off: each waits for an answer, or is an entry in a calendar.
    for name, words, still_true, message in [
        (INVITED, _("a coach education to find a cohort in"), _is_invited, mail.coach_invited),
        (OFFERED, _("a seat that came free"), _is_offered, mail.coach_seat_offered),
    ]:
        kinds.register(
            name,
            words=words,
            preference=kinds.MUST_REACH,
            still_true=still_true,
            message=message,
            subjects=_enrolments,
        )
    kinds.register(
        DayInvitation.KIND,
        words=_("a course day"),
        preference=kinds.MUST_REACH,
        still_true=_is_to_tell,
        message=mail.course_day,
        subjects=DayInvitation.objects.for_mail,
        before=_reserve,
        sent=_told,
    )


def _enrolments():
    days = Prefetch("offered__days", CourseDay.objects.standing().in_order())
    beside = "programme__decision__organisation", "programme__started_by", "leader", "offered"
    cohorts = Prefetch("programme__cohorts", Cohort.objects.with_days())
    return Enrolment.objects.select_related(*beside).prefetch_related(days, cohorts)


def _is_invited(delivery, enrolment: Enrolment) -> bool | str:
    if enrolment.state != Enrolment.State.INVITED:
        return "answered"
    if enrolment.programme.is_withdrawn:
        return "withdrawn"
    return True if enrolment.programme.organisation.begun_at else "rehearsal"


def _is_offered(delivery, enrolment: Enrolment) -> bool | str:
    if enrolment.offered is None or enrolment.offered_until <= timezone.now():
        return "over"
    if enrolment.programme.is_withdrawn:
        return "withdrawn"
    return True if enrolment.programme.organisation.begun_at else "rehearsal"


def _is_to_tell(delivery, invitation: DayInvitation) -> bool | str:
    if not invitation.day.organisation.begun_at:
        return "rehearsal"
    return invitation.differs(timezone.now()) or "no difference"


def _reserve(delivery, invitation: DayInvitation) -> None:
    invitation.entry.reserve()


def _told(delivery, invitation: DayInvitation) -> None:
    invitation.entry.tell({DAY: invitation.as_it_stands()})
