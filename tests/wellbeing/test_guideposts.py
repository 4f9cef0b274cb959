"""Guideposts: three to nine at a time, reworded with their history, retired well."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from tests import factories
from wellbeing.models import Guidepost, ThemeDay

DAY = date(2026, 11, 9)


@pytest.fixture
def nord(organisation):
    return factories.make_unit(organisation, name="Område Nord")


def word(owner, wording="Ingen leder står alene.", unit=None, **values) -> Guidepost:
    return Guidepost.objects.word(owner, unit, wording=wording, theme="support", **values)


def standing(organisation) -> list[str]:
    return [str(one) for one in Guidepost.objects.filter(organisation=organisation).standing()]


def test_nine_stand_and_a_tenth_is_refused_with_what_to_do(organisation, nord):
    for number in range(9):
        word(organisation, f"Nummer {number}", unit=nord)
    with pytest.raises(ValidationError, match="Område Nord") as refused:
        word(organisation, "Nummer ti", unit=nord)
    assert "Tag først et af dem ud" in str(refused.value)
    word(organisation, "Hele organisationens")  # another owner has its own nine
    assert Guidepost.objects.count() == 10


def test_retiring_one_makes_room(organisation):
    first, *_rest = [word(organisation, f"Nummer {number}") for number in range(9)]
    first.retire("Det gør vi nu uden at tænke over det.", on=DAY)
    word(organisation, "Nummer ti")
    with pytest.raises(ValidationError):
        first.bring_back()
    assert str(first) not in standing(organisation)


def test_retired_well_and_brought_back(organisation):
    guidepost = word(organisation)
    guidepost.retire("Det er blevet en vane.", on=DAY)
    guidepost.retire("En gang til", on=DAY + timedelta(days=1))
    guidepost.refresh_from_db()
    assert (guidepost.retired_on, guidepost.retired_why) == (DAY, "Det er blevet en vane.")
    assert list(Guidepost.objects.retired()) == [guidepost]
    guidepost.bring_back()
    assert standing(organisation) == ["Ingen leder står alene."]


def test_reworded_it_keeps_its_history(organisation):
    first = word(organisation)
    second = first.reword("Vi ringer, før det brænder på.", "support")
    third = second.reword("Vi ringer, og nogen svarer.", "support", "Det ringer sjældent.")
    assert standing(organisation) == ["Vi ringer, og nogen svarer."]
    assert set(third.with_earlier()) == {first.pk, second.pk, third.pk}
    assert list(Guidepost.objects.retired()) == []  # what was reworded wasn't put away


def test_reworded_twice_by_a_double_click_is_once(organisation):
    first = word(organisation)
    second = first.reword("Vi ringer, før det brænder på.", "support")
    assert Guidepost.objects.get(pk=first.pk).reword("Noget tredje", "support") == second
    assert Guidepost.objects.count() == 2


def test_reworded_with_the_same_words_it_stays(organisation):
    first = word(organisation)
    assert first.reword("Ingen leder står alene.", "support") == first
    assert standing(organisation) == ["Ingen leder står alene."]


def test_nine_can_still_be_reworded(organisation):
    first, *_rest = [word(organisation, f"Nummer {number}") for number in range(9)]
    first.reword("Nummer nul", "growth")
    assert len(standing(organisation)) == 9


def test_the_same_words_stand_once(organisation):
    word(organisation)
    with pytest.raises(ValidationError):
        word(organisation, "INGEN leder står alene.")
    with pytest.raises(IntegrityError):
        Guidepost.objects.create(
            organisation=organisation, wording="Ingen leder står alene.", theme="support"
        )


def test_who_may_change_it(organisation, nord, leader, secretariat, outsider):
    leader.move_to_unit(factories.make_unit(organisation, parent=nord))
    elsewhere = factories.make_user(organisation, unit=factories.make_unit(organisation))
    guidepost = word(organisation, unit=nord)

    def may() -> list[bool]:
        people = (leader, elsewhere, secretariat, outsider)
        return [guidepost.may_be_changed_by(person) for person in people]

    assert may() == [False, False, True, False]
    day = ThemeDay.objects.plan(secretariat, name="Temadag", unit=nord, starts_on=DAY)
    assert may() == [True, False, True, False]  # together, at a theme day of theirs
    day.finish()
    assert may() == [False, False, True, False]
