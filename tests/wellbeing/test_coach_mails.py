"""Course days in people’s calendars: told once, and again only what differs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import CalendarEntry, Delivery
from tests import factories
from tests.wellbeing.coach_cast import make_cohort, make_programme, people_of
from wellbeing.models import CoachProgramme

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def programme(secretariat):
    programme = make_programme(secretariat)
    Delivery.objects.all().delete()  # the invitations to find a cohort
    return programme


def settle(monday, mailoutbox) -> list[tuple]:
    """Five minutes later: subjects, and what each says to a calendar."""
    monday.shift(timedelta(minutes=6))
    mailoutbox.clear()
    deliver_due()
    return [(mail.subject, *calendar_of(mail)) for mail in mailoutbox]


def calendar_of(mail) -> tuple[str, str]:
    [part] = [one for one in mail.alternatives if one.mimetype.startswith("text/calendar")]
    lines = part.content.replace("\r\n ", "").splitlines()
    said = dict(line.split(":", 1) for line in lines if ":" in line)
    return said["METHOD"], said["SEQUENCE"]


FIRST, SECOND = "Kursusdag mandag den 23. november", "Kursusdag mandag den 30. november"


def test_who_sits_down_gets_each_day_once(programme, monday, mailoutbox):
    [spring] = programme.cohorts.all()
    one = people_of(programme)[0]
    one.take(spring)
    assert sorted(settle(monday, mailoutbox)) == [
        (FIRST, "REQUEST", "1"), (SECOND, "REQUEST", "1"),
    ]  # fmt: skip
    mail = mailoutbox[0]
    assert "Kursuscentret" in mail.body
    text = next(a.content for a in mail.alternatives if "calendar" in a.mimetype)
    assert "CLASS:PRIVATE" in text
    assert f"UID:course-day-{spring.days.first().pk}@" in text
    spring.tell(timezone.now())
    CoachProgramme.objects.tend(timezone.now())
    assert settle(monday, mailoutbox) == []


def test_only_the_difference_is_told_when_the_last_edit_has_settled(programme, monday, mailoutbox):
    [spring] = programme.cohorts.all()
    people_of(programme)[0].take(spring)
    settle(monday, mailoutbox)
    day, other = spring.days.in_order()
    was = day.starts_at, day.ends_at
    later = [moment + timedelta(days=1) for moment in was]

    day.change(*later, place=day.place)
    monday.shift(timedelta(minutes=4))
    day.change(*was, place=day.place)
    assert settle(monday, mailoutbox) == []  # there and back

    day.change(*later, place="Biblioteket")
    assert settle(monday, mailoutbox) == [
        ("Flyttet: kursusdag, nu tirsdag den 24. november", "REQUEST", "2")
    ]
    assert "Kursuscentret" in mailoutbox[0].body
    assert "Biblioteket" in mailoutbox[0].body
    day.change(*later, place="Rådhuset")
    assert [subject for subject, *_ in settle(monday, mailoutbox)] == [
        "Nyt sted: kursusdag tirsdag den 24. november"
    ]
    other.cancel()
    assert settle(monday, mailoutbox) == [
        ("Aflyst: kursusdag mandag den 30. november", "CANCEL", "2")
    ]
    other.stand_again()
    assert settle(monday, mailoutbox) == [(SECOND, "REQUEST", "3")]


def test_who_leaves_loses_what_is_to_come_only(programme, monday, mailoutbox):
    [spring] = programme.cohorts.all()
    autumn = make_cohort(programme, "Efterår", days=1, first=60)
    one = people_of(programme)[0]
    one.take(spring)
    one.take(autumn)
    one.take(spring)
    settle(monday, mailoutbox)
    monday.shift(timedelta(days=15))
    one.withdraw()
    assert settle(monday, mailoutbox) == [
        ("Ude af din kalender: kursusdag mandag den 30. november", "CANCEL", "2")
    ]
    told = CalendarEntry.objects.filter(person=one.leader).order_by("pk")
    assert [entry.told["day"][3] for entry in told if entry.told] == [True, False]


def test_a_seat_given_back_at_once_was_never_told(programme, monday, mailoutbox):
    [spring] = programme.cohorts.all()
    one = people_of(programme)[0]
    one.take(spring)
    one.withdraw()
    assert settle(monday, mailoutbox) == []


def test_who_is_asked_and_who_is_offered_a_seat(secretariat, monday, mailoutbox):
    programme = make_programme(secretariat, seats=1)
    assert programme.invite() == 3
    one, two, _three = people_of(programme)
    one.get_through(before=True)
    deliver_due()
    assert [(mail.subject, mail.to) for mail in mailoutbox] == [
        ("Find dit hold: Coachuddannelsen", [each.leader.email])
        for each in people_of(programme)[1:]
    ]
    [spring] = programme.cohorts.all()
    people_of(programme)[2].take(spring)
    two.wait()
    settle(monday, mailoutbox)
    people_of(programme)[2].withdraw()
    mailoutbox.clear()
    deliver_due()
    assert [mail.subject for mail in mailoutbox] == ["Der er holdt en plads til dig: Forår"]
    assert "Kursuscentret" in mailoutbox[0].body


def test_nothing_leaves_while_the_organisation_rehearses(db, monday, mailoutbox):
    organisation = factories.make_organisation(begun=False)
    office = factories.make_user(organisation, is_secretariat=True)
    programme = make_programme(office)
    [spring] = programme.cohorts.all()
    people_of(programme)[0].take(spring)
    assert settle(monday, mailoutbox) == []
    organisation.begin()
    CoachProgramme.objects.tend(timezone.now())
    deliver_due()
    said = sorted(mail.subject for mail in mailoutbox)
    assert said == ["Find dit hold: Coachuddannelsen"] * 2 + [FIRST, SECOND]


def test_who_comes_when_it_is_over_is_asked_once_there_is_a_day_again(
    programme, monday, mailoutbox
):
    """And nobody is asked twice, also when it isn't known any more what was sent."""
    house = people_of(programme)[0].leader.unit
    monday.shift(timedelta(days=42))
    new = factories.make_user(programme.organisation, "Ny", unit=house)
    CoachProgramme.objects.tend(timezone.now())
    deliver_due()
    assert (programme.enrolments.filter(leader=new).count(), mailoutbox) == (1, [])
    make_cohort(CoachProgramme.objects.get(), "Efterår")
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[new.email]]
    Delivery.objects.all().delete()
    monday.shift(timedelta(minutes=1))
    newer = factories.make_user(programme.organisation, "Nyere", unit=house)
    mailoutbox.clear()
    CoachProgramme.objects.tend(timezone.now())
    make_cohort(CoachProgramme.objects.get(), "Vinter", first=60)
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[newer.email]]
