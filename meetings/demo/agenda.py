"""What happens around an agenda: hosts, standing items, what was parked, a question that rests."""

from datetime import datetime, timedelta

from meetings.models import AgendaItem, Meeting
from networks.models import Group, Organisation, User

EACH_TIME = "Ét pejlemærke: hvor så vi det, hvor manglede det?"
SENT_ON = "Hvem bestiller de nye nøglebokse til aftenvagten?"
RESTS = "Hvordan hilser vi på nye borgere, så det mærkes?"
DOUBTED = "Hvem har vagttelefonen mellem jul og nytår?"


def live(organisation: Organisation, now: datetime) -> None:
    for group in Group.objects.filter(organisation=organisation, kind=Group.Kind.TEAM):
        ahead = Meeting.objects.filter(series__group=group, starts_at__gt=now).for_page()
        if meeting := ahead.order_by("starts_at").first():
            _around(meeting, now)


def _around(meeting: Meeting, now: datetime) -> None:
    group, leaders = meeting.group, _leaders(meeting.group)
    meeting.series.renew(group.senior_manager, at=now - timedelta(days=5))
    for leader in leaders[1:5]:
        meeting.series.renew(leader, at=now - timedelta(days=4))
    if not meeting.is_open:
        return
    asker = next((one for one in leaders if one.name == "Karen Holm"), leaders[0])
    yesterday = now - timedelta(days=1)
    meeting.building.add_standing(EACH_TIME, 10, by=leaders[2], at=yesterday)
    parked = meeting.park(SENT_ON, by=asker, at=yesterday)
    parked.forward(group.senior_manager, at=yesterday)
    rests = group.items.create(
        question=RESTS,
        by=asker,
        meeting=group.items.on_agenda().last().meeting,
        proposed_at=now - timedelta(days=40),
        status=AgendaItem.Status.RESTING,
    )
    rests.support_by(leaders[3])
    doubted = meeting.propose(DOUBTED, by=asker, at=now - timedelta(hours=5))
    doubted.suggest_parking(group.senior_manager, at=now - timedelta(hours=2))


def _leaders(group: Group) -> list[User]:
    return [membership.user for membership in group.memberships.standing().in_order()]
