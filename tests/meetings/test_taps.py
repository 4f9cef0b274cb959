"""Taps: counted and talked about, and of nobody in particular."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from meetings import taps
from meetings.models import Room, TapChoice, TapQuestion, TapRound
from meetings.models.tap import side_by_side
from meetings.reconciling import reconcile
from tests.factories import in_days, make_group, make_meeting, make_series, make_team, make_user
from tests.meetings.test_room import go_to

pytestmark = pytest.mark.usefixtures("monday")


def members_of(group) -> list:
    return [one.user for one in group.memberships.standing().select_related("user").order_by("pk")]


def begun(group, monday, moment="check_in", starts_at=None):
    """A round of taps of a meeting under way, opened by whoever leads."""
    meeting = make_meeting(group, starts_at)
    monday.move_to(meeting.starts_at)
    room = Room.start(meeting, by=members_of(group)[0])
    return TapRound.open(room, by=room.chair)


@pytest.fixture
def team(organisation, leader):
    others = [make_user(organisation) for _ in range(6)]
    return make_team(organisation, [leader, *others], name="Område Nord")


@pytest.fixture
def round(team, monday):
    return begun(team, monday)


def tap_all(round, steps) -> None:
    for person, step in zip(members_of(round.meeting.group), steps, strict=False):
        round.tap(person, step)


def close(round):
    round.close(by=round.meeting.room.chair)
    return TapRound.objects.for_page().get(pk=round.pk)


# ---- a round


def test_a_round_is_tapped_closed_and_shown_as_how_many_at_each_step(round):
    tap_all(round, [1, 3, 4, 4, 5])
    assert round.figure == []
    closed = close(round)
    assert [number for _step, number in closed.figure] == [1, 0, 1, 2, 1]
    assert (closed.tapped, closed.is_open) == ([], False)
    close(closed)
    assert TapRound.objects.get().totals == [1, 0, 1, 2, 1]


def test_four_are_too_few_and_nothing_of_them_is_kept(round):
    tap_all(round, [1, 1, 5, 5])
    closed = close(round)
    assert (closed.has_figure, closed.totals, closed.answers) == (False, None, None)


def test_an_organisation_may_ask_for_more_and_never_for_fewer(round, organisation):
    organisation.least_taps = 6
    organisation.save()
    tap_all(round, [1, 2, 3, 4, 5])
    assert TapRound.objects.get().meeting.group.organisation.least_taps == 6
    fresh = TapRound.objects.for_page().get()
    assert close(fresh).totals is None
    organisation.least_taps = 4
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation.save()


def test_a_threshold_raised_later_hides_what_was_shown(round, organisation):
    tap_all(round, [1, 2, 3, 4, 5])
    assert close(round).has_figure
    organisation.least_taps = 6
    organisation.save()
    assert TapRound.objects.for_page().get().figure == []


def test_a_tap_is_final(round, leader):
    assert round.tap(leader, 1) is True
    assert round.tap(leader, 5) is False
    assert TapRound.objects.get(pk=round.pk).tap(leader, 5) is False  # on another device
    assert taps.totals(round.pk) == [1, 0, 0, 0, 0]


def test_after_closing_nobody_taps(round, leader):
    tap_all(round, [5, 5, 5, 5, 5])
    closed = close(round)
    with pytest.raises(ValidationError, match="lukket"):
        closed.tap(members_of(round.meeting.group)[6], 1)
    assert TapRound.objects.get().totals == [0, 0, 0, 0, 5]


def test_the_senior_manager_who_left_and_who_never_was_in_it_are_not_asked(round, team):
    gone = members_of(team)[3]
    team.membership_of(gone).leave()
    for person in (team.senior_manager, gone, make_user(team.organisation)):
        with pytest.raises(PermissionDenied):
            round.tap(person, 5)
    assert taps.totals(round.pk) == [0] * 5


def test_in_a_network_group_who_has_not_said_yes_to_the_lines_is_not_asked(organisation, monday):
    group = make_group(organisation, 6, status="running", size=8)
    round = begun(group, monday)
    newcomer = make_user(organisation)
    group.memberships.create(user=newcomer)
    with pytest.raises(PermissionDenied):
        round.tap(newcomer, 5)


def test_it_is_opened_by_whoever_leads_at_check_in_or_check_out_once(team, monday):
    round = begun(team, monday)
    room = round.meeting.room
    assert TapRound.open(room, by=room.chair) == round
    with pytest.raises(PermissionDenied):
        TapRound.open(room, by=members_of(team)[1])
    with pytest.raises(PermissionDenied):
        round.close(by=members_of(team)[1])
    close(round)
    with pytest.raises(ValidationError, match="allerede"):
        TapRound.open(room, by=room.chair)
    room.next(by=room.chair)
    with pytest.raises(ValidationError, match="tjek ind eller"):
        TapRound.open(room, by=room.chair)


def test_one_question_is_tapped_on_once_a_meeting(round, team, leader):
    """Else whoever came late is the difference of two figures."""
    tap_all(round, [1, 2, 3, 4, 5])
    close(round)
    room = Room.objects.for_page().get()
    go_to(room, "Tjek ud")
    with pytest.raises(ValidationError, match="i dag"):
        TapRound.open(room, by=room.chair)
    choice = TapChoice.objects.for_season(round.meeting.series)
    choice.ask(TapQuestion.objects.get(slug="growth"), by=leader)
    assert TapRound.open(room, by=room.chair).moment == "check_out"


def test_four_members_go_round_instead(organisation, monday):
    with pytest.raises(ValidationError, match="I er 4"):
        begun(make_team(organisation, 4), monday)


# ---- what the group decides


def test_any_member_decides_before_tapping_whether_the_senior_manager_sees(team, leader, monday):
    series = make_series(team, in_days(3), meetings=2)
    first, second = series.meetings.order_by("starts_at")
    manager = team.senior_manager
    with pytest.raises(PermissionDenied):
        TapChoice.objects.for_season(series).say(True, by=manager)
    round = TapRound.begin(first, "check_in")
    TapChoice.objects.for_season(series).say(True, by=leader)
    tap_all(round, [1, 2, 3, 4, 5])
    round.fall_shut()
    assert not round.is_promised_to(manager)
    assert round.is_promised_to(leader)
    later = TapRound.begin(second, "check_in")
    assert later.is_promised_to(manager)
    TapChoice.objects.for_season(series).say(False, by=members_of(team)[1])
    assert TapRound.objects.get(pk=later.pk).is_promised_to(manager)
    assert not TapRound.objects.get(pk=round.pk).is_promised_to(manager)


def test_what_was_promised_holds_for_who_led_the_team_then(team, leader):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    TapChoice.objects.for_season(first.series).say(True, by=leader)
    round = TapRound.begin(first, "check_in")
    promised, successor = team.senior_manager, make_user(team.organisation)
    team.senior_manager = successor
    team.save()
    round = TapRound.objects.for_page().get(pk=round.pk)
    assert (round.is_promised_to(promised), round.is_promised_to(successor)) == (True, False)
    later = TapRound.begin(second, "check_in")
    assert TapRound.objects.for_page().get(pk=later.pk).is_promised_to(successor)


def test_a_new_season_keeps_the_question_and_decides_anew_who_sees(team, leader):
    series = make_series(team, in_days(3))
    TapChoice.objects.for_season(series).say(True, by=leader)
    own = TapQuestion.objects.word(team, "Jeg gik hjem i tide")
    TapChoice.objects.for_season(series).ask(own, by=leader)
    assert TapChoice.objects.for_season(series).senior_manager_sees
    following = TapChoice.objects.for_season(make_series(team, in_days(60)))
    assert (following.question, following.senior_manager_sees) == (own, False)


def test_a_network_group_shows_its_figure_to_nobody_else(organisation):
    group = make_group(organisation, 6, status="running", size=8)
    series = make_series(group)
    with pytest.raises(ValidationError, match="alene"):
        TapChoice.objects.for_season(series).say(True, by=members_of(group)[0])


def test_figures_whose_difference_is_one_person_are_not_shown_together(team):
    safety, growth = (TapQuestion.objects.get(slug=slug) for slug in ("safety", "growth"))
    season = make_series(team, in_days(3), meetings=5)
    held = season.meetings.order_by("starts_at")
    rounds = [
        TapRound.objects.create(
            meeting=meeting,
            moment="check_in",
            question=question,
            opened_on=date(2026, 11, 9),
            is_open=False,
            totals=[0, 0, 0, 0, answers],
            answers=answers,
        )
        for meeting, (question, answers) in zip(
            held, [(safety, 5), (safety, 6), (growth, 6), (safety, 7), (safety, 7)], strict=True
        )
    ]
    newest_first = TapRound.objects.of_group(team).for_page()
    shown = [(one.question.slug, one.answers) for one in side_by_side(newest_first)]
    assert shown == [("safety", 7), ("safety", 7), ("growth", 6), ("safety", 5)]
    assert len(rounds) == 5


# ---- Valkey is wiped, restarted, away


def test_wiped_in_the_middle_it_is_tapped_again(round, team):
    tap_all(round, [1, 1, 1])
    taps.forget(round.pk)
    fifth = members_of(team)[4]
    assert round.tap(fifth, 5) is True
    again = TapRound.objects.get()
    assert (again.tapped, again.began_again) == ([fifth.pk], 1)
    tap_all(again, [2, 2, 2, 2])
    assert close(again).totals == [0, 4, 0, 0, 1]


def test_wiped_before_closing_nothing_is_shown_and_it_is_tapped_again(round, team):
    tap_all(round, [1, 1, 1, 1, 1])
    taps.forget(round.pk)
    with pytest.raises(ValidationError, match="igen"):
        close(round)
    tap_all(round, [5, 5, 5, 5, 5])
    assert close(round).totals == [0, 0, 0, 0, 5]


def test_a_counter_too_many_begins_the_round_again(round, team):
    """As when the database said no after Valkey had counted."""
    tap_all(round, [1, 1])
    taps.count(round.pk, 3)
    round.tap(members_of(team)[3], 5)
    assert taps.totals(round.pk) == [0, 0, 0, 0, 1]


def test_away_nothing_is_counted_and_nobody_has_tapped(round, leader, settings, monkeypatch):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    with pytest.raises(ValidationError, match="ikke tælles"):
        round.tap(leader, 5)
    with pytest.raises(ValidationError, match="ikke tælles"):
        close(round)
    assert TapRound.objects.get().tapped == []


# ---- what is left of it


def test_who_has_tapped_is_gone_by_midnight(round, monday):
    tap_all(round, [1, 2, 3, 4, 5])
    day = timezone.localdate()
    monday.move_to(round.meeting.group.organisation.at(day, timezone.localtime().time().max))
    reconcile()
    monday.shift(timedelta(minutes=1))
    reconcile()
    closed = TapRound.objects.get()
    assert (closed.tapped, closed.totals) == ([], [1, 1, 1, 1, 1])
    assert taps.totals(round.pk) in (None, [1, 1, 1, 1, 1])


def test_with_the_meeting_it_closes_by_itself(round):
    tap_all(round, [5, 5, 4, 4, 4])
    round.meeting.room.close(by=round.meeting.room.chair)
    reconcile()
    assert TapRound.objects.get().totals == [0, 0, 0, 3, 2]


def test_at_midnight_who_has_tapped_goes_although_valkey_is_away(round, monday, settings):
    tap_all(round, [5, 5, 4, 4, 4])
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    monday.shift(timedelta(days=1))
    reconcile()
    closed = TapRound.objects.get()
    assert (closed.is_open, closed.tapped, closed.totals) == (False, [], None)


def test_counts_are_kept_for_twelve_months(round, monday):
    tap_all(round, [1, 2, 3, 4, 5])
    close(round)
    monday.shift(timedelta(days=364))
    reconcile()
    assert TapRound.objects.count() == 1
    monday.shift(timedelta(days=2))
    reconcile()
    assert TapRound.objects.count() == 0


# ---- nothing links a person to a step


def whole_database() -> str:
    """Every row of every table with its system columns, as text."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names():
            cursor.execute(f'SELECT xmin, ctid, t::text FROM "{name}" t ORDER BY 3')
            found += [f"{name}{row}" for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_database_is_the_same_whoever_tapped_what_in_whatever_order(team, monday, organisation):
    """Three people, three steps, every order and assignment: while it is open and once closed, what
    is stored differs by nothing that says who tapped what.
    """
    people = members_of(team)[:5]
    round = begun(team, monday)
    left = set()
    for order in list(permutations(range(5)))[::17]:
        with transaction.atomic():
            for place, number in enumerate(order):
                round.tap(people[number], [1, 2, 3, 4, 5][place])
            row = TapRound.objects.filter(pk=round.pk).values().get()
            left.add(str(row))
            assert row["tapped"] == sorted(one.pk for one in people)
            transaction.set_rollback(True)
        taps.begin(round.pk)
    assert len(left) == 1


def test_a_tap_adds_no_row_anywhere_and_changes_none_but_the_round(round, leader):
    before = whole_database().splitlines()
    round.tap(leader, 4)
    after = whole_database().splitlines()
    changed = set(before) ^ set(after)
    assert {line.split("(")[0] for line in changed} == {"meetings_tapround"}
    assert len(before) == len(after)


def test_closing_leaves_no_version_with_both_names_and_totals(round):
    tap_all(round, [1, 2, 3, 4, 5])
    open_row = TapRound.objects.get()
    assert (open_row.totals, open_row.answers) == (None, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        TapRound.objects.filter(pk=round.pk).update(totals=[1, 1, 1, 1, 1], answers=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        TapRound.objects.filter(pk=round.pk).update(
            is_open=False, totals=[1, 1, 1, 1, 1], answers=5
        )
    with pytest.raises(IntegrityError), transaction.atomic():  # nor of fewer than five
        TapRound.objects.filter(pk=round.pk).update(
            is_open=False, tapped=[], totals=[1, 1, 1, 1, 0], answers=4
        )
