"""A coach education of area Nord, as far as a test needs it."""

from datetime import time

from tests import factories
from wellbeing.models import CoachProgramme, CourseDay, Decision

DECIDED = "Alle ledere i Nord skal gennem coachuddannelsen"


def make_area(organisation, leaders=3):
    """Nord with its head Birgitte, and so many leaders in a house below it."""
    birgitte = factories.make_user(organisation, "Birgitte Aagaard")
    nord = factories.make_unit(organisation, name="Område Nord", head=birgitte)
    house = factories.make_unit(organisation, parent=nord, name="Havnehuset")
    people = [
        factories.make_user(organisation, f"Leder {number}", unit=house, manager=birgitte)
        for number in range(1, leaders + 1)
    ]
    return nord, birgitte, people


def make_programme(by, leaders=3, invited=True, seats=2, days=2) -> CoachProgramme:
    """Of Nord, with one cohort ahead of it."""
    nord, birgitte, _people = make_area(by.organisation, leaders)
    decision = Decision.objects.decide(
        by, DECIDED, "Det løfter os.", unit=nord, decided_by=birgitte
    )
    programme = CoachProgramme.objects.start(decision, by, "Coachuddannelsen")
    make_cohort(programme, seats=seats, days=days)
    if invited:
        programme.invite()
    return programme


def make_cohort(programme, name="Forår", seats=2, days=2, first=14):
    cohort = programme.add_cohort(name, seats)
    for number in range(days):
        make_day(cohort, first + 7 * number)
    if programme.invited_at and days:
        cohort.open()
    return cohort


def make_day(cohort, ahead=14, starts=time(9), ends=time(16), **values) -> CourseDay:
    values = {"place": "Kursuscentret"} | values
    return CourseDay.plan(
        cohort, factories.in_days(ahead, starts), factories.in_days(ahead, ends), **values
    )


def people_of(programme) -> list:
    """Each leader's enrolment, in the order of their names."""
    return list(programme.enrolments.order_by("leader__sort_name").select_related("leader"))
