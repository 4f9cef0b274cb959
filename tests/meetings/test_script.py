"""The script: whatever the format, the agenda and the length, the time adds up."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from meetings.script import UNIT, Beat, Item, fit, script, share

FRAME = ["check_in", "since_last", "guidepost", "parked", "agree", "check_out", "plain", "pairs"]
minutes = st.integers(1, 60)
word = st.just(("Ord", "Word"))
part = st.builds(Beat, st.sampled_from(["think", "pairs", "together", "gather"]), minutes, word)
frame = st.builds(Beat, st.sampled_from(FRAME), minutes, word)
place = st.builds(Beat, st.just("item"), minutes, word, word, st.lists(part, max_size=4).map(tuple))
formats = st.lists(st.one_of(frame, place), min_size=1, max_size=12)
agendas = st.lists(st.integers(5, 120), max_size=40).map(
    lambda lengths: [Item(number, length) for number, length in enumerate(lengths)]
)
DIALOGUE = [
    Beat("check_in", 10, ("Tjek ind", "Check-in")),
    Beat("item", 30, ("Første", "First"), parts=(Beat("think", 3, ("T", "T")),) * 2),
    Beat("item", 15, ("Andet", "Second")),
    Beat("check_out", 5, ("Tjek ud", "Check-out")),
]


def lengths(steps) -> list[tuple]:
    return [(step.kind, step.item, step.seconds // 60) for step in steps]


@given(formats, agendas, st.integers(45, 480))
def test_the_steps_are_exactly_as_long_as_the_meeting(beats, items, length):
    steps = script(beats, items, length)
    assert sum(step.seconds for step in steps) == length * 60
    assert min(step.seconds for step in steps) >= UNIT


@given(formats, agendas, st.integers(45, 480))
def test_every_question_has_its_place_in_the_order_of_the_agenda(beats, items, length):
    met = [step.item for step in script(beats, items, length) if step.item is not None]
    assert list(dict.fromkeys(met)) == [item.key for item in items]


@given(st.integers(0, 40_000), st.lists(st.integers(1, 20_000), min_size=1, max_size=40))
def test_sharing_gives_away_all_there_is_and_more_to_who_weighs_more(total, weights):
    shares = share(total, weights)
    if total >= UNIT * len(weights):
        assert sum(shares) == total
    by_weight = [given for _weight, given in sorted(zip(weights, shares, strict=True))]
    assert all(later >= earlier - 2 * UNIT for earlier, later in pairwise(by_weight))


@given(
    st.integers(0, 40_000),
    st.lists(st.tuples(st.integers(1, 200).map(lambda n: n * UNIT), st.booleans()), min_size=1),
)
def test_spare_time_goes_to_the_questions_alone(total, pairs):
    wanted, grows = [seconds for seconds, _can in pairs], [can for _seconds, can in pairs]
    given = fit(total, wanted, grows)
    if sum(wanted) < total and any(grows):
        kept = [a == b for a, b, can in zip(given, wanted, grows, strict=True) if not can]
        assert all(kept)
    if total >= UNIT * len(pairs):
        assert sum(given) == total


def test_two_questions_and_the_time_they_were_given():
    steps = script(DIALOGUE, [Item(7, 30), Item(8, 15)], 60)
    assert lengths(steps) == [
        ("check_in", None, 10),
        ("think", 7, 15),
        ("think", 7, 15),
        ("item", 8, 15),
        ("check_out", None, 5),
    ]


def test_a_third_question_gets_the_form_of_the_last_place():
    steps = script(DIALOGUE, [Item(7, 20), Item(8, 15), Item(9, 10)], 60)
    assert [(step.whole[1], step.item) for step in steps if step.item] == [
        ("First", 7),
        ("First", 7),
        ("Second", 8),
        ("Second", 9),
    ]


def test_one_question_gets_what_the_second_would_have_had():
    assert lengths(script(DIALOGUE, [Item(7, 20)], 60)) == [
        ("check_in", None, 10),
        ("think", 7, 22),
        ("think", 7, 22),
        ("check_out", None, 5),
    ]


def test_without_any_question_the_places_become_one_open_round():
    assert lengths(script(DIALOGUE, [], 60)) == [
        ("check_in", None, 10),
        ("item", None, 45),
        ("check_out", None, 5),
    ]


def test_phases_longer_than_the_meeting_are_shortened_alike():
    assert lengths(script(DIALOGUE, [Item(7, 60), Item(8, 15)], 45)) == [
        ("check_in", None, 5),
        ("think", 7, 15),
        ("think", 7, 15),
        ("item", 8, 7),
        ("check_out", None, 2),
    ]


def test_a_format_without_a_place_for_questions_makes_one_before_its_end():
    beats = [Beat("plain", 20, ("A", "A")), Beat("check_out", 10, ("B", "B"))]
    assert lengths(script(beats, [Item(7, 30)], 60)) == [
        ("plain", None, 20),
        ("item", 7, 30),
        ("check_out", None, 10),
    ]


def test_sparring_is_played_by_the_format_chosen_for_it():
    beats = [Beat("sparring", 60, ("Sparring", "Sparring")), Beat("check_out", 10, ("B", "B"))]
    chosen = [Beat("plain", 1, ("Stilhed", "Silence")), Beat("plain", 3, ("Fortæl", "Tell"))]
    steps = script(beats, [], 70, sparring=chosen)
    assert [(step.title[1], step.whole[1], step.seconds // 60) for step in steps] == [
        ("Silence", "Sparring", 15),
        ("Tell", "Sparring", 45),
        ("B", "B", 10),
    ]
