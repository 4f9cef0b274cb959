"""What areas say together: only where no one group, and no one person, can be found in it."""

from datetime import date

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from meetings.models import AreaFigure, TapQuestion, TapRound
from meetings.models.area_figure import after, half_steps, holds_without_any, period_of
from meetings.tapping import in_words
from tests.factories import in_days, make_group, make_meeting, make_team, make_unit

pytestmark = pytest.mark.usefixtures("monday")

JULY, SEPTEMBER, NOVEMBER = date(2026, 7, 1), date(2026, 9, 1), date(2026, 11, 1)


def tapped(group, day, totals, question=None, days=3):
    return TapRound.objects.create(
        meeting=make_meeting(group, in_days(days)),
        moment="check_in",
        question=question or TapQuestion.objects.get(slug="safety"),
        opened_on=day,
        is_open=False,
        totals=totals,
        answers=sum(totals),
    )


@pytest.fixture
def area(organisation):
    return make_unit(organisation, kind="area", name="Område Nord")


def groups_in(area, number) -> list:
    below = make_unit(area.organisation, parent=area)
    return [make_group(area.organisation, 2, unit=below) for _ in range(number)]


def settled(moment) -> list:
    AreaFigure.objects.settle(moment)
    figures = AreaFigure.objects.order_by("period", "unit").values_list("unit", "period", "answers")
    return list(figures)


@pytest.fixture
def moment(monday):
    return timezone.now()


def test_three_groups_with_ten_left_without_any_one_of_them(area, moment):
    for group in groups_in(area, 3):
        tapped(group, date(2026, 10, 30), [0, 0, 5, 0, 0])
    assert settled(moment) == [(area.pk, SEPTEMBER, 15)]
    assert AreaFigure.objects.get().half_steps == 6


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [([8, 8], 0), ([30, 5], 0), ([20, 5, 5], 1), ([5, 5, 5], 1)],
)
def test_two_groups_are_not_shown_however_large(area, moment, sizes, shown):
    for group, size in zip(groups_in(area, len(sizes)), sizes, strict=True):
        tapped(group, SEPTEMBER, [0, 0, 0, 0, size])
    assert len(settled(moment)) == shown


@given(st.dictionaries(st.integers(), st.integers(1, 40), max_size=8), st.integers(10, 20))
def test_what_holds_holds_whichever_group_is_taken_away(by_group, least):
    without_any = all(
        len(by_group) - 1 >= 2 and sum(by_group.values()) - number >= least
        for number in by_group.values()
    )
    assert holds_without_any(by_group, least) == (without_any and bool(by_group))


def test_areas_too_small_count_with_the_rest_and_each_group_in_one_place(area, moment):
    organisation = area.organisation
    small = make_unit(organisation, kind="area", name="Område Syd")
    for group in groups_in(area, 3):
        tapped(group, SEPTEMBER, [0, 0, 0, 5, 0])
    across = [make_group(organisation, 2) for _ in range(2)]
    for group in [*groups_in(small, 1), *across]:
        tapped(group, SEPTEMBER, [0, 5, 0, 0, 0])
    assert settled(moment) == [(area.pk, SEPTEMBER, 15), (None, SEPTEMBER, 15)]


def test_a_period_under_way_says_nothing_and_a_past_one_never_changes(area, moment, monday):
    groups = groups_in(area, 4)
    for group in groups[:3]:
        tapped(group, date(2026, 10, 5), [0, 0, 5, 0, 0])
        tapped(group, NOVEMBER, [5, 0, 0, 0, 0], days=20)
    assert settled(moment) == [(area.pk, SEPTEMBER, 15)]
    tapped(groups[3], date(2026, 10, 6), [5, 0, 0, 0, 0])  # found too late
    TapRound.objects.filter(opened_on=date(2026, 10, 5)).delete()
    assert settled(moment) == [(area.pk, SEPTEMBER, 15)]


@pytest.mark.parametrize(("more", "shown"), [(0, 2), (1, 1), (2, 1), (3, 2)])
def test_two_figures_that_differ_by_one_person_or_two_are_not_both_shown(area, moment, more, shown):
    for number, group in enumerate(groups_in(area, 3)):
        tapped(group, JULY, [0, 0, 5, 0, 0])
        tapped(group, SEPTEMBER, [0, 0, 5, 0, 0 if number else more], days=20)
    assert len(settled(moment)) == shown


def test_a_groups_own_words_stay_in_the_group(area, moment):
    for group in groups_in(area, 4):
        own = TapQuestion.objects.word(group, "Jeg gik hjem i tide")
        tapped(group, SEPTEMBER, [0, 0, 0, 0, 6], question=own)
    assert settled(moment) == []


def test_one_question_is_not_mixed_with_another(area, moment):
    growth = TapQuestion.objects.get(slug="growth")
    first, second, third = groups_in(area, 3)
    tapped(first, SEPTEMBER, [0, 0, 0, 0, 9])
    tapped(second, SEPTEMBER, [0, 0, 0, 0, 9])
    tapped(third, SEPTEMBER, [0, 0, 0, 0, 9], question=growth)
    assert settled(moment) == []


def test_an_organisation_that_asks_for_more_gets_fewer_figures(area, moment):
    area.organisation.least_taps = 8
    area.organisation.save()
    for group in groups_in(area, 3):
        tapped(group, SEPTEMBER, [0, 0, 0, 0, 7])
    assert settled(moment) == []


def test_teams_and_network_groups_count_together(area, moment):
    organisation = area.organisation
    tapped(make_team(organisation, 2, unit=area), SEPTEMBER, [0, 0, 0, 0, 6])
    for group in groups_in(area, 2):
        tapped(group, SEPTEMBER, [6, 0, 0, 0, 0])
    assert settled(moment) == [(area.pk, SEPTEMBER, 18)]
    assert AreaFigure.objects.get().half_steps == 5


def test_periods_follow_one_another_through_the_year():
    assert [period_of(date(2026, month, 28)).month for month in range(1, 13)] == [
        1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11,
    ]  # fmt: skip
    assert after(NOVEMBER) == date(2027, 1, 1)


def test_rounded_to_half_steps_and_said_in_words():
    assert half_steps([0, 0, 0, 0, 7]) == 10
    assert half_steps([7, 0, 0, 0, 0]) == 2
    assert half_steps([0, 0, 5, 4, 0]) == 7
    assert in_words(10) == "Ja"
    assert in_words(3) == "mellem ”Nej” og ”Ikke rigtig”"
