"""The pages of taps: both doors, what is said before one taps, no trace left, few queries."""

import logging

import pytest
from celery.signals import task_prerun
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from meetings import taps
from meetings.models import AreaFigure, Room, TapChoice, TapQuestion, TapRound
from tests.factories import make_group, make_meeting, make_series, make_team, make_user
from tests.meetings.test_taps import begun, close, members_of, tap_all
from tests.test_queries import MOST, TRANSACTIONS

pytestmark = pytest.mark.usefixtures("monday")
HTMX = {"hx_request": "true"}
DOT = 'r="5.5"'


@pytest.fixture
def team(organisation, leader):
    others = [make_user(organisation) for _ in range(6)]
    return make_team(organisation, [leader, *others], name="Område Nord")


@pytest.fixture
def round(team, monday):
    return begun(team, monday)


def at(name, thing) -> str:
    return reverse(f"meetings:{name}", args=[thing.pk])


def look(client, user, url, **headers) -> str:
    client.force_login(user)
    return client.get(url, headers=headers).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_from_opening_to_the_figure_by_both_doors(client, team, monday, headers):
    meeting = make_meeting(team)
    monday.move_to(meeting.starts_at)
    chair, *others = members_of(team)
    Room.start(meeting, by=chair)
    page = look(client, chair, at("taps", meeting), **headers)
    assert 'id="open-taps"' in page
    client.post(at("taps", meeting), headers=headers)
    round = TapRound.objects.get()
    for person, step in zip([chair, *others[:4]], [2, 4, 4, 5, 5], strict=True):
        page = look(client, person, at("taps", meeting), **headers)
        assert page.count('name="step"') == 5
        assert "Ingen kan se, hvad du trykker" in page
        client.post(at("tap", round), {"step": step}, headers=headers)
        page = look(client, person, at("taps", meeting), **headers)
        assert "Du har trykket." in page
        assert 'name="step"' not in page
        assert DOT not in page
    client.force_login(chair)
    client.post(at("tap_closing", round), headers=headers)
    page = look(client, others[5], at("taps", meeting), **headers)
    assert page.count(DOT) == 5
    assert "Hvad ligger der bag?" in page


def test_the_room_offers_it_at_check_in_and_check_out_only(client, round):
    meeting, chair = round.meeting, round.meeting.room.chair
    assert at("taps", meeting) in look(client, chair, at("room", meeting))
    assert at("taps", meeting) not in look(client, chair, at("room_wall", meeting))
    Room.objects.get().next(by=chair)
    assert at("taps", meeting) not in look(client, chair, at("room", meeting))


def test_who_sees_it_is_said_before_one_taps(client, team, leader, monday):
    series = make_series(team, meetings=2)
    first, second = series.meetings.order_by("starts_at")
    manager = team.senior_manager.name
    TapRound.begin(first, "check_in")
    assert f"ledere, ikke af {manager}" in look(client, leader, at("taps", first))
    client.post(at("tap_promise", team), {"sees": "1"})
    assert f"ledere, ikke af {manager}" in look(client, leader, at("taps", first))
    TapRound.begin(second, "check_in")
    assert f"ledergruppen og af {manager}" in look(client, leader, at("taps", second))
    page = look(client, team.senior_manager, at("group_taps", team))
    assert f"Det har {leader.name} sagt" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(("sees", "dots"), [(False, 0), (True, 5)])
def test_the_senior_manager_sees_what_was_promised(client, team, leader, monday, sees, dots):
    meeting = make_meeting(team)
    TapChoice.objects.for_season(meeting.series).say(sees, by=leader)
    round = TapRound.begin(meeting, "check_in")
    page = look(client, team.senior_manager, at("taps", meeting))
    assert "Du bliver ikke spurgt" in page
    assert 'name="step"' not in page
    tap_all(round, [1, 2, 3, 4, 5])
    round.fall_shut()
    TapChoice.objects.for_season(meeting.series).say(not sees, by=leader)
    for url in (at("taps", meeting), at("group_taps", team)):
        assert look(client, team.senior_manager, url).count(DOT) == dots
        assert look(client, leader, url).count(DOT) == 5


def test_four_are_too_few_and_it_says_so(client, round):
    tap_all(round, [5, 5, 5, 5])
    close(round)
    page = look(client, round.meeting.room.chair, at("taps", round.meeting))
    assert "For få har trykket" in page
    assert DOT not in page


def test_what_is_no_step_is_refused_kindly_and_not_counted(client, round, leader):
    client.force_login(leader)
    for wrong in ("", "0", "6", "5 ", "ja", "1,5"):
        response = client.post(at("tap", round), {"step": wrong})
        if response.status_code != 302:
            assert response.status_code == 422
            assert "Tryk på et af de fem" in response.content.decode()
        else:
            assert wrong == "5 "
    assert sum(taps.totals(round.pk)) <= 1


def test_after_closing_and_when_the_counters_are_away_it_says_so(client, round, leader, settings):
    client.force_login(leader)
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    response = client.post(at("tap", round), {"step": "5"}, headers=HTMX)
    assert "kan ikke tælles lige nu" in response.content.decode()
    assert 'name="step"' in response.content.decode()
    TapRound.objects.update(is_open=False)
    response = client.post(at("tap", round), {"step": "5"}, headers=HTMX)
    assert "Runden er lukket" in response.content.decode()


def test_wiped_it_is_tapped_again_and_says_why(client, round, team):
    people = members_of(team)
    tap_all(round, [1, 1, 1])
    taps.forget(round.pk)
    client.force_login(people[0])
    answer = client.post(at("tap_closing", round), headers=HTMX).content.decode()
    assert "Tællerne gik tabt" in answer
    assert 'name="step"' in answer


def test_a_sentence_of_ones_own_and_none_about_offensive_behaviour(client, team, leader):
    make_series(team)
    client.force_login(leader)
    url = at("group_taps", team)
    response = client.post(url, {"wording": "Jeg oplevede mobning på holdet"})
    assert response.status_code == 422
    assert "hører ikke til i et tryk" in response.content.decode()
    assert "Jeg oplevede mobning på holdet" in response.content.decode()
    assert client.post(url, {"wording": "x" * 121}).status_code == 422
    assert client.post(url, {"question": "999999"}).status_code == 422
    for _twice in range(2):
        assert client.post(url, {"wording": "Jeg  gik hjem i tide"}).status_code == 302
    assert [str(one) for one in TapQuestion.objects.filter(group=team)] == ["Jeg gik hjem i tide"]
    assert "Jeg gik hjem i tide" in look(client, leader, url)
    starter = TapQuestion.objects.get(slug="growth")
    client.post(url, {"question": starter.pk})
    assert "Jeg turde prøve noget nyt</p>" in look(client, leader, url)


def test_without_a_season_it_says_that_dates_come_first(client, team, leader):
    assert "så snart dens møder er planlagt" in look(client, leader, at("group_taps", team))
    client.post(at("group_taps", team), {"wording": "Jeg sov"})
    client.post(at("tap_promise", team), {"sees": "1"})
    assert TapChoice.objects.count() == 0


# ---- nothing links a person to a step


def test_every_step_has_the_same_address_and_an_answer_of_the_same_size(client, round, team):
    sizes, urls = set(), set()
    for headers in ({}, HTMX):
        for person, step in zip(members_of(team)[1:6], range(1, 6), strict=True):
            client.force_login(person)
            client.get("/me/")
            response = client.post(at("tap", round), {"step": step}, headers=headers)
            sizes.add((response.status_code, len(response.content)))
            urls.add(response.request["PATH_INFO"] + response.request["QUERY_STRING"])
        TapRound.objects.update(tapped=[])
        taps.begin(round.pk)
    assert len(sizes) == 2  # a page and a fragment
    assert urls == {at("tap", round)}


def test_it_is_in_no_log_task_or_session(
    client, round, team, caplog, django_capture_on_commit_callbacks
):
    """The same of a one as of a five, but for the time and who it was."""
    tasks, said = [], []

    def note(args=None, kwargs=None, **_rest):
        tasks.append(f"{args} {kwargs}")

    task_prerun.connect(note)
    for person, step in zip(members_of(team)[1:3], (1, 5), strict=True):
        client.force_login(person)
        client.get("/me/")
        caplog.clear()
        with caplog.at_level(logging.DEBUG), django_capture_on_commit_callbacks(execute=True):
            client.post(at("tap", round), {"step": step})
        lines = [line for line in caplog.messages if "tapround" not in line]
        said.append((lines, [sorted(s.get_decoded()) for s in Session.objects.all()][-1:]))
    task_prerun.disconnect(note)
    assert said[0] == said[1]
    assert tasks == []


def test_commands_to_valkey_name_nobody(round, leader):
    """Were they logged, or kept in its slow log, each is a key and a step."""
    server = taps._client()
    server.config_set("slowlog-log-slower-than", 0)
    server.slowlog_reset()
    try:
        round.tap(leader, 4)
        seen = [one["command"].decode() for one in server.slowlog_get(50)]
    finally:
        server.config_set("slowlog-log-slower-than", 10_000)
    mine = [command for command in seen if command.startswith("EVAL")]
    assert [command.split()[-2:] for command in mine] == [[f"taps:{round.pk}", "4"]]


# ---- areas


def test_the_picture_of_areas_is_read_by_the_whole_organisation(client, organisation, outsider):
    question = TapQuestion.objects.get(slug="safety")
    for period, half_steps in [("2026-05-01", 7), ("2026-07-01", 8)]:
        AreaFigure.objects.create(
            organisation=organisation,
            question=question,
            period=period,
            half_steps=half_steps,
            answers=777,
        )
    page = look(client, make_user(organisation), reverse("meetings:tap_trend"))
    assert "maj–juni 2026" in page
    assert "mellem ”Både-og” og ”For det meste”" in page
    assert page.count('class="course-line"') == 1
    assert "777" not in page
    page = look(client, outsider, reverse("meetings:tap_trend"))
    assert "Ikke nok endnu" in page


# ---- few queries


def asked(client, url, method="get", data=None) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert getattr(client, method)(url, data, headers=HTMX).status_code == 200
    return sum(not q["sql"].startswith(TRANSACTIONS) for q in queries)


def test_as_many_queries_with_many_as_with_one_and_at_most_eight(client, organisation, monday):
    group = make_group(organisation, 6, status="running", size=8)
    round = begun(group, monday)
    chair = round.meeting.room.chair
    client.force_login(chair)
    client.get(reverse("account_inactive"))
    urls = [at("taps", round.meeting), at("group_taps", group), reverse("meetings:tap_trend")]
    for url in urls:
        client.get(url)
    few = [asked(client, url) for url in urls]
    safety = TapQuestion.objects.get(slug="safety")
    later = make_series(group, round.meeting.starts_at.replace(month=12), meetings=9)
    for number, meeting in enumerate(later.meetings.all()):
        TapQuestion.objects.word(group, f"Nummer {number}")
        TapRound.objects.create(
            meeting=meeting,
            moment="check_in",
            question=safety,
            opened_on=meeting.starts_at.date(),
            is_open=False,
            totals=[0, 0, 0, 0, 6],
            answers=6,
        )
    for month in range(1, 12, 2):
        AreaFigure.objects.create(
            organisation=organisation,
            question=safety,
            period=f"2026-{month:02d}-01",
            half_steps=8,
            answers=20,
        )
    assert [asked(client, url) for url in urls] == few
    assert max(few) <= MOST
    assert asked(client, at("tap", round), "post", {"step": "3"}) <= MOST + 4
