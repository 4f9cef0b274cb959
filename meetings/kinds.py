"""The kinds of message that meetings send, and when each is still true."""

from django.db.models import Prefetch
from django.utils import timezone

from meetings import mail
from meetings.models import Invitation, Meeting
from notifications import kinds


def register() -> None:
    meetings, invitations = Meeting.objects.for_page, _invitations
    for name, preference, still_true, message, subjects, sent in [
        ("meetings.invited", kinds.MUST_REACH, _to_invite, _invited, invitations, _told),
        ("meetings.changed", kinds.MUST_REACH, _has_changed, _changed, invitations, _told),
        ("meetings.opening", kinds.CHOSEN, _is_open, mail.opening, meetings, None),
        ("meetings.agenda", kinds.MUST_REACH, _is_set, mail.agenda, meetings, None),
        ("meetings.reminder", kinds.MUST_REACH, _is_set, mail.reminder, meetings, None),
    ]:
        kinds.register(
            name,
            preference=preference,
            still_true=still_true,
            message=message,
            subjects=subjects,
            sent=sent,
        )


def _invitations():
    """With the meetings read once, so that what a mail says and what the ledger keeps are the same;
    and with the ledger held, so that two workers can't tell one person the same.
    """
    meetings = Prefetch("series__meetings", Meeting.objects.select_related("cancellation"))
    return (
        Invitation.objects.select_related(
            "entry", "user", "series__group__organisation", "series__group__senior_manager"
        )
        .prefetch_related(meetings)
        .select_for_update(of=("entry",), no_key=True)
    )


def _to_invite(delivery, invitation: Invitation) -> bool | str:
    if reason := _not_for(invitation):
        return reason
    if invitation.entry.sequence:
        return "told"
    return bool(invitation.coming(timezone.now())) or "past"


def _has_changed(delivery, invitation: Invitation) -> bool | str:
    if reason := _not_for(invitation):
        return reason
    if not invitation.entry.sequence:
        return "not told yet"
    return bool(invitation.difference(timezone.now())) or "no difference"


def _not_for(invitation: Invitation) -> str:
    if invitation.ended_at:
        return "left"
    return "rehearsal" if invitation.series.group.rehearses else ""


def _is_open(delivery, meeting: Meeting) -> bool | str:
    if reason := _not_meant(delivery, meeting):
        return reason
    return meeting.is_open or "closed"


def _is_set(delivery, meeting: Meeting) -> bool | str:
    if reason := _not_meant(delivery, meeting):
        return reason
    return meeting.status == Meeting.Status.SET or "open again"


def _not_meant(delivery, meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return "cancelled"
    if delivery.version != meeting.version_of(delivery.kind):
        return "moved"
    if meeting.starts_at <= timezone.now():
        return "past"
    if meeting.group.rehearses:
        return "rehearsal"
    invited = Invitation.objects.standing().filter(
        series=meeting.series_id, user=delivery.recipient_id
    )
    return "" if invited.exists() else "left"


def _invited(delivery, invitation: Invitation):
    return mail.invited(delivery, invitation, invitation.coming(timezone.now()))


def _changed(delivery, invitation: Invitation):
    return mail.changed(delivery, invitation, invitation.difference(timezone.now()))


def _told(delivery, invitation: Invitation) -> None:
    invitation.entry.tell(invitation.as_it_stands())
