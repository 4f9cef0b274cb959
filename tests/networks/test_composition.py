"""The solver: what it always keeps, what it says, and that it says the same each time."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from networks.composition import Demand, Person, Puzzle, Search, Wish, judge, why_impossible
from tests.bench.planted import planted

SECONDS = 20


def people(number: int, **values) -> tuple[Person, ...]:
    return tuple(Person(one, **values) for one in range(number))


def led_by(boss: int, *led: int, number: int) -> tuple[Person, ...]:
    return tuple(
        Person(one, above=frozenset({boss}) if one in led else frozenset()) for one in range(number)
    )


def composed(puzzle: Puzzle, **values):
    return Search(puzzle, seconds=SECONDS, **values).run()


def sizes(seating) -> list[int]:
    return sorted(Counter(seating.values()).values())


@st.composite
def puzzles(draw):
    """With whatever may be asked for, also what is impossible."""
    groups = draw(st.integers(1, 4))
    number = draw(st.integers(4 * groups, min(8 * groups, 22)))
    keys = st.integers(0, number - 1)
    pair = st.tuples(keys, keys).filter(lambda two: two[0] < two[1]).map(frozenset)
    above = {
        one: frozenset(draw(st.sets(st.integers(0, one - 1), max_size=2))) if one else frozenset()
        for one in range(number)
        if draw(st.integers(0, 3)) == 0
    }
    return Puzzle(
        tuple(
            Person(
                one,
                level=draw(st.sampled_from(["leaders", "employees"])),
                circles=frozenset({("area", draw(st.integers(0, 3)))}),
                above=above.get(one, frozenset()),
            )
            for one in range(number)
        ),
        groups,
        tuple(Wish(one, n) for n, one in enumerate(draw(st.lists(pair, max_size=12)))),
        frozenset(draw(st.sets(pair, max_size=4))),
        locked=draw(st.dictionaries(keys, st.integers(0, groups - 1), max_size=3)),
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(puzzles())
def test_no_rule_is_ever_broken_and_what_is_proven_is_as_it_was_said(puzzle):
    outcome = composed(puzzle)
    if outcome.seating is None:
        assert outcome.impossible
        assert why_impossible(puzzle) != []
        return
    judgement = judge(puzzle, outcome.seating)
    assert judgement.keeps_the_rules
    assert sorted(outcome.seating) == [person.key for person in puzzle.people]
    for pair in puzzle.separated:
        assert len({outcome.seating[one] for one in pair}) == 2
    for one, group in puzzle.locked.items():
        assert outcome.seating[one] == group
    assert (outcome.proven, outcome.cost, outcome.bound) == (True, judgement.cost, judgement.cost)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(1, 7).flatmap(lambda k: st.tuples(st.integers(4 * k, 8 * k), st.just(k))))
def test_groups_are_as_even_as_can_be(numbers):
    number, groups = numbers
    outcome = composed(Puzzle(people(number), groups))
    few, more = divmod(number, groups)
    assert sizes(outcome.seating) == [few] * (groups - more) + [few + 1] * more


@settings(max_examples=12, deadline=None, derandomize=True)
@given(puzzles())
def test_the_same_seed_gives_the_same_groups(puzzle):
    assert composed(puzzle, seed=3).seating == composed(puzzle, seed=3).seating


def test_small_ones_are_as_good_as_trying_everything():
    """Eight people into two groups, against every way there is."""
    found = planted(8, 2, seed=5)[0]
    best = min(
        judge(found, {one: int(one in half) for one in range(8)}).cost
        for half in combinations(range(8), 4)
        if judge(found, {one: int(one in half) for one in range(8)}).keeps_the_rules
    )
    assert composed(found).cost == best


def test_thirty_one_leaders_are_composed_as_well_as_possible():
    puzzle, met = planted(31, 4)
    outcome = composed(puzzle)
    assert outcome.proven
    assert sizes(outcome.seating) == [7, 8, 8, 8]
    assert len(judge(puzzle, outcome.seating).met) >= met


def test_three_hundred_leaders_get_what_was_planted():
    puzzle, met = planted(300, 45)
    outcome = Search(puzzle, seconds=1).run()
    judgement = judge(puzzle, outcome.seating)
    assert judgement.keeps_the_rules
    assert set(sizes(outcome.seating)) == {6, 7}
    assert len(judgement.met) >= 0.95 * met
    assert outcome.bound <= outcome.cost


def test_areas_are_spread_and_levels_are_not_mixed():
    crowd = tuple(
        Person(
            one,
            level="leaders" if one < 4 else "employees",
            circles=frozenset({("area", one % 2)}),
        )
        for one in range(12)
    )
    outcome = composed(Puzzle(crowd, 3))
    judgement = judge(Puzzle(crowd, 3), outcome.seating)
    assert (judgement.off_level, judgement.crowded, outcome.cost) == ({}, {}, 0)
    assert len({outcome.seating[one] for one in range(4)}) == 1


def test_a_wish_weighs_more_than_an_even_mix():
    crowd = tuple(Person(one, circles=frozenset({("area", one // 4)})) for one in range(8))
    wish = Wish(frozenset({0, 1, 2}))
    outcome = composed(Puzzle(crowd, 2, (wish,)))
    judgement = judge(Puzzle(crowd, 2, (wish,)), outcome.seating)
    assert judgement.met == [wish]
    assert judgement.crowded != {}


def test_a_full_group_keeps_its_people_and_gets_no_others():
    locked = {0: 1, 1: 1, 2: 1, 3: 1, 4: 1}
    puzzle = Puzzle(people(17), 3, (Wish(frozenset({0, 9})),), locked=locked, full=frozenset({1}))
    outcome = composed(puzzle)
    assert {one for one, group in outcome.seating.items() if group == 1} == set(locked)
    assert sizes(outcome.seating) == [5, 6, 6]
    assert judge(puzzle, outcome.seating).unmet[0].why == ""


def test_who_wants_to_swap_moves_and_few_others_do():
    now = {one: one % 3 for one in range(18)}
    outcome = composed(Puzzle(people(18), 3, away={0: 0}, now=now))
    moved = {one for one in now if outcome.seating[one] != now[one]}
    assert 0 in moved
    assert len(moved) == 2


# ---- what is impossible


def test_three_leaders_into_four_groups():
    assert composed(Puzzle(people(3), 4)).impossible == [Demand("few")]


def test_too_many_for_the_groups():
    assert composed(Puzzle(people(9), 1)).impossible == [Demand("many")]


def test_somebody_above_all_the_others():
    boss_of_all = led_by(0, *range(1, 12), number=12)
    assert composed(Puzzle(boss_of_all, 2)).impossible == [Demand("alone", (0,))]


def test_more_bosses_above_each_other_than_groups():
    line = tuple(
        Person(one, above=frozenset(range(one)) if one < 3 else frozenset()) for one in range(12)
    )
    assert composed(Puzzle(line, 2)).impossible == [Demand("bosses", (0, 1, 2))]


def test_two_locked_together_of_whom_one_commands_the_other():
    puzzle = Puzzle(led_by(0, 1, number=8), 2, locked={0: 1, 1: 1})
    assert composed(puzzle).impossible == [Demand("command", (0, 1)), Demand("locked", (0, 1), 1)]


def test_too_many_locked_in_one_group():
    puzzle = Puzzle(people(12), 2, locked=dict.fromkeys(range(9), 0))
    assert composed(puzzle).impossible == [Demand("sizes", tuple(range(9)), 0)]


def test_a_core_is_small_and_leaves_out_what_does_no_harm():
    """Beside one boss there are just enough; two of those are boss and led themselves."""
    crowd = tuple(
        Person(one, above=frozenset({0} if 1 <= one <= 6 else {7} if one == 8 else ()))
        for one in range(12)
    )
    harmless = Puzzle(crowd, 2, apart=frozenset({frozenset({1, 9})}), locked={11: 0})
    assert composed(harmless).impossible == [
        Demand("sizes"),
        Demand("command", (0,)),
        Demand("command", (7,)),
    ]


def test_who_is_kept_apart_is_never_said():
    """Three who all are to be apart don't fit into two groups, and nobody learns who they are."""
    apart = frozenset(map(frozenset, combinations((2, 5, 7), 2)))
    puzzle = Puzzle(people(10), 2, (Wish(frozenset({2, 5})),), apart)
    demands = composed(puzzle).impossible
    assert demands == [Demand("sizes"), Demand("apart"), Demand("apart"), Demand("apart")]
    together = judge(puzzle, {one: one % 2 for one in range(10)})
    assert together.apart_broken == {1: 1}
    assert [unmet.why for unmet in together.unmet] == [""]
    locked = Puzzle(people(10), 2, apart=apart, locked={2: 0, 5: 0})
    assert composed(locked).impossible == [Demand("apart"), Demand("locked", (), 0)]


def test_a_search_can_be_stopped():
    puzzle, _met = planted(60, 9)
    search = Search(puzzle, seconds=SECONDS)
    search.stop()
    outcome = search.run()
    assert not outcome.proven
    if outcome.seating:
        assert judge(puzzle, outcome.seating).keeps_the_rules


@pytest.mark.parametrize(
    ("why", "locked", "above"), [("command", {}, {0}), ("locked", {0: 0, 1: 1}, {})]
)
def test_why_a_wish_can_not_be_met(why, locked, above):
    crowd = tuple(
        Person(one, above=frozenset(above) if one == 1 else frozenset()) for one in range(8)
    )
    puzzle = Puzzle(crowd, 2, (Wish(frozenset({0, 1})),), locked=locked)
    assert [unmet.why for unmet in judge(puzzle, composed(puzzle).seating).unmet] == [why]
