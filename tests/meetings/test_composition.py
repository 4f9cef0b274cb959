"""Composing an agenda, for whatever people may ask."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.composition import LATELY, LEAST, Proposal, Standing, compose

EIGHT = datetime(2026, 11, 9, 8, tzinfo=UTC)

ASKED = st.builds(
    Proposal,
    key=st.integers(1, 10_000),
    carried=st.booleans(),
    turns=st.integers(0, 6),
    support=st.integers(0, 12),
    asked_at=st.integers(0, 10_000).map(lambda minutes: EIGHT + timedelta(minutes=minutes)),
    minutes=st.integers(5, 120),
    asker=st.integers(1, 12),
    ago=st.integers(1, 7),
)
PROPOSALS = st.lists(ASKED, max_size=40, unique_by=lambda one: one.key)
STANDING = st.lists(
    st.builds(Standing, key=st.integers(10_001, 10_020), minutes=st.integers(5, 60)),
    max_size=4,
    unique_by=lambda one: one.key,
)
MINUTES = st.integers(10, 445)


@given(PROPOSALS, MINUTES, STANDING)
def test_the_time_is_never_exceeded_and_nothing_is_lost(proposals, minutes, standing):
    places, left_over = compose(proposals, minutes, standing)
    assert sum(place.minutes for place in places) <= minutes
    mine = {one.key: one.minutes for one in [*proposals, *standing]}
    for place in places:
        assert min(LEAST, mine[place.key]) <= place.minutes <= mine[place.key]
    asked = [place.key for place in places if place.why != "standing"]
    assert sorted(asked + left_over) == sorted(one.key for one in proposals)


@given(PROPOSALS, MINUTES)
def test_what_did_not_fit_had_no_room(proposals, minutes):
    places, left_over = compose(proposals, minutes)
    left = minutes - sum(place.minutes for place in places)
    wanted = {one.key: one.minutes for one in proposals}
    for key in left_over:
        assert left < min(LEAST, wanted[key])


@given(PROPOSALS, MINUTES, STANDING)
def test_the_order_is_what_its_reasons_say(proposals, minutes, standing):
    places, _left_over = compose(proposals, minutes, standing)
    by_key = {one.key: one for one in proposals}
    whys = [place.why for place in places]
    fixed = [place.key for place in places if place.why == "standing"]
    assert [place.key for place in places][: len(fixed)] == fixed
    asked = [by_key[place.key] for place in places if place.key in by_key]
    carried = [one for one in asked if one.carried]
    assert asked[: len(carried)] == carried
    assert whys[len(fixed) : len(fixed) + len(carried)] == ["carried"] * len(carried)
    taken = Counter(one.asker for one in carried)
    fresh = asked[len(carried) :]
    for number, one in enumerate(fresh):
        for other in fresh[number + 1 :]:
            assert one.rank(taken) < other.rank(taken)
        why = whys[len(fixed) + len(carried) + number]
        assert (why == "first") <= (one.support == 0)
        assert (why == "support") <= (one.support > 0)
        taken[one.asker] += 1


@given(st.permutations(range(8)), MINUTES)
def test_the_order_in_which_they_are_read_decides_nothing(order, minutes):
    asked = [
        Proposal(number, number % 3 == 0, number % 2, number % 4, EIGHT, 15, number % 5)
        for number in range(8)
    ]
    assert compose([asked[number] for number in order], minutes) == compose(asked, minutes)


def test_nobody_asked_anything():
    assert compose([], 55) == ([], [])


def test_forty_questions_for_sixty_minutes():
    asked = [
        Proposal(number, False, 0, number % 5, EIGHT + timedelta(minutes=number), 20, number % 12)
        for number in range(40)
    ]
    places, left_over = compose(asked, 60)
    assert [place.minutes for place in places] == [20, 20, 20]
    assert len(left_over) == 37
    assert len({by_asker(asked, place) for place in places}) == 3


def by_asker(asked, place) -> int:
    return next(one.asker for one in asked if one.key == place.key)


def test_standing_items_take_their_minutes_first():
    asked = [Proposal(1, True, 0, 9, EIGHT, 50, 1)]
    places, _ = compose(asked, 55, [Standing(7, 10)])
    assert [(place.key, place.minutes, place.why) for place in places] == [
        (7, 10, "standing"),
        (1, 45, "carried"),
    ]


# ---- ten meetings of one group, as they would be composed one after the other


class Team:
    """Who waits, who was carried over, who had the table on the last meetings."""

    def __init__(self):
        self.waiting: list[Proposal] = []
        self.carried: Counter = Counter()
        self.lately: list[list[int]] = []
        self.keys = iter(range(1, 100_000))

    def meet(self, asked: list[tuple[int, int]], minutes: int) -> list[int]:
        """(asker, support) of each new question; answers who had the table, in order."""
        lately = self.lately[-LATELY:]
        turns = Counter(asker for meeting in lately for asker in meeting)
        ago = {asker: len(lately) - n for n, meeting in enumerate(lately) for asker in meeting}
        fresh = [
            Proposal(key, False, 0, support, EIGHT + timedelta(minutes=key), 20, asker)
            for key, (asker, support) in zip(self.keys, asked, strict=False)
        ]
        proposals = [
            Proposal(
                one.key,
                one.key in self.carried,
                turns[one.asker],
                one.support,
                one.asked_at,
                one.minutes,
                one.asker,
                ago.get(one.asker, LATELY + 1),
            )
            for one in self.waiting + fresh
        ]
        places, left_over = compose(proposals, minutes)
        by_key = {one.key: one for one in proposals}
        self.waiting = [by_key[key] for key in left_over if key not in self.carried]
        self.carried.update(one.key for one in self.waiting)
        had = [by_key[place.key].asker for place in places]
        self.lately.append(had)
        return had


@settings(deadline=None)
@given(st.data(), st.integers(2, 12), st.integers(1, 3))
def test_nobody_waits_while_others_get_it_twice(data, people, places):
    """All ask at each of ten meetings, with whatever support: nobody waits longer than the round
    takes, and while somebody waits nobody has the table more than twice.
    """
    team, waits = Team(), Counter()
    meanwhile = {asker: Counter() for asker in range(people)}
    a_round = -(-people // places)
    for _meeting in range(10):
        asked = [(asker, data.draw(st.integers(0, 6))) for asker in range(people)]
        here = team.meet(data.draw(st.permutations(asked)), 20 * places)
        for asker, others in meanwhile.items():
            waits[asker] = 0 if asker in here else waits[asker] + 1
            others.clear() if asker in here else others.update(here)
            assert waits[asker] <= a_round
            assert max(others.values(), default=0) <= 2


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 6)), max_size=9), max_size=10))
def test_a_question_is_carried_over_at_most_once(meetings):
    team = Team()
    for asked in meetings:
        team.meet(asked, 55)
    assert max(team.carried.values(), default=0) <= 1


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(0, 12))
def test_who_asks_much_does_not_crowd_out_who_asks_once(many, support):
    """A busy colleague with nine well-liked questions, and one quiet question beside them."""
    asked = [(1, support)] * many + [(2, 0)]
    assert 2 in Team().meet(asked, 40)
