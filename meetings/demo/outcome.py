"""What was agreed at the meetings behind us: done, taught, or still on its way."""

from datetime import datetime, timedelta

from meetings.models import Commitment, Meeting
from meetings.models.commitment import Agreed
from meetings.reconciling import send_minutes
from networks.models import Group, Organisation

LATE_IN_IT = timedelta(minutes=80)
ALL, ONE, SENIOR = "all", "one", "senior"

# Meeting by meeting, the oldest first: what, who, whether it is an experiment, what it taught.
AGREED = [
    [
        (
            "Vi ringer til hinanden, før vi svarer på en svær klage",
            ALL,
            True,
            "Det tager ti minutter",
        )
    ],
    [("Skrive ned, hvad vi siger nej til i foråret", ONE, False, "")],
    [("Vi begynder hvert møde med to minutters stilhed", ALL, True, "Vi lytter bedre bagefter")],
    [
        ("Spørge to afdelinger, hvad de venter svar på", ONE, False, ""),
        ("Tage tænketiden op med direktøren", SENIOR, False, ""),
    ],
    [
        (
            "Ingen mails til hinanden efter klokken 18",
            ALL,
            True,
            "Det værste ventede fint til morgen",
        )
    ],
    [("Invitere en ny leder med på en runde i husene", ONE, False, "")],
    [
        ("Vi spørger, hvad der gik godt, før vi spørger, hvad der mangler", ALL, False, ""),
        ("Svare på, om fredagsmødet kan undværes i ferierne", SENIOR, False, ""),
    ],
    [
        ("Vi holder fredag eftermiddag fri for møder", ALL, True, ""),
        ("Samle tre eksempler på krav, der støder sammen", ONE, False, ""),
        ("Sige, hvilke tal vi kan holde op med at indberette", SENIOR, False, ""),
    ],
]
PARKED = ["Hvem bestiller nye senge?", "Ferieplanen for uge 7", "Alarmen i kælderen"]
IN_NETWORKS = [
    ("Vi skriver én linje til hinanden, når noget er lykkedes", True, "Det løftede en tung uge"),
    ("Vi øver os i at spørge én gang mere, før vi råder", True, ""),
]


def agree_and_try(organisation: Organisation, now: datetime) -> None:
    for group in Group.objects.filter(organisation=organisation).alive():
        held = Meeting.objects.filter(series__group=group, status=Meeting.Status.HELD).for_page()
        meetings = list(held.order_by("starts_at"))
        if group.is_team:
            _team(group, meetings[-len(AGREED) :], now)
        else:
            _network(group, meetings[-len(IN_NETWORKS) :], now)
    send_minutes(now)  # they went out then: see `remember_what_was_sent`


def _team(group: Group, meetings: list[Meeting], now: datetime) -> None:
    people = [one.user for one in group.memberships.standing().in_order()]
    for number, meeting in enumerate(meetings):
        at = meeting.starts_at + LATE_IN_IT
        for what, whose, experiment, lesson in AGREED[number]:
            who = {ALL: None, ONE: people[number % len(people)], SENIOR: group.senior_manager}
            one = Agreed(meeting).agree(
                what, by=people[number], who=who[whose], experiment=experiment, at=at
            )
            _came_of_it(one, whose, lesson, at + timedelta(days=14), now)
    for question, meeting in zip(PARKED, meetings[1::2], strict=False):
        meeting.park(question, by=people[0], at=meeting.starts_at).close(at=meeting.ends_at)
    if meetings:  # the senior manager asks like everybody else
        meetings[len(meetings) // 2].items.on_agenda().filter(position=2).update(
            by=group.senior_manager
        )


def _network(group: Group, meetings: list[Meeting], now: datetime) -> None:
    by = group.memberships.standing().in_order().first().user
    for meeting, (what, experiment, lesson) in zip(meetings, IN_NETWORKS, strict=False):
        at = meeting.starts_at + LATE_IN_IT
        one = Agreed(meeting).agree(what, by=by, experiment=experiment, at=at)
        _came_of_it(one, ALL, lesson, at + timedelta(days=30), now)


def _came_of_it(one: Commitment, whose: str, lesson: str, later: datetime, now: datetime) -> None:
    """By the meeting after, for what isn't of the last one."""
    if later > now:
        return
    if lesson:
        one.learn(lesson, at=later)
    elif whose == ONE:
        one.done(at=later)
