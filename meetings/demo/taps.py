"""Some months of taps at check-out, so that there is something to talk about, and a trend."""

from datetime import datetime
from itertools import cycle

from meetings.models import Meeting, TapChoice, TapQuestion, TapRound
from networks.models import Group

# What is tapped, meeting by meeting: it becomes a little easier to say what one means.
TAPPED = [
    (2, 3, 2, 2, 4, 3, 1, 3, 3, 2),
    (3, 2, 3, 4, 2, 3, 2, 3),
    (4, 4, 3, 3, 5, 4, 3, 5, 3),
    (4, 3, 4, 5, 3, 5, 4),
    (4, 4, 5, 3, 5, 5, 3, 4, 4, 4, 4),
]


def tap(organisation, now: datetime) -> None:
    """A team at every third of its meetings, a network group at each; Nord’s manager sees it."""
    safety = TapQuestion.objects.get(slug="safety")
    for group in organisation.groups.filter(status=Group.Status.RUNNING).order_by("pk"):
        held = Meeting.objects.filter(series__group=group, status=Meeting.Status.HELD)
        meetings = list(held.for_page().order_by("starts_at"))
        members = [one.user for one in group.memberships.standing().select_related("user")]
        for meeting, steps in zip(meetings[:: 3 if group.is_team else 1], cycle(TAPPED)):
            choice = TapChoice.objects.for_season(meeting.series)
            if choice.pk is None:
                choice.ask(safety, by=members[0])
                if group.is_team:
                    choice.say("Nord" in group.name, by=members[0])
            round = TapRound.begin(meeting, "check_out", at=meeting.ends_at)
            for person, step in zip(members, steps, strict=False):
                round.tap(person, step)
            round.fall_shut(at=meeting.ends_at)
