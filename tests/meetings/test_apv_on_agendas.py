"""An APV on ordinary leader meetings: a theme at a time, and following up every third time."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.apv import put_on_agenda, tend
from meetings.letting_go import let_go_of_meetings
from meetings.models import AgendaItem, ApvItem
from tests import factories
from tests.wellbeing.apv_cast import amo_of, assess, find, leader_of, make_apv, propose
from wellbeing.models import Action, Apv, Decision, Finding, Presentation

pytestmark = pytest.mark.usefixtures("monday")


def team_of(apv):
    people = [leader_of(apv), *[factories.make_user(apv.organisation) for _ in range(3)]]
    return factories.make_team(
        apv.organisation, people, senior_manager=apv.senior_manager, unit=apv.unit
    )


def test_a_theme_that_was_talked_about_is_covered(client, organisation, secretariat):
    apv = make_apv(organisation, secretariat)
    meeting = factories.make_open_meeting(team_of(apv))
    theme = apv.themes.first()
    for _ in range(2):
        put_on_agenda(theme, meeting, leader_of(apv))
    assert ApvItem.objects.count() == 1
    client.force_login(leader_of(apv))
    for compose in (lambda: None, meeting.compose_agenda):
        compose()
        page = client.get(meeting.get_absolute_url()).content.decode()
        assert f'href="{theme.get_absolute_url()}"' in page
    meeting.end()
    for _ in range(2):
        tend(meeting.ends_at)
    theme.refresh_from_db()
    assert theme.last_covered_on == organisation.local_date(meeting.starts_at)


def test_a_theme_goes_to_the_leaders_of_its_unit_and_not_where_the_amo_leads(
    client, organisation, secretariat
):
    apv = make_apv(organisation, secretariat)
    elsewhere = factories.make_unit(organisation, name="Område Syd")
    south = factories.make_team(organisation, [amo_of(apv)], unit=elsewhere)
    meeting = factories.make_open_meeting(south)
    client.force_login(amo_of(apv))
    url = reverse("meetings:apv_theme", args=[apv.themes.first().pk])
    assert "Du har ikke et ledermøde forude" in client.get(url).content.decode()
    assert client.post(url, {"meeting": meeting.pk, "as": "item"}).status_code == 404
    assert not ApvItem.objects.exists()


def test_following_up_comes_onto_the_third_meeting_by_itself_and_once(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    series = factories.make_series(team_of(apv), meetings=6)
    for _ in range(2):
        tend(timezone.now())
    item = AgendaItem.objects.get()
    third = list(series.meetings.order_by("starts_at"))[2]
    assert item.meeting == third
    third.compose_agenda()
    item.refresh_from_db()
    assert (item.position, item.why) == (1, "follow_up")
    tend(third.starts_at + timedelta(days=1))
    followed = ApvItem.objects.follow_ups().order_by("item__meeting__starts_at")
    starts = [meeting.starts_at for meeting in series.meetings.order_by("starts_at")]
    assert [one.item.meeting.starts_at for one in followed] == [starts[2], starts[5]]


def test_a_signed_round_is_followed_up_until_the_next_has_a_plan(organisation, secretariat):
    apv = make_apv(organisation, secretariat, "act")
    factories.make_series(team_of(apv), meetings=6)
    for signer in (apv.senior_manager, amo_of(apv)):
        apv.sign(signer)
    later = apv.new_round(leader_of(apv))
    assert list(Apv.objects.followed_up()) == [apv]
    later.consider_absence("Nej")
    later.go_to("act", leader_of(apv))
    assert list(Apv.objects.followed_up()) == [later]
    tend(timezone.now())
    assert ApvItem.objects.get().apv == later


def test_what_waits_for_the_senior_manager_is_evidence_and_stands_on_today(
    client, organisation, secretariat, monday
):
    apv = make_apv(organisation, secretariat, "act")
    leader, birgitte = leader_of(apv), apv.senior_manager
    series = factories.make_series(team_of(apv), meetings=2)
    finding = find(apv)
    assess(finding)
    action, other = propose(finding), propose(finding, "En ny stilling")
    url = reverse("meetings:evidence", args=[series.pk])

    def evidence_and_today(person) -> tuple[bool, bool]:
        client.force_login(person)
        evidence = client.get(url).content.decode().split("asks-title")[2]
        today = client.get(reverse("meetings:waiting")).content.decode()
        return str(action) in evidence, str(action) in today

    hold_first(series, monday)
    assert evidence_and_today(birgitte) == (True, True)
    assert reverse("meetings:waiting") in client.get("/").content.decode()
    lines = client.get(reverse("meetings:waiting"), headers={"HX-Request": "true"})
    assert lines.content.decode().count("Lederne foreslår: ja, nej eller ikke nu?") == 2
    assert evidence_and_today(leader) == (True, False)
    action.reply("yes", "God idé", birgitte)
    assert evidence_and_today(birgitte) == (False, False)
    assert evidence_and_today(leader) == (False, False)
    action.finish()
    assert evidence_and_today(birgitte) == (False, False)
    assert evidence_and_today(leader) == (False, True)
    page = client.get(reverse("meetings:waiting")).content.decode()
    assert "Hjalp det?" in page
    action.see(True, "Ro", leader)
    assert evidence_and_today(leader) == (False, False)
    other.refresh_from_db()
    assert list(Action.objects.waiting_for(birgitte)) == [other]


def hold_first(series, monday) -> None:
    meeting = series.meetings.order_by("starts_at").first()
    meeting.compose_agenda()
    monday.move_to(meeting.ends_at)
    meeting.end()


# ---- what is kept, and how long


def test_a_round_goes_three_years_after_it_was_signed_and_the_current_one_stays(
    organisation, secretariat, monday
):
    apv = make_apv(organisation, secretariat, "act")
    meeting = factories.make_open_meeting(team_of(apv))
    theme, leader = apv.themes.first(), leader_of(apv)
    theme.apv = apv
    put_on_agenda(theme, meeting, leader)
    finding = find(apv)
    assess(finding)
    propose(finding).reply("not_now", "Næste år", apv.senior_manager)
    present = partial(Presentation.objects.present, secretariat, apv=apv, said="Det lykkedes")
    told, decided_on = present("MED", timezone.localdate()), present("HSU", timezone.localdate())
    decision = Decision.objects.decide(secretariat, "Coaching", presentation=decided_on)
    for signer in (apv.senior_manager, amo_of(apv)):
        apv.sign(signer)
    monday.shift(timedelta(days=3 * 365 + 30))
    let_go_of_meetings(timezone.now())
    assert list(Apv.objects.all()) == [apv]  # old, and the current round still
    later = apv.new_round(leader)
    let_go_of_meetings(timezone.now())
    assert apv in Apv.objects.all()  # the next one has no plan yet
    Finding.objects.get(theme__apv=later).solve_at_once("Den kom med vagten")
    later.consider_absence("Nej")
    later.go_to("act", leader)
    for _ in range(2):
        let_go_of_meetings(timezone.now())
    assert list(Apv.objects.all()) == [later]
    carried = Finding.objects.get()
    assert (carried.theme.apv, carried.carried_from) == (later, None)
    assert not Action.objects.exists()
    assert not ApvItem.objects.exists()
    assert not AgendaItem.objects.exists()  # three years old itself
    assert list(Presentation.objects.all()) == [decided_on]
    decided_on.refresh_from_db()
    assert (decided_on.apv, decided_on.said, decided_on.kept["themes"]) == (None, "", [])
    assert list(Decision.objects.all()) == [decision]
    assert told != decided_on
