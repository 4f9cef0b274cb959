"""The coach education that management decided on: two leaders had been through it before, one
cohort is under way, one is coming, and some wait for a seat.
"""

from datetime import datetime, time, timedelta

from meetings.demo import decisions
from meetings.demo.workdays import at_work
from networks.models import Organisation, User
from wellbeing.models import (
    CoachProgramme,
    Cohort,
    CourseDay,
    DayInvitation,
    Decision,
    Enrolment,
    Guidepost,
)
from wellbeing.models.course_day import DAY

NAME = "Coachuddannelsen"
STARTED, ASKED, CHOSEN = 45, 42, 40  # days ago
WHERE = "Kursuscenter Havbakken, salen"
BEFORE = ["Ida Sander", "Dorte Nygaard"]
# name, seats, days from today, who has a seat
COHORTS = [
    (
        "Hold Kyst",
        8,
        [-27, -13, 8, 29],
        [
            "Jonas Lindgaard",
            "Tove Ørsted",
            "Mikkel Brandt",
            "Hanne Lyng",
            "Amir Haddad",
            "Bente Krogh",
            "Gitte Malling",
            "Lars Bisgaard",
        ],
    ),
    (
        "Hold Bakke",
        8,
        [22, 43, 64, 85],
        [
            "Åse Winther",
            "Fatima Rahimi",
            "Rasmus Toft",
            "Thomas Vestergaard",
            "Zeynep Demir",
            "Ellen Højrup",
            "Steffen Lund",
            "Claus Ibsen",
        ],
    ),
]
WAIT = ["Karen Holm", "Lise Damgaard", "Pia Overgaard"]  # in this order
GIVES_BACK = "Claus Ibsen"


def start(cast: dict[str, User], secretary: User, now: datetime) -> None:
    """All that is behind us, before what was sent is remembered."""
    decision = Decision.objects.get(organisation=secretary.organisation, what=decisions.COACHES)
    at = at_work(secretary.organisation, now - timedelta(days=STARTED))
    programme = CoachProgramme.objects.start(decision, secretary, NAME, at=at)
    for name in BEFORE:
        _of(programme, cast[name]).get_through(before=True, at=at)
    guideposts = list(decision.guideposts.order_by("pk"))
    seats = []
    for name, size, days, people in COHORTS:
        cohort = programme.add_cohort(name, size)
        for number, day in enumerate(days):
            plan(cohort, now + timedelta(days=day), guideposts, number, at)
        seats += [(cohort, cast[one]) for one in people]
    programme.invite(at=now - timedelta(days=ASKED))
    for cohort, leader in seats:
        _of(programme, leader).take(cohort, at=now - timedelta(days=CHOSEN))
    for number, name in enumerate(WAIT):
        at = now - timedelta(days=30 - number)
        _of(programme, cast[name]).wait(at=at)
    tell_as_it_was(now)


def plan(cohort: Cohort, day: datetime, guideposts: list[Guidepost], number: int, at) -> None:
    """On that day, or the next one that people work; each carries one of the guideposts."""
    organisation = cohort.programme.organisation
    on = organisation.local_date(day)
    while not organisation.is_working_day(on) or organisation.away_because(on):
        on += timedelta(days=1)
    carried = guideposts[number % len(guideposts)] if guideposts else None
    starts, ends = organisation.at(on, time(9)), organisation.at(on, time(15, 30))
    CourseDay.plan(cohort, starts, ends, place=WHERE, guidepost=carried, at=at)


def tell_as_it_was(now: datetime) -> None:
    for one in DayInvitation.objects.standing().select_related("entry", "day"):
        one.entry.reserve()
        one.entry.tell({DAY: one.as_it_stands()})


def free_a_seat(organisation: Organisation, now: datetime) -> None:
    """Today: so Karen, who waits longest, is asked."""
    enrolments = Enrolment.objects.filter(programme__decision__organisation=organisation)
    enrolments.get(leader__name=GIVES_BACK).withdraw(at=now)


def _of(programme: CoachProgramme, leader: User) -> Enrolment:
    mine = programme.enrolments.select_related("cohort").get(leader=leader)
    mine.programme = programme
    return mine
