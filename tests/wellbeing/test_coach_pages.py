"""What each sees and does on the pages of a coach education."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories
from tests.test_queries import MOST, TRANSACTIONS
from tests.wellbeing.coach_cast import make_cohort, make_programme, people_of
from wellbeing import coach_totals
from wellbeing.models import CoachProgramme, Decision, Enrolment, Guidepost

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def programme(secretariat):
    return make_programme(secretariat, leaders=3, seats=1)


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(person, programme) -> str:
    return browser(person).get(programme.get_absolute_url()).content.decode()


def do(who, door, thing, **data) -> str:
    url = reverse(f"wellbeing:{door}", args=[thing.pk])
    response = browser(who).post(url, data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_leader_goes_the_whole_way(programme, monday):
    [spring] = programme.cohorts.all()
    one, two, _three = (each.leader for each in people_of(programme))
    assert "1 ledig plads" in read(one, programme)
    page = do(one, "coach_seat", spring)
    assert "Pladsen er din." in page
    assert "Mandag den 23. november kl.\N{NO-BREAK SPACE}9.00–16.00" in page
    assert "Jeg er igennem<" not in page

    assert "Alle pladser er taget lige nu." in read(two, programme)
    assert "Den sidste plads er lige blevet taget." in do(two, "coach_seat", spring)
    assert "Du er den første i køen" in do(two, "coach_waiting", programme)
    do(one, "coach_withdrawal", programme)
    assert "Der er holdt en plads til dig på Forår" in read(two, programme)
    assert "Ikke denne gang." in do(two, "coach_passing", programme)
    do(one, "coach_seat", spring)

    do(one, "coach_through", programme, said="now")  # too early: nothing happens
    monday.shift(timedelta(days=22))
    assert "Jeg er igennem<" in read(one, programme)
    assert "Du er igennem" in do(one, "coach_through", programme, said="now")
    assert "Du er i gang." in do(one, "coach_through", programme, said="not")


def test_through_already_with_a_tap(programme):
    one = people_of(programme)[0].leader
    page = do(one, "coach_through", programme, said="before")
    assert "Du har allerede været igennem" in page
    assert "Find dit hold" in do(one, "coach_through", programme, said="not")


def test_who_is_asked_finds_it_on_today(programme):
    waiting = reverse("meetings:waiting")
    one, two, _three = people_of(programme)
    [spring] = programme.cohorts.all()
    find = "Den er også for dig."
    assert find in browser(one.leader).get(waiting).content.decode()
    one.take(spring)
    two.wait()
    for each in (one, two):
        assert "Coachuddannelsen" not in browser(each.leader).get(waiting).content.decode()
    one.withdraw()
    page = browser(two.leader).get(waiting).content.decode()
    assert "Der er holdt en plads til dig på Forår til mandag den 16. november." in page
    assert asked(browser(two.leader), waiting) <= MOST


def test_nobody_sees_a_colleague(programme, secretariat):
    [spring] = programme.cohorts.all()
    one, two, _three = people_of(programme)
    one.take(spring)
    birgitte = programme.decision.decided_by
    for reader in (two.leader, birgitte):
        page = read(reader, programme)
        assert "Forår" in page
        assert "Leder 1" not in page
    for name in ("coach_leaders", "coach_sheet"):
        url = reverse(f"wellbeing:{name}", args=[programme.pk])
        assert browser(two.leader).get(url).status_code == 403
        assert browser(birgitte).get(url).status_code == 403
    elsewhere = factories.make_user(secretariat.organisation, "Lis fra Syd")
    assert browser(elsewhere).get(programme.get_absolute_url()).status_code == 404
    assert "Leder 1" in browser(secretariat).get(spring.get_absolute_url()).content.decode()


def test_the_senior_manager_sees_numbers_over_enough_people(secretariat):
    programme = make_programme(secretariat, leaders=12)
    birgitte = programme.decision.decided_by
    few = "Kun få af dem er igennem endnu, eller ingen."
    for one in people_of(programme)[:4]:
        one.get_through(before=True)
    page = read(birgitte, programme)
    assert "Den er for 12 ledere." in page
    assert few in page
    people_of(programme)[4].get_through()
    page = read(birgitte, programme)
    assert "Mindst 5 er igennem." in page
    assert few not in page
    people_of(programme)[5].get_through()  # who looks again doesn't see that there is one more
    assert "Mindst 5 er igennem." in read(birgitte, programme)
    for one in people_of(programme)[6:8]:
        one.get_through()
    assert "Alle er igennem, eller næsten alle." in read(birgitte, programme)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((4, 0, 0, 0), 1),  # about too few to say anything
        ((5, 0, 0, 0), 2),
        ((0, 0, 0, 9), 2),
        ((2, 3, 0, 5), 2),  # and not how many of the others are under way
        ((5, 0, 4, 5), 2),
        ((2, 3, 5, 5), 3),
        ((9, 9, 9, 9), 3),
        ((4, 0, 5, 5), 2),
    ],
)
def test_no_number_points_at_anybody(counts, shown):
    totals = dict(zip(Enrolment.State.values, counts, strict=True))
    said = coach_totals.lines(totals, least=5)
    assert len(said) == shown
    numbers = [int(word) for line in said[1:] for word in line.split() if word.isdigit()]
    rest = sum(counts) - sum(numbers)
    assert all(number >= 5 and number % 5 == 0 for number in numbers)
    assert not numbers or rest >= 5


def test_the_secretariat_starts_plans_asks_and_corrects(secretariat, organisation):
    leader = factories.make_user(organisation, "Karen Holm", email="karen@example.org")
    decision = Decision.objects.decide(secretariat, "Alle skal igennem", decided_by=secretariat)
    do(secretariat, "programme_new", decision, name="Coachuddannelsen")
    programme = CoachProgramme.objects.get()
    page = do(secretariat, "coach_invitation", programme)
    assert "Planlæg først et hold med dets dage." in page

    do(secretariat, "cohorts", programme, name="Forår", seats="12")
    [spring] = programme.cohorts.all()
    day = {"on": "2026-12-24", "starts": "09:00", "ends": "16:00", "place": "Kursuscentret"}
    page = do(secretariat, "course_days", spring, **day)
    assert "Den dag er juleaftensdag." in page  # said, and planned all the same
    do(secretariat, "course_days", spring, **day)
    assert spring.days.count() == 1
    assert "1 leder bliver spurgt." in do(secretariat, "coach_invitation", programme)

    one = programme.enrolments.get(leader=leader)
    do(secretariat, "enrolment", one, to=str(spring.pk))
    do(secretariat, "enrolment", one, to="through")
    one.refresh_from_db()
    assert (one.state, one.cohort) == ("through", spring)
    new = factories.make_user(organisation, "Ny Leder")
    do(secretariat, "coach_leaders", programme, person="Ny Leder")
    assert programme.enrolments.filter(leader=new).exists()
    sheet = browser(secretariat).get(reverse("wellbeing:coach_sheet", args=[programme.pk]))
    rows = list(load_workbook(BytesIO(sheet.content)).active.values)
    assert rows[1][:4] == ("Karen Holm", "karen@example.org", None, "igennem")


def test_a_day_keeps_the_guidepost_it_carries(programme, secretariat):
    """One of a unit below, also once it is retired."""
    below = people_of(programme)[0].leader.unit
    word = Guidepost.objects.word
    carried = word(programme.organisation, below, wording="Ingen står alene", theme="support")
    elsewhere = factories.make_unit(programme.organisation)
    word(programme.organisation, elsewhere, wording="Vi tier", theme="safety")
    day = programme.cohorts.get().days.in_order().first()
    sent = {"on": "2026-11-23", "starts": "09:00", "ends": "16:00", "place": "Loftet"}
    do(secretariat, "course_day", day, guidepost=carried.pk, **sent)
    carried.retire("Den er blevet til vane.")
    url = reverse("wellbeing:course_day", args=[day.pk])
    page = browser(secretariat).get(url).content.decode()
    assert f'<option value="{carried.pk}" selected>' in page
    assert "Vi tier" not in page
    do(secretariat, "course_day", day, guidepost=carried.pk, **sent | {"ends": "15:00"})
    day.refresh_from_db()
    assert day.guidepost == carried
    assert "Ingen står alene" in read(people_of(programme)[0].leader, programme)


def test_bad_input_is_said_kindly_and_kept(programme, secretariat):
    [spring] = programme.cohorts.all()
    people_of(programme)[0].take(spring)
    client = browser(secretariat)

    def post(door, thing, **data):
        response = client.post(reverse(f"wellbeing:{door}", args=[thing.pk]), data)
        assert response.status_code == 422
        return response.content.decode()

    wrong = {"on": "2026-12-09", "starts": "16:00", "ends": "09:00", "place": "Loftet"}
    page = post("course_days", spring, **wrong)
    assert "Den slutter, før den begynder." in page
    assert 'value="Loftet"' in page
    assert "passeret" in post(
        "course_days", spring, **wrong | {"on": "2026-01-05", "ends": "17:00"}
    )
    assert "større end eller lig" in post("cohort", spring, name="Forår", seats="0")
    spring.change("Forår", 2)
    people_of(programme)[1].take(spring)
    assert "2 af pladserne er optaget" in post("cohort", spring, name="Forår", seats="1")
    assert "allerede et hold" in post("cohorts", programme, name="Forår", seats="9")
    url = reverse("wellbeing:enrolment", args=[people_of(programme)[0].pk])
    assert client.post(url, {"to": "9" * 30}).status_code == 404


def test_a_withdrawn_decision_asks_to_cancel_what_is_to_come(programme, secretariat):
    one = people_of(programme)[0]
    programme.decision.withdraw("Pengene er brugt.", secretariat)
    page = read(secretariat, programme)
    assert "Der er 2 dage tilbage." in page
    assert "Planlæg et hold" not in page
    assert "Pengene er brugt." in read(one.leader, programme)
    assert "Vent på en plads" not in read(one.leader, programme)
    page = do(secretariat, "coach_cancellation", programme)
    assert "Der er 2 dage tilbage." not in page


@pytest.mark.parametrize("many", [False, True])
def test_how_often_pages_ask(secretariat, many):
    programme = make_programme(secretariat, leaders=40 if many else 1, seats=30)
    for number in range(6 if many else 0):
        make_cohort(programme, f"Hold {number}", seats=9, first=60 + 9 * number)
    [spring] = programme.cohorts.filter(name="Forår")
    for one in people_of(programme)[: 20 if many else 1]:
        one.take(spring)
    leader, birgitte = people_of(programme)[0].leader, programme.decision.decided_by
    paths = [
        (leader, programme.get_absolute_url()),
        (birgitte, programme.get_absolute_url()),
        (secretariat, programme.get_absolute_url()),
        (secretariat, spring.get_absolute_url()),
        (secretariat, reverse("wellbeing:coach_leaders", args=[programme.pk])),
        (secretariat, reverse("wellbeing:programmes")),
        (secretariat, reverse("wellbeing:course_day", args=[spring.days.first().pk])),
    ]
    for person, path in paths:
        assert asked(browser(person), path) <= MOST, path


def asked(client, path) -> int:
    """Queries of one page, without transactions."""
    client.get(reverse("account_inactive"))  # the session is in the cache, as it usually is
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return sum(not q["sql"].startswith(TRANSACTIONS) for q in queries)
