"""A guidepost's thread: everything that touched it in the order of time, to each what is theirs."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.models import AgendaItem, CaseCount
from meetings.thread import Thread
from tests import factories
from tests.test_queries import MOST, TRANSACTIONS
from tests.wellbeing.apv_cast import amo_of, leader_of, make_apv
from tests.wellbeing.coach_cast import make_cohort, make_day
from wellbeing.models import CoachProgramme, Decision, Finding, Guidepost, ThemeDay

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def apv(organisation, secretariat):
    return make_apv(organisation, secretariat)


@pytest.fixture
def guidepost(apv, secretariat):
    """Worded on a theme day in March, in other words in June."""
    day = ThemeDay.objects.plan(
        secretariat, name="Temadag i Nord", unit=apv.unit, starts_on=date(2026, 3, 3)
    )
    day.word(wording="Vi ringer først.", theme="support")
    day.finish()
    first = Guidepost.objects.get(origin=day)
    return first.reword("Vi ringer, før det brænder på.", "support", on=date(2026, 6, 1))


@pytest.fixture
def team_of_nord(apv):
    people = [leader_of(apv), *[factories.make_user(apv.organisation) for _ in range(3)]]
    return factories.make_team(
        apv.organisation, people, senior_manager=apv.senior_manager, unit=apv.unit, name="Nord"
    )


def talk(group, guidepost, question, days, status="held"):
    """It was on the agenda of a meeting so many days from now."""
    meeting = factories.make_meeting(group, factories.in_days(days))
    type(meeting).objects.filter(pk=meeting.pk).update(status=status)
    by = group.memberships.first().user
    return AgendaItem.objects.create(
        group=group, meeting=meeting, by=by, question=question, guidepost=guidepost,
        status="set", position=1,
    )  # fmt: skip


def carry_on(apv, guidepost, at):
    """Found, proposed, agreed, done, and it helped; a second proposal waits."""
    leader, senior = leader_of(apv), apv.senior_manager
    theme = apv.add_theme(guidepost=guidepost)
    Finding.objects.find(theme, "Ikke vurderet endnu.")  # the mapping’s own until it is
    finding = Finding.objects.find(theme, "Vagttelefonen ligger hos lederen.", voices=6)
    finding.assess("Det slider", "Alle huse", "Vi har altid gjort sådan", leader, at=at)
    apv.consider_absence("Set under ét følger det vagterne.")
    done, _waits = [
        finding.propose(what, leader, date(2026, 12, 1), "Ro", leader, at=at)
        for what in ("Telefonen går på skift.", "En fast afløser.")
    ]
    done.reply("yes", "", senior, at=at)
    done.finish(on=at.date() + timedelta(days=9))
    done.see(True, "To frinætter om ugen.", leader)
    return theme


def told_to(user, guidepost):
    thread = Thread.of(user, guidepost.pk, timezone.now())
    return [(knot.kind, knot.words) for knot in thread.told]


def test_one_thread_over_all_wordings_to_each_what_is_theirs(apv, guidepost, team_of_nord):
    first = guidepost.predecessor
    elsewhere = factories.make_team(apv.organisation, 3, name="Syd")
    network = factories.make_group(apv.organisation, [leader_of(apv)])
    talk(team_of_nord, first, "Hvem ringer vi til?", -175)
    talk(team_of_nord, guidepost, "Hvem ringede?", -42)
    talk(elsewhere, guidepost, "Hvad siger Syd?", -35)
    talk(network, guidepost, "I fortrolighed?", -35)
    talk(team_of_nord, guidepost, "Aflyst?", -28, status="cancelled")
    carry_on(apv, guidepost, timezone.now() - timedelta(days=30))
    stranger = factories.make_user(apv.organisation)
    # what everybody in the organisation may read
    worded = [
        ("day", "Temadag i Nord"),
        ("worded", "Vi ringer først."),
        ("reworded", "Vi ringer, før det brænder på."),
    ]
    some = ("elsewhere", "")
    assert told_to(stranger, guidepost) == [*worded[:2], some, worded[2], some, some]
    found = [
        ("found", "Vagttelefonen ligger hos lederen."),
        ("proposed", "En fast afløser."),
        ("yes", "Telefonen går på skift."),
        ("helped", "Telefonen går på skift."),
        ("taken_up", "Område Nord"),
    ]
    assert told_to(leader_of(apv), guidepost) == [
        worded[0],
        worded[1],
        ("asked", "Hvem ringer vi til?"),
        worded[2],
        ("asked", "Hvem ringede?"),
        some,
        *found,
    ]
    assert told_to(amo_of(apv), guidepost)[-5:] == found
    for reader in (leader_of(apv), apv.senior_manager):
        assert "Ikke vurderet" not in str(told_to(reader, guidepost))
    thread = Thread.of(leader_of(apv), guidepost.pk, timezone.now())
    assert thread.times_talked == 3
    assert thread.aloud[-1] == "Ud af det kom: ”Telefonen går på skift”, og det hjalp."


def test_a_decision_and_the_education_that_grew_out_of_it(apv, guidepost, secretariat):
    senior, stranger = apv.senior_manager, factories.make_user(apv.organisation)
    decision = Decision.objects.decide(
        secretariat, "Alle bliver coachet.", "Vi bruger hinanden.", unit=apv.unit,
        guideposts=[guidepost.predecessor], decided_by=senior, decided_on=date(2026, 10, 20),
    )  # fmt: skip
    programme = CoachProgramme.objects.start(decision, secretariat, "Coachuddannelsen")
    make_day(make_cohort(programme, days=0), 14, guidepost=guidepost)
    begun = [("decided", "Alle bliver coachet."), ("started", "Coachuddannelsen")]
    assert told_to(stranger, guidepost)[-2:] == begun  # whose dates nobody was told of yet
    programme.invite()
    assert told_to(stranger, guidepost)[-3:] == [*begun, ("course_ahead", "Coachuddannelsen")]
    of = lambda user: Thread.of(user, guidepost.pk, timezone.now())  # noqa: E731
    assert (of(senior).told[-1].url, of(stranger).told[-1].url) == (
        f"/coaching/{programme.pk}/",
        "",
    )
    assert of(stranger).aloud[-2:] == [
        "På den baggrund besluttede ledelsen: ”Alle bliver coachet”",
        "”Coachuddannelsen” fører det videre.",
    ]
    decision.withdraw("Pengene er brugt.", senior)
    assert ("withdrawn", "Alle bliver coachet.") in told_to(stranger, guidepost)
    assert "besluttede" not in " ".join(of(stranger).aloud)


def test_sparring_is_one_number_of_the_whole_organisation_from_five_on(apv, guidepost):
    count = lambda: Thread.of(leader_of(apv), guidepost.pk, timezone.now()).talks  # noqa: E731
    for one, number in [(guidepost.predecessor, 2), (guidepost, 2)]:
        for _ in range(number):
            CaseCount.objects.one_more(apv.organisation, one)
    assert count() == 0
    CaseCount.objects.one_more(apv.organisation, guidepost)
    assert count() == 5


def test_what_is_asked_of_somebody_stands_first_then_the_next_meeting(
    client, apv, guidepost, team_of_nord
):
    leader, senior = leader_of(apv), apv.senior_manager
    carry_on(apv, guidepost, timezone.now() - timedelta(days=30))
    step = lambda user: Thread.of(user, guidepost.pk, timezone.now()).next_step()  # noqa: E731
    assert step(senior).words == "Lederne foreslår: ”En fast afløser”. Hvad siger du?"
    assert step(leader).url == "/questions/bank/?theme=support"
    meeting = factories.make_open_meeting(team_of_nord)
    assert step(leader).meeting == meeting
    client.force_login(leader)
    for _ in range(2):  # a double click
        response = client.post(f"/guideposts/{guidepost.pk}/question/")
        assert response.url == meeting.get_absolute_url()
    item = AgendaItem.objects.get()
    assert (item.guidepost, item.by, item.status) == (guidepost, leader, "waiting")
    assert step(leader).url == meeting.get_absolute_url()
    guidepost.retire("Det er en vane nu.")
    assert step(senior) is None


def test_the_words_of_before_lead_to_those_of_today(client, leader, guidepost, outsider):
    client.force_login(leader)
    here = f"/guideposts/{guidepost.pk}/"
    before = f"/guideposts/{guidepost.predecessor.pk}/"
    assert (client.get(before).url, client.post(f"{before}question/").url) == (here, here)
    guidepost.retire("Det er en vane nu.")
    page = client.get(here).content.decode()
    assert "Det er en vane nu." in page
    assert "Vi ringer først." in page
    assert client.post(f"{here}question/").status_code == 404
    client.force_login(outsider)
    assert client.get(here).status_code == 404


def queries(client, url) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return sum(not one["sql"].startswith(TRANSACTIONS) for one in asked)


def test_three_years_cost_as_many_queries_as_a_day(client, apv, guidepost, team_of_nord):
    client.force_login(leader_of(apv))
    url = f"/guideposts/{guidepost.pk}/"
    client.get(url)
    few = queries(client, url)
    other = factories.make_team(apv.organisation, 3)
    for group in (team_of_nord, other):
        begun = factories.in_days(-1099)
        series = factories.make_series(group, begun, meetings=24, interval_days=14)
        series.meetings.update(status="held")
        by = group.memberships.first().user
        AgendaItem.objects.bulk_create(
            AgendaItem(
                group=group, meeting=meeting, by=by, question=f"Spørgsmål {number}?",
                guidepost=guidepost, status="set", position=number,
            )
            for meeting in series.meetings.all()
            for number in (1, 2)
        )  # fmt: skip
    theme = carry_on(apv, guidepost, timezone.now() - timedelta(days=300))
    by = leader_of(apv)
    for number in range(20):
        finding = Finding.objects.find(theme, f"Fund {number}")
        finding.assess("Meget", "Alle", "Telefonen", by)
        finding.propose(f"Handling {number}", by, date(2026, 12, 1), "Ro", by)
    for number in range(5):
        guidepost = guidepost.reword(f"Vi ringer, {number}", "support")
    url = f"/guideposts/{guidepost.pk}/"
    assert queries(client, url) == few <= MOST
