"""A coach education: who it is for, who sits where, who waits, who is through."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from networks.models import User
from notifications.models import CalendarEntry
from tests import factories
from tests.test_queries import TRANSACTIONS
from tests.wellbeing.coach_cast import (
    make_area,
    make_cohort,
    make_day,
    make_programme,
    people_of,
)
from wellbeing.models import CoachProgramme, Decision, Enrolment
from wellbeing.models.course_day import DayInvitation

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def programme(secretariat):
    return make_programme(secretariat)


def states(programme) -> list[str]:
    return [one.state for one in people_of(programme)]


def refusal(verb, *args, **kwargs) -> str:
    with pytest.raises(ValidationError) as refused:
        verb(*args, **kwargs)
    return " ".join(refused.value.messages)


def test_it_is_for_the_leaders_of_the_decision(organisation, secretariat):
    nord, birgitte, people = make_area(organisation)
    factories.make_user(organisation, "Lis fra Syd", unit=factories.make_unit(organisation))
    here = Decision.objects.decide(secretariat, "Nord skal", unit=nord, decided_by=birgitte)
    everywhere = Decision.objects.decide(secretariat, "Alle skal", decided_by=birgitte)

    programme = CoachProgramme.objects.start(here, birgitte)
    again = CoachProgramme.objects.start(here, secretariat, "Et andet navn")

    assert again == programme
    assert [one.leader for one in people_of(programme)] == people
    everybody = people_of(CoachProgramme.objects.start(everywhere, secretariat))
    assert {str(one.leader) for one in everybody} == {
        "Birgitte Aagaard", "Leder 1", "Leder 2", "Leder 3", "Lis fra Syd",
    }  # fmt: skip
    late = Decision.objects.decide(secretariat, "Syd skal", decided_by=birgitte)
    late.withdraw("Pengene er brugt.", birgitte)
    assert (
        refusal(CoachProgramme.objects.start, late, birgitte) == "Beslutningen er trukket tilbage."
    )


def test_a_leader_finds_a_seat_changes_it_and_gives_it_back(programme):
    [spring] = programme.cohorts.all()
    autumn = make_cohort(programme, "Efterår", first=60)
    one, two, three = people_of(programme)

    one.take(spring)
    one.take(spring)
    assert states(programme) == ["under_way", "invited", "invited"]
    one.take(autumn)
    two.take(spring)
    three.take(spring)
    assert spring.free_seats() == 0
    one = Enrolment.objects.get(pk=one.pk)
    assert "sidste plads" in refusal(one.take, spring)
    assert one.cohort == autumn
    two.withdraw()
    two.withdraw()
    assert states(programme) == ["under_way", "invited", "under_way"]
    assert spring.free_seats() == 1


def test_nobody_sits_down_before_they_are_asked_nor_once_it_has_begun(secretariat, monday):
    programme = make_programme(secretariat, invited=False)
    [spring] = programme.cohorts.all()
    one, two, _three = people_of(programme)
    assert refusal(one.take, spring) == refusal(one.wait) == "Datoerne er ved at blive planlagt."
    programme.invite()
    one.take(spring)
    monday.shift(timedelta(days=15))
    assert refusal(two.take, spring) == "Det hold er allerede begyndt."
    two.place(spring)  # the secretariat may
    assert spring.free_seats() == 0


def test_the_list_is_asked_in_order_and_who_passes_keeps_their_place(programme, monday):
    [spring] = programme.cohorts.all()
    CoachProgramme.objects.filter(pk=programme.pk).update(joined_until=timezone.now())
    spring.change("Forår", 1)
    one, two, three = people_of(programme)
    one.take(spring)
    two.wait()
    monday.shift(timedelta(minutes=1))
    three.wait()
    three.wait()
    assert (two.place_in_line, three.place_in_line) == (1, 2)

    one.withdraw()
    two.refresh_from_db()
    assert (two.offered, two.state) == (spring, "waiting")
    assert "sidste plads" in refusal(one.take, spring)  # it is kept for who waited

    two.pass_by()
    three.refresh_from_db()
    assert three.offered == spring
    monday.shift(timedelta(days=7, hours=7))
    CoachProgramme.objects.tend(timezone.now())
    two, three = Enrolment.objects.get(pk=two.pk), Enrolment.objects.get(pk=three.pk)
    assert (two.offered, three.offered) == (None, None)  # nobody is asked twice about one cohort
    assert (two.place_in_line, three.place_in_line) == (1, 2)

    make_cohort(programme, "Efterår", seats=1, first=60)
    two.refresh_from_db()
    assert str(two.offered) == "Efterår"
    two.take(two.offered)
    assert states(programme) == ["invited", "under_way", "waiting"]


def test_a_cohort_is_for_others_once_all_its_days_are_planned(programme):
    [spring] = programme.cohorts.all()
    one, two, _three = people_of(programme)
    spring.change("Forår", 1)
    one.take(spring)
    two.wait()
    autumn = programme.add_cohort("Efterår", 2)
    assert refusal(autumn.open) == "Planlæg dets dage først."
    make_day(autumn, 60)
    two.refresh_from_db()
    assert two.offered is None  # another day may come
    assert refusal(two.take, autumn) == "Datoerne er ved at blive planlagt."
    autumn.open()
    autumn.open()
    two.refresh_from_db()
    assert two.offered == autumn


def test_through_is_said_by_the_leader_and_may_be_taken_back(programme, monday):
    [spring] = programme.cohorts.all()
    one, two, _three = people_of(programme)
    one.take(spring)
    assert not one.may_say_through(timezone.now())
    monday.shift(timedelta(days=22))
    assert one.may_say_through(timezone.now())
    one.get_through()
    one.get_through()
    assert (one.state, one.cohort, one.before) == ("through", spring, False)
    one.take_back()
    assert (one.state, one.cohort, one.through_on) == ("under_way", spring, None)

    two.get_through(before=True)
    assert two.words == "allerede igennem"
    assert list(Enrolment.objects.through()) == [two]
    two.take_back()
    assert two.state == "invited"


def test_through_already_frees_the_seat(programme):
    [spring] = programme.cohorts.all()
    one = people_of(programme)[0]
    one.take(spring)
    one.get_through(before=True)
    assert (one.cohort, spring.free_seats()) == (None, 2)


def test_seats_are_never_fewer_than_who_sits_there(programme):
    [spring] = programme.cohorts.all()
    for one in people_of(programme)[:2]:
        one.take(spring)
    assert refusal(spring.change, "Forår", 1).startswith("2 af pladserne")
    spring.change("Forår 2027", 3)
    assert (spring.name, spring.free_seats()) == ("Forår 2027", 1)
    assert refusal(programme.add_cohort, "forår 2027", 8) == "Der er allerede et hold med det navn."
    assert refusal(spring.remove).startswith("Nogen har eller havde en plads")
    empty = make_cohort(programme, "Efterår", first=60)
    empty.remove()
    assert list(programme.cohorts.all()) == [spring]


def test_days_that_can_not_be(programme, monday):
    [spring] = programme.cohorts.all()
    day = spring.days.first()
    nine, noon = factories.in_days(40), factories.in_days(40) + timedelta(hours=3)
    assert refusal(day.change, noon, nine) == "Den slutter, før den begynder."
    assert refusal(day.change, nine - timedelta(days=41), noon - timedelta(days=41)) == (
        "Det tidspunkt er passeret."
    )
    assert "allerede en dag" in refusal(make_day, spring, 21, starts=time(10))
    assert make_day(spring, 28) == make_day(spring, 28)
    assert spring.days.count() == 3
    assert make_day(spring, 45).away_because == "juleaftensdag"  # 24 December: said, not forbidden
    monday.shift(timedelta(days=15))
    day.refresh_from_db()
    assert refusal(day.cancel) == refusal(day.change, nine, noon) == "Den dag er holdt."


def test_a_cancelled_day_that_is_changed_is_still_a_day(programme):
    day = programme.cohorts.get().days.first()
    day.cancel()
    starts, ends = day.starts_at, day.ends_at
    assert refusal(day.change, ends, starts) == "Den slutter, før den begynder."
    day.refresh_from_db()
    assert (day.starts_at, day.ends_at) == (starts, ends)


def test_a_withdrawn_decision_plans_nothing_and_loses_nothing(programme, monday):
    [spring] = programme.cohorts.all()
    one, two, _three = people_of(programme)
    one.take(spring)
    two.wait()
    monday.shift(timedelta(days=15))
    programme.decision.withdraw("Pengene er brugt.", programme.decision.decided_by)
    programme = CoachProgramme.objects.get(pk=programme.pk)

    for verb, args in [
        (programme.add_cohort, ("Efterår", 8)),
        (programme.invite, ()),
        (make_day, (spring, 50)),
        (people_of(programme)[2].wait, ()),
        (people_of(programme)[2].take, (spring,)),
    ]:
        assert refusal(verb, *args).startswith("Beslutningen er trukket tilbage")
    assert states(programme) == ["under_way", "waiting", "invited"]
    assert programme.call_off() == 1
    assert programme.call_off() == 0
    assert [day.is_cancelled for day in spring.days.in_order()] == [False, True]
    one = Enrolment.objects.get(pk=one.pk)
    one.get_through()
    assert states(programme) == ["through", "waiting", "invited"]


def test_who_leaves_the_organisation_frees_their_seat(programme):
    [spring] = programme.cohorts.all()
    spring.change("Forår", 1)
    one, two, three = people_of(programme)
    one.take(spring)
    two.wait()
    one.leader.leave()
    three.leader.leave()
    CoachProgramme.objects.tend(timezone.now())
    CoachProgramme.objects.tend(timezone.now())

    two.refresh_from_db()
    assert two.offered == spring
    left = programme.enrolments.get(left=True)
    assert (str(left.leader), left.words) == ("tidligere leder", "stoppet undervejs")
    assert programme.enrolments.count() == 2
    assert not DayInvitation.objects.standing().filter(person=one.leader).exists()


def test_who_comes_later_is_asked_too_and_who_is_forgotten_is_not(programme, monday):
    [spring] = programme.cohorts.all()
    one, two, three = people_of(programme)
    monday.shift(timedelta(days=1))
    new = factories.make_user(programme.organisation, "Ny", unit=one.leader.unit)
    factories.make_user(programme.organisation, "Ny andetsteds")
    CoachProgramme.objects.tend(timezone.now())
    assert [str(each.leader) for each in people_of(programme)] == [
        "Leder 1", "Leder 2", "Leder 3", "Ny",
    ]  # fmt: skip
    two.take(spring)
    for each in (two, people_of(programme)[3]):
        each.get_through()
    monday.shift(timedelta(days=366))
    CoachProgramme.objects.tend(timezone.now())
    CoachProgramme.objects.tend(timezone.now())
    assert [each.leader for each in people_of(programme)] == [one.leader, three.leader]
    assert User.objects.active().filter(pk=new.pk).exists()
    programme.refresh_from_db()
    assert programme.through_earlier == 2
    assert DayInvitation.objects.count() == 0


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_nobody_said_anything_about_is_forgotten_too(programme, monday, withdrawn):
    [spring] = programme.cohorts.all()
    one = people_of(programme)[0]
    one.take(spring)
    if withdrawn:
        programme.decision.withdraw("Pengene er brugt.", programme.decision.decided_by)
    monday.shift(timedelta(days=380))
    CoachProgramme.objects.tend(timezone.now())
    assert programme.enrolments.count() == (0 if withdrawn else 3)
    monday.shift(timedelta(days=7))  # the last day is a year behind
    CoachProgramme.objects.tend(timezone.now())
    assert not programme.enrolments.filter(pk=one.pk).exists()
    programme.refresh_from_db()
    assert programme.through_earlier == 0
    assert spring.days.count() == 2  # what was held stays


def test_a_year_after_its_last_day_nothing_is_kept_of_who_never_found_a_seat(programme, monday):
    [spring] = programme.cohorts.all()
    back, waits, _asked = people_of(programme)
    back.take(spring)
    back.withdraw()
    waits.wait()
    monday.shift(timedelta(days=381))  # of the second day it is not a year yet
    CoachProgramme.objects.tend(timezone.now())
    assert DayInvitation.objects.values_list("day", flat=True).get() == spring.days.last().pk
    assert (programme.enrolments.count(), CalendarEntry.objects.count()) == (3, 1)
    monday.shift(timedelta(days=7))
    CoachProgramme.objects.tend(timezone.now())
    assert programme.enrolments.count() == 0
    assert (DayInvitation.objects.count(), CalendarEntry.objects.count()) == (0, 0)
    CoachProgramme.objects.tend(timezone.now())
    assert programme.enrolments.count() == 0  # nobody is asked anew


def test_a_seat_kept_for_somebody_is_no_more_once_the_decision_is_withdrawn(programme):
    [spring] = programme.cohorts.all()
    spring.change("Forår", 1)
    one, two, _three = people_of(programme)
    one.take(spring)
    two.wait()
    one.withdraw()
    two.refresh_from_db()
    assert two.offered == spring
    programme.decision.withdraw("Pengene er brugt.", programme.decision.decided_by)
    CoachProgramme.objects.tend(timezone.now())
    two.refresh_from_db()
    assert (two.state, two.offered) == ("waiting", None)


def test_a_quiet_minute_costs_the_same_with_one_programme_and_with_many(programme, secretariat):
    """Also where people wait for seats that there aren't, or that they let pass."""

    def minute() -> int:
        CoachProgramme.objects.tend(timezone.now())
        with CaptureQueriesContext(connection) as asked:
            CoachProgramme.objects.tend(timezone.now())
        return sum(not one["sql"].startswith(TRANSACTIONS) for one in asked)

    def fill(programme, withdrawn=False) -> None:
        one, two, three = people_of(programme)
        one.take(programme.cohorts.get())
        two.wait()
        if withdrawn:
            programme.decision.withdraw("Pengene er brugt.", secretariat)
            return
        two.refresh_from_db()
        two.pass_by()
        three.take(programme.cohorts.get())
        Enrolment.objects.filter(pk=three.pk).update(state="invited", cohort=None)

    fill(programme)
    few = minute()
    for number in range(6):
        decision = Decision.objects.decide(
            secretariat, f"Nr. {number}", unit=programme.decision.unit
        )
        other = CoachProgramme.objects.start(decision, secretariat)
        other.enrolments.exclude(leader__in=programme.enrolments.values("leader")).delete()
        make_cohort(other)
        other.invite()
        fill(other, withdrawn=bool(number % 2))
    assert minute() == few <= 10
