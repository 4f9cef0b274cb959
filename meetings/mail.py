"""The words of each mail: gets loaded objects, renders, decides nothing.

No confidential text leaves by mail: about a network group's content a mail says only that there
is news.
"""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from meetings import calendar_part
from meetings.models import DateSearch, Invitation, Meeting, ParkedItem, Sparring, TenMinutes
from meetings.models.invitation import STANDING
from notifications import unsubscribe
from notifications.kinds import CHOSEN, Message

PLACE, LINK = 2, 4  # places in what the ledger keeps of a meeting


def invited(delivery, invitation: Invitation) -> Message:
    now, group = timezone.now(), invitation.series.group
    return _message(
        "invited",
        delivery,
        group,
        calendar=None if invitation.by_feed else calendar_part.invitation(invitation, now),
        url=_link(invitation.series.get_absolute_url()),
        series=invitation.series,
        meetings=invitation.coming(now),
        instead=invitation.knew_the_last,
        words=group.opening_words if group.is_team and not invitation.knew_the_last else "",
        answers_to=invitation.series.planned_by,
    )


def changed(delivery, invitation: Invitation) -> Message:
    now, series = timezone.now(), invitation.series
    changes = [Change(meeting, told) for meeting, told in invitation.difference(now)]
    rest = [change for change in changes if change.rest]
    others = [change for change in changes if not change.rest]
    successor = getattr(series, "successor", None)
    if invitation.ended_at:
        name, others = "rests" if invitation.place_rests else "left", changes
    elif rest:
        name = "goes_on" if successor else "ended"
    else:
        name = "elsewhere" if all_elsewhere(changes) else "changed"
    by_itself = invitation.by_feed or series.in_calendar_already
    return _message(
        name,
        delivery,
        series.group,
        calendar=None if by_itself else calendar_part.change(invitation, now),
        in_calendar=not by_itself,
        url=_link((successor if name == "goes_on" else series).get_absolute_url()),
        series=series,
        changes=others,
        rest=rest,
        first=changes[0],
        following=_coming(successor, now) if successor else [],
        answers_to=series.planned_by,
    )


def all_elsewhere(changes: list["Change"]) -> bool:
    """Several meetings, all of them from the same place to the same: said once."""
    if changes[0].elsewhere is None:
        return False
    return len(changes) > 1 and {change.elsewhere for change in changes} == {changes[0].elsewhere}


def _coming(series, now: datetime) -> list[Meeting]:
    found = [one for one in series.meetings.all() if one.ends_at > now and not one.is_cancelled]
    return sorted(found, key=lambda meeting: meeting.starts_at)


def opening(delivery, meeting: Meeting) -> Message:
    url = _link(reverse("meetings:detail", args=[meeting.pk]) + "?ask=1")
    return _about(meeting, "opening", delivery, url=url, chosen=True)


def agenda(delivery, meeting: Meeting) -> Message:
    shown = meeting.items.on_agenda() if meeting.group.is_team else []
    return _about(meeting, "agenda", delivery, url=_page(meeting), items=shown)


def reminder(delivery, meeting: Meeting) -> Message:
    return _about(meeting, "reminder", delivery, url=_page(meeting))


def minutes(delivery, meeting: Meeting) -> Message:
    """What was agreed and nothing else; of a network group only that there is news."""
    agreed = meeting.commitments.standing().in_order() if meeting.group.is_team else []
    return _message(
        "minutes",
        delivery,
        meeting.group,
        url=f"{_page(meeting)}#agreed",
        meeting=meeting,
        agreed=agreed,
        chosen=True,
    )


def parked(delivery, item: ParkedItem) -> Message:
    """The owner's own words about operations, to one colleague; an answer goes to the owner."""
    url = _page(item.meeting) if item.meeting else _link(item.group.get_absolute_url())
    return _message(
        "parked", delivery, item.group, url=url, item=item, owner=item.owner, answers_to=item.owner
    )


def ten_minutes(delivery, asked: TenMinutes) -> Message:
    """Not who asks: that stands behind the link, where only the group sees it."""
    url = _link(reverse("meetings:ten_minutes", args=[asked.group_id]))
    return _message("ten_minutes", delivery, asked.group, url=url)


def notes_going(delivery, sparring: Sparring) -> Message:
    url = _link(reverse("meetings:notes", args=[sparring.pk]))
    return _message(
        "notes_going", delivery, sparring.group, url=url, sparring=sparring, chosen=True
    )


def heartbeat(delivery, concern) -> Message:
    """Neither what was said nor who: only what the group lacks."""
    group = concern.group
    concerns = group.concerns.standing().of_the_group().in_order()
    url = _link(group.get_absolute_url())
    return _message("heartbeat", delivery, group, url=url, concerns=list(concerns), chosen=True)


def begins_again(delivery, pause) -> Message:
    url = _link(reverse("meetings:new_series", args=[pause.group_id]))
    return _message("begins_again", delivery, pause.group, url=url, pause=pause, chosen=True)


def dates_offered(delivery, search: DateSearch) -> Message:
    url = _link(search.get_absolute_url())
    return _message("dates_offered", delivery, search.group, url=url)


def _about(meeting: Meeting, name: str, delivery, **context) -> Message:
    """Each mail about a meeting leads to where one says whether one comes; an answer to the mail
    itself goes to the host.
    """
    return _message(
        name,
        delivery,
        meeting.group,
        meeting=meeting,
        answer_url=f"{_page(meeting)}#answers",
        answers_to=meeting.host,
        **context,
    )


class Change:
    """One meeting that stands otherwise than it was told, in words for the templates."""

    def __init__(self, meeting: Meeting, told: list | None):
        self.meeting = meeting
        self.new = told is None or not told[STANDING]
        self.cancelled = meeting.is_cancelled
        self.rest = meeting.went_with_the_rest
        self.reason = meeting.cancellation.reason if self.cancelled else ""
        self.was = datetime.fromisoformat(told[0]) if told else None
        self.moved = not self.new and not self.cancelled and self.was != meeting.starts_at
        where, link = (told[PLACE], told[LINK]) if told else ("", "")
        self.was_where = where if where != meeting.where else ""
        self.link = meeting.series.link if link != meeting.series.link else ""

    @property
    def elsewhere(self) -> tuple | None:
        """From where to where and with which new link, if nothing else has changed."""
        if self.new or self.cancelled or self.moved:
            return None
        return self.was_where, self.meeting.where, self.link


def _message(
    name: str, delivery, group, *, url, calendar=None, chosen=False, answers_to=None, **context
) -> Message:
    """A chosen one has a line that stands for it in a digest, and a way to stop such mails.

    `answers_to` is the person whom an answer to the mail itself reaches.
    """
    context |= {
        "to": delivery.recipient,
        "group": group,
        "organisation": group.organisation,
        "url": url,
    }
    if chosen:
        context["unsubscribe_url"] = unsubscribe.link(delivery.recipient_id, CHOSEN)
    with timezone.override(group.organisation.zone):
        subject, text, html, line = (
            render_to_string(f"emails/meetings/{name}.{part}", context) if part else ""
            for part in ("subject.txt", "txt", "html", "line.txt" if chosen else "")
        )
    return Message(
        subject=subject.strip(),
        text=text.strip() + "\n",
        html=html,
        reply_to=answers_to.mail_to if answers_to else "",
        calendar=calendar,
        line=line.strip(),
        url=url,
    )


def _page(meeting: Meeting) -> str:
    return _link(meeting.get_absolute_url())


def _link(path: str) -> str:
    return settings.SITE_URL + path
