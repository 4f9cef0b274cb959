"""The kinds of message that meetings send, and when each is still true."""

from django.db.models import Exists, OuterRef, Prefetch, Q, StringAgg, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings import mail
from meetings.models import (
    AgendaItem,
    Answer,
    Commitment,
    DateSearch,
    Feed,
    Invitation,
    Meeting,
    ParkedItem,
    Sparring,
    TenMinutes,
)
from networks.models import Concern, Membership, Pause
from notifications import kinds
from notifications.ahead import RowVersion, versions


def register() -> None:
    for name, words, still_true, message, sent in [
        ("meetings.invited", _("the season’s dates"), _to_invite, mail.invited, _told),
        (
            "meetings.invited_again",
            _("the season’s dates"),
            _to_invite_again,
            mail.invited,
            _told_again,
        ),
        ("meetings.changed", _("a change"), _has_changed, mail.changed, _told),
    ]:
        kinds.register(
            name,
            words=words,
            preference=kinds.MUST_REACH,
            still_true=still_true,
            message=message,
            subjects=_invitations,
            before=_reserve,
            sent=sent,
        )
    about_meetings = {
        "subjects": Meeting.objects.for_page,
        "asks": _who_is_meant,
        "rests_on": _what_a_meeting_rests_on,
    }
    kinds.register(
        "meetings.opening",
        words=_("what shall we talk about?"),
        preference=kinds.CHOSEN,
        still_true=_is_open,
        message=mail.opening,
        **about_meetings,
    )
    kinds.register(
        "meetings.agenda",
        words=_("the agenda"),
        preference=kinds.MUST_REACH,
        still_true=_is_set,
        message=mail.agenda,
        apart=_is_host,
        **about_meetings,
    )
    kinds.register(
        "meetings.reminder",
        words=_("a reminder"),
        preference=kinds.MUST_REACH,
        still_true=_is_set,
        message=mail.reminder,
        **about_meetings,
    )
    kinds.register(
        "meetings.parked",
        words=_("something about operations"),
        preference=kinds.MUST_REACH,
        still_true=_is_forwarded,
        message=mail.parked,
        subjects=_parked,
    )
    kinds.register(
        "meetings.minutes",
        words=_("what was agreed"),
        preference=kinds.CHOSEN,
        still_true=_has_minutes,
        message=mail.minutes,
        subjects=Meeting.objects.for_page,
    )
    kinds.register(
        "meetings.ten_minutes",
        words=_("do you have ten minutes?"),
        preference=kinds.MUST_REACH,
        still_true=_asks_for_ten_minutes,
        message=mail.ten_minutes,
        subjects=TenMinutes.objects.with_people,
    )
    kinds.register(
        "meetings.notes_going",
        words=_("notes that are deleted in a week"),
        preference=kinds.CHOSEN,
        still_true=_are_going,
        message=mail.notes_going,
        subjects=Sparring.objects.for_page,
    )
    kinds.register(
        "meetings.heartbeat",
        words=_("your group asks for a hand"),
        preference=kinds.CHOSEN,
        still_true=_asks_for_care,
        message=mail.heartbeat,
        subjects=_concerns,
    )
    kinds.register(
        "meetings.begins_again",
        words=_("your group begins again"),
        preference=kinds.CHOSEN,
        still_true=_begins_again,
        message=mail.begins_again,
        subjects=_pauses,
    )
    kinds.register(
        "meetings.dates_offered",
        words=_("which times fit?"),
        preference=kinds.MUST_REACH,
        still_true=_asks_for_dates,
        message=mail.dates_offered,
        subjects=_date_searches,
    )


def _invitations():
    """With the meetings read once, so that what a mail says and what the ledger keeps are the same;
    and with the ledger held, so that two workers can't tell one person the same.
    """
    with_why = Meeting.objects.select_related("cancellation")
    meetings = Prefetch("series__meetings", with_why)
    going_on = Prefetch("series__successor__meetings", with_why)
    holds = Q(group=None) | Q(group=OuterRef("series__group"))
    feeds = Feed.objects.standing().filter(holds, person=OuterRef("user"))
    resting = Membership.objects.resting().filter(
        group=OuterRef("series__group"), user=OuterRef("user")
    )
    told_of_the_last = Invitation.objects.filter(
        series=OuterRef("series__continues"), user=OuterRef("user"), entry__told_sequence__gt=0
    )
    return (
        Invitation.objects.select_related(
            "entry",
            "user",
            "series__group__organisation",
            "series__group__senior_manager",
            "series__planned_by",
            "series__successor",
        )
        .annotate(
            by_feed=Exists(feeds),
            knew_the_last=Exists(told_of_the_last),
            place_rests=Exists(resting),
        )
        .prefetch_related(meetings, going_on)
        .select_for_update(of=("entry",), no_key=True)
    )


def _concerns():
    return Concern.objects.select_related("group__organisation")


def _asks_for_care(delivery, concern: Concern) -> bool | str:
    """As long as anything does, and to who still holds the rope, or might take it."""
    if concern.group.rehearses:
        return "rehearsal"
    if not concern.group.concerns.standing().of_the_group().exists():
        return "well again"
    mine = concern.group.memberships.standing().filter(user=delivery.recipient_id)
    if concern.kind != Concern.Kind.NO_ROPE:
        mine = mine.filter(role=Membership.Role.FACILITATOR)
    return mine.exists() or "left"


def _pauses():
    return Pause.objects.select_related("group__organisation")


def _begins_again(delivery, pause: Pause) -> bool | str:
    if pause.ended_at:
        return "over"
    if pause.group.rehearses:
        return "rehearsal"
    tending = pause.group.memberships.standing().tending()
    return tending.filter(user=delivery.recipient_id).exists() or "left"


def _date_searches():
    return DateSearch.objects.select_related("group__organisation")


def _asks_for_dates(delivery, search: DateSearch) -> bool | str:
    if search.group.rehearses:
        return "rehearsal"
    if not DateSearch.objects.asking(delivery.recipient_id).filter(pk=search.pk).exists():
        return "answered"
    member = search.group.memberships.standing().filter(user=delivery.recipient_id)
    return member.exists() or "left"


def _to_invite(delivery, invitation: Invitation) -> bool | str:
    if invitation.ended_at:
        return "left"
    if invitation.series.group.rehearses:
        return "rehearsal"
    if invitation.entry.was_told:
        return "told"
    return bool(invitation.coming(timezone.now())) or "past"


def _to_invite_again(delivery, invitation: Invitation) -> bool | str:
    """Who had the feed and wants invitations again, of what they have been told in words."""
    if invitation.ended_at:
        return "left"
    if invitation.series.group.rehearses:
        return "rehearsal"
    if invitation.by_feed:
        return "feed"
    if not invitation.entry.was_told:
        return "not told yet"
    return bool(invitation.coming(timezone.now())) or "past"


def _has_changed(delivery, invitation: Invitation) -> bool | str:
    if invitation.series.group.rehearses:
        return "rehearsal"
    if not invitation.entry.was_told:
        return "not told yet"
    difference = invitation.difference(timezone.now())
    if invitation.by_feed and invitation.goes_on_with(difference):
        return "said with the new dates"
    return bool(difference) or "no difference"


def _is_open(delivery, meeting: Meeting) -> bool | str:
    if reason := _not_meant(delivery, meeting):
        return reason
    return meeting.is_open or "closed"


def _is_set(delivery, meeting: Meeting) -> bool | str:
    if reason := _not_meant(delivery, meeting):
        return reason
    if meeting.status != Meeting.Status.SET:
        return "open again"
    return "not coming" if delivery.stays_away else True


def _not_meant(delivery, meeting: Meeting) -> str:
    if meeting.is_cancelled:
        return "cancelled"
    if delivery.version != meeting.version_of(delivery.kind):
        return "moved"
    if meeting.starts_at <= timezone.now():
        return "past"
    if meeting.group.rehearses:
        return "rehearsal"
    return "" if delivery.is_invited else "left"


def _who_is_meant() -> dict:
    invited = Invitation.objects.standing().filter(
        series__meetings=OuterRef("subject_id"), user=OuterRef("recipient")
    )
    away = Answer.objects.staying_away().filter(
        meeting=OuterRef("subject_id"), user=OuterRef("recipient")
    )
    return {"is_invited": Exists(invited), "stays_away": Exists(away)}


def _is_host(delivery, meeting: Meeting) -> bool:
    """Whose mail says so."""
    return meeting.host_id == delivery.recipient_id


def _what_a_meeting_rests_on():
    person = OuterRef("recipient")
    meeting = Meeting.objects.filter(pk=OuterRef("subject_id"))
    invited = Invitation.objects.filter(series__meetings=OuterRef("subject_id"), user=person)
    answered = Answer.objects.filter(meeting=OuterRef("subject_id"), user=person)
    items = AgendaItem.objects.filter(meeting=OuterRef("subject_id")).order_by().values("meeting")
    return versions(
        Subquery(
            meeting.values(
                v=versions(
                    RowVersion("starts_at"),
                    RowVersion("series__place"),
                    RowVersion("series__group__name"),
                    RowVersion("host__email"),
                )
            )
        ),
        Subquery(invited.values(v=RowVersion("created_at"))),
        Subquery(answered.values(v=RowVersion("at"))),
        Subquery(items.values(v=StringAgg(RowVersion("question"), Value(" "), order_by="pk"))),
    )


def _parked():
    return ParkedItem.objects.select_related("owner", "group__organisation", "forwarded_to")


def _is_forwarded(delivery, parked: ParkedItem) -> bool | str:
    """Until it is done or back on the agenda; only to somebody who still stands in the team."""
    if parked.closed_at:
        return "closed"
    if parked.group.rehearses:
        return "rehearsal"
    if parked.forwarded_to_id != delivery.recipient_id:
        return "taken back"
    return parked.may_go_to().filter(pk=delivery.recipient_id).exists() or "left"


def _reserve(delivery, invitation: Invitation) -> None:
    invitation.entry.reserve()


def _told(delivery, invitation: Invitation) -> None:
    invitation.entry.tell(invitation.as_it_stands(timezone.now()))


def _told_again(delivery, invitation: Invitation) -> None:
    """Into the calendar once more. What has changed since is still to be said in words."""
    invitation.entry.tell(invitation.entry.told)


def _has_minutes(delivery, meeting: Meeting) -> bool | str:
    """Until the last moment: what was agreed may have been taken off again."""
    if meeting.group.rehearses:
        return "rehearsal"
    if meeting.status != Meeting.Status.HELD:
        return "not held"
    invited = Invitation.objects.standing().filter(
        series=meeting.series_id, user=delivery.recipient_id
    )
    if not invited.exists():
        return "left"
    return Commitment.objects.standing().filter(meeting=meeting).exists() or "nothing agreed"


def _asks_for_ten_minutes(delivery, asked: TenMinutes) -> bool | str:
    if asked.group.rehearses:
        return "rehearsal"
    if not asked.is_open(timezone.now()):
        return "answered"
    members = asked.group.memberships.standing().filter(user=delivery.recipient_id)
    return members.exists() or "left"


def _are_going(delivery, sparring: Sparring) -> bool | str:
    if sparring.kept_at or not sparring.has_text:
        return "kept or gone"
    if delivery.version != sparring.version:
        return "moved"
    return "rehearsal" if sparring.group.rehearses else True
