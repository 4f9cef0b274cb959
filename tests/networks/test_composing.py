"""New groups in the making: who and how many, the search, adjusting, and what survives a fault."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from networks import composing
from networks.models import Busy, Composition, Group, KeptApart, Membership, Unit
from tests import factories

pytestmark = pytest.mark.django_db
State = Composition.State


@pytest.fixture
def leaders(organisation):
    """Fifteen leaders in three areas, each area with its boss."""
    top = factories.make_unit(organisation, kind="administration")
    found = []
    for number in range(3):
        area = factories.make_unit(organisation, kind="area", parent=top, name=f"Område {number}")
        boss = factories.make_user(organisation, f"Chef {number}", unit=area)
        Unit.objects.filter(pk=area.pk).update(head=boss)
        for one in range(5):
            unit = factories.make_unit(organisation, parent=area)
            name = f"Leder {number}{one}"
            found.append(factories.make_user(organisation, name, unit=unit, manager=boss))
    return found


@pytest.fixture
def composition(secretariat, leaders):
    return Composition.draft(by=secretariat)


def solved(composition) -> Composition:
    composition.ask_for_proposal(seconds=10)
    composing.compose(composition.pk)
    composition.refresh_from_db()
    return composition


def names(composition) -> list[list[str]]:
    return [
        [seat.user.name for seat in group.seats.in_order()] for group in composition.groups.all()
    ]


def seat_of(composition, person):
    return composition.seats.select_related("group").get(user=person)


# ---- who and how many


def test_a_draft_begins_with_every_leader_of_employees_who_has_no_group(
    organisation, secretariat, leaders
):
    factories.make_group(organisation, [leaders[0]])
    factories.make_user(organisation, "Sekretær", is_secretariat=True)
    composition = Composition.draft(by=secretariat)
    chosen = {seat.user for seat in composition.seats.select_related("user")}
    assert chosen == set(leaders[1:])
    assert composition.number_of_groups == 2
    assert [group.name for group in composition.groups.all()] == ["Fyret", "Kompasset"]
    assert Composition.draft(by=secretariat) == composition


def test_names_that_are_taken_are_not_offered(organisation, secretariat, leaders):
    factories.make_group(organisation, name="fyret")
    composition = Composition.draft(by=secretariat)
    assert [group.name for group in composition.groups.all()] == ["Kompasset", "Ankeret"]


def test_levels_units_and_the_line_of_command_are_looked_up(composition, leaders):
    bosses = list(composition.candidates().filter(name__startswith="Chef"))
    composition.choose([one.pk for one in [*leaders, bosses[0]]], 3)
    facts = {seat.user.name: seat.facts for seat in composition.seats.select_related("user")}
    assert facts["Chef 0"]["level"] == "leaders"
    assert facts["Leder 00"]["level"] == "employees"
    assert facts["Leder 00"]["above"] == [bosses[0].pk]
    assert facts["Leder 10"]["above"] == []
    area = ["area", bosses[0].unit_id]
    assert area in facts["Leder 00"]["circles"]
    assert area in facts["Chef 0"]["circles"]


def test_only_people_of_the_house_can_be_chosen(composition, leaders, outsider, secretariat):
    composition.choose([leaders[0].pk, outsider.pk, secretariat.pk], 1)
    assert [seat.user for seat in composition.seats.all()] == [leaders[0]]


def test_who_is_left_out_takes_their_wishes_along(composition, leaders):
    composition.wish([leaders[0], leaders[1]])
    composition.wish([leaders[2], leaders[3]])
    composition.keep_apart(leaders[0], leaders[4])
    composition.choose([one.pk for one in leaders[1:]], 2)
    assert [wish.keys for wish in composition.wishes.with_people()] == [
        sorted([leaders[2].pk, leaders[3].pk])
    ]
    assert not composition.kept_apart.exists()


def test_a_wish_said_twice_is_one(composition, leaders):
    for people in ([0, 1], [0, 1], [1, 0], [0, 1, 2], [0, 2, 1]):
        composition.wish([leaders[one] for one in people])
    assert [len(wish.keys) for wish in composition.wishes.with_people()] == [2, 2, 3]


@pytest.mark.parametrize(
    ("people", "groups", "what"),
    [(3, 4, "few"), (15, 4, "numbers"), (15, 1, "numbers"), (7, 2, "numbers")],
)
def test_numbers_that_can_not_be(composition, people, groups, what):
    with pytest.raises(ValidationError) as refused:
        composition.refuse_impossible_numbers(people, groups)
    assert refused.value.code == what


# ---- the search


def test_a_proposal_seats_everybody_and_keeps_the_rules(composition, leaders):
    composition.wish([leaders[0], leaders[9]])
    composition.keep_apart(leaders[1], leaders[11])
    solved(composition)
    assert composition.state == State.PROPOSED
    assert composition.proven
    assert sorted(map(len, names(composition))) == [7, 8]
    together = {seat.group for seat in composition.seats.filter(user__in=[leaders[0], leaders[9]])}
    apart = {seat.group for seat in composition.seats.filter(user__in=[leaders[1], leaders[11]])}
    assert (len(together), len(apart)) == (1, 2)
    for group in composition.groups.all():
        assert group.seats.filter(user=group.facilitator).exists()


def test_the_doorbell_rings_and_the_worker_composes(
    composition, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        composition.ask_for_proposal()
        composition.ask_for_proposal()
    composition.refresh_from_db()
    assert (composition.state, composition.run) == (State.PROPOSED, 1)


def test_a_lost_ring_is_picked_up_later(composition):
    composition.ask_for_proposal()
    composing.compose_what_lies(timezone.now())
    composition.refresh_from_db()
    assert composition.state == State.PROPOSED


def test_two_workers_do_it_once(composition):
    composition.ask_for_proposal()
    assert composition.claim() == 1
    assert Composition.objects.get(pk=composition.pk).claim() is None


def test_a_worker_that_died_is_followed_by_another(composition):
    composition.ask_for_proposal()
    composition.claim()
    with time_machine.travel(timezone.now() + timedelta(seconds=40)):
        composition.refresh_from_db()
        assert composition.is_stale
        composing.compose_what_lies(timezone.now())
    composition.refresh_from_db()
    assert (composition.state, composition.run) == (State.PROPOSED, 2)
    assert composition.heartbeat(1, {}, 0, 0) is False  # should it wake up after all


def test_what_an_overtaken_worker_finds_is_not_written(composition, leaders):
    composition.ask_for_proposal()
    run = composition.claim()
    Composition.objects.filter(pk=composition.pk).update(run=run + 1)
    outcome = composing.Outcome({leaders[0].pk: 0}, cost=1)
    composing.settle(composition, run, outcome)
    assert not composition.seats.filter(group__isnull=False).exists()


def test_the_best_so_far_and_how_far_it_is_stand_on_the_row(composition, leaders):
    composition.ask_for_proposal()
    run = composition.claim()
    assert composition.heartbeat(run, {leaders[0].pk: 1}, 40, 20)
    composition.refresh_from_db()
    assert (composition.best, composition.cost, composition.bound) == (
        {str(leaders[0].pk): 1},
        40,
        20,
    )
    composition.stop()
    assert composition.heartbeat(run, None, None, 20) is False


def test_what_nobody_has_begun_is_not_begun_when_it_is_stopped(composition):
    composition.ask_for_proposal()
    composition.stop()
    composing.compose_what_lies(timezone.now())
    composition.refresh_from_db()
    assert composition.state == State.DRAFT


def test_a_fault_is_said_without_saying_who(composition, leaders, caplog, monkeypatch):
    def fails(search):
        raise KeyError(f"{leaders[0].name} {leaders[0].pk}")

    composition.ask_for_proposal()
    monkeypatch.setattr(composing.Search, "run", fails)
    with caplog.at_level(logging.DEBUG):
        composing.compose(composition.pk)
    composition.refresh_from_db()
    assert composition.state == State.FAILED
    said = [record.getMessage() for record in caplog.records if record.name.startswith("networks")]
    assert said == [f"composition {composition.pk} failed: KeyError"]
    assert leaders[0].name not in caplog.text
    monkeypatch.undo()
    assert solved(composition).state == State.PROPOSED


def test_an_impossible_one_names_what_conflicts(composition, leaders):
    boss = composition.candidates().get(name="Chef 0")
    composition.choose([one.pk for one in [*leaders[:5], boss]], 1)
    solved(composition)
    assert composition.state == State.IMPOSSIBLE
    assert composition.demands == [{"what": "alone", "people": [boss.pk], "group": None}]


def test_nothing_is_adjusted_while_the_solver_works(composition, leaders):
    composition.ask_for_proposal()
    for adjust in (
        lambda: composition.choose([], 2),
        lambda: composition.wish(leaders[:2]),
        lambda: composition.undo_last(),
        lambda: composition.discard(),
    ):
        with pytest.raises(Busy):
            adjust()


# ---- adjusting


def test_a_move_is_made_and_undone(composition, leaders):
    solved(composition)
    before = names(composition)
    seat = seat_of(composition, leaders[0])
    other = composition.groups.exclude(pk=seat.group_id).get()
    composition.move(seat, other)
    composition.move(seat, other)
    composition.refresh_from_db()
    assert seat_of(composition, leaders[0]).group == other
    assert len(composition.undo) == 1
    assert composition.undo_last()
    assert names(composition) == before
    assert not composition.undo_last()


def test_a_facilitator_who_moves_leaves_the_rope(composition):
    solved(composition)
    first, second = composition.groups.all()
    was = first.facilitator
    composition.move(seat_of(composition, was), second)
    first.refresh_from_db()
    assert first.facilitator is not None
    assert first.facilitator != was
    assert first.seats.filter(user=first.facilitator).exists()


def test_who_tends_a_group_already_is_not_suggested(organisation, secretariat, leaders):
    for leader in leaders[:7]:
        factories.make_group(organisation, [leader])
    composition = Composition.draft(by=secretariat)
    composition.choose([one.pk for one in leaders], 2)
    solved(composition)
    tending = set(Membership.objects.tending().values_list("user", flat=True))
    assert [g.facilitator_id for g in composition.groups.all() if g.facilitator_id in tending] == []


def test_who_is_locked_stays_when_the_rest_is_composed_again(composition, leaders):
    solved(composition)
    seat = seat_of(composition, leaders[0])
    other = composition.groups.exclude(pk=seat.group_id).get()
    composition.move(seat, other)
    seat.set_lock(True)
    composition.refresh_from_db()
    solved(composition)
    assert seat_of(composition, leaders[0]).group == other


def test_a_locked_group_keeps_its_people(composition, leaders):
    composition.choose([one.pk for one in leaders], 3)
    solved(composition)
    group = composition.groups.first()
    kept = names(composition)[0]
    group.set_lock(True)
    outside = [one for one in leaders if one.name not in kept]
    inside = next(one for one in leaders if one.name in kept)
    composition.wish([outside[0], inside])
    composition.wish([outside[0], outside[-1]])
    solved(composition)
    assert names(composition)[0] == kept


def test_who_asked_to_swap_is_moved(composition, leaders):
    solved(composition)
    composition.share()
    seat = seat_of(composition, leaders[0])
    assert seat.ask_to_swap(True)
    solved(composition)
    moved = seat_of(composition, leaders[0])
    assert moved.group != seat.group
    assert moved.wants_swap is False


# ---- the start


def test_groups_are_made_real_once_and_who_was_kept_apart_is_forgotten(composition, leaders):
    composition.keep_apart(leaders[0], leaders[9])
    solved(composition)
    made = composition.found_groups()
    assert composition.found_groups() == made
    assert [group.name for group in made] == ["Fyret", "Kompasset"]
    assert {group.status for group in made} == {Group.Status.RUNNING}
    for group, proposed in zip(made, composition.groups.all(), strict=True):
        standing = group.memberships.standing()
        assert {one.user_id for one in standing} == {s.user_id for s in proposed.seats.all()}
        assert [one.user for one in standing.filter(role="facilitator")] == [proposed.facilitator]
        assert {one.affirmed_at for one in standing} == {None}
    assert not KeptApart.objects.exists()
    assert composition.state == State.STARTED


def test_nothing_is_started_where_a_rule_is_broken(composition, leaders):
    boss = composition.candidates().get(name="Chef 0")
    composition.choose([one.pk for one in [*leaders[5:], boss, *leaders[:3]]], 2)
    solved(composition)
    boss_seat = seat_of(composition, boss)
    led = seat_of(composition, leaders[0])
    composition.move(led, boss_seat.group)
    with pytest.raises(ValidationError):
        composition.found_groups()
    assert not Group.objects.exists()


def test_a_boss_appointed_after_the_proposal_stops_the_start(composition, leaders):
    solved(composition)
    seat = seat_of(composition, leaders[0])
    mate = seat.group.seats.exclude(pk=seat.pk).first().user
    mate.manager = leaders[0]
    mate.save()
    with pytest.raises(ValidationError):
        composition.found_groups()
    assert not Group.objects.exists()


def test_a_name_taken_meanwhile_stops_all_of_them(composition, organisation):
    solved(composition)
    factories.make_group(organisation, name="KOMPASSET")
    with pytest.raises(ValidationError):
        composition.found_groups()
    assert Group.objects.count() == 1


# ---- where the pairs may not be


def test_pairs_kept_apart_are_in_no_row_but_their_own(composition, leaders):
    """Not in what is kept of a search, and gone with the composition."""
    composition.keep_apart(leaders[3], leaders[9])
    solved(composition)
    columns = "best, demands, undo"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM networks_composition")
        kept = cursor.fetchall()
        cursor.execute("SELECT facts FROM networks_seat WHERE user_id = %s", [leaders[3].pk])
        facts = cursor.fetchall()
    assert str(leaders[9].pk) not in str(kept).replace("None", "")
    assert "apart" not in str(facts)
    assert str(KeptApart.objects.get()) == "two people"
    composition.discard()
    assert not KeptApart.objects.exists()
