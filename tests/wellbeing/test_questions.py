"""The bank of dialogue questions."""

from django.core.management import call_command
from django.utils import translation

from tests.factories import make_organisation
from wellbeing.models import DialogueQuestion, Theme


def test_twelve_questions_are_there_from_the_first_day_two_for_each_theme(db):
    counted = {theme: 0 for theme in Theme.values}
    for question in DialogueQuestion.objects.all():
        counted[question.theme] += 1
    assert counted == dict.fromkeys(Theme.values, 2)


def test_they_are_not_made_twice(db):
    DialogueQuestion.objects.ensure_starters()
    call_command("migrate", verbosity=0)
    assert DialogueQuestion.objects.count() == 12


def test_a_question_speaks_the_readers_language(db):
    question = DialogueQuestion.objects.get(key="reflection-1")
    with translation.override("da"):
        assert str(question) == "Hvornår fik du sidst tænkt en tanke til ende i arbejdstiden?"
    with translation.override("en"):
        assert str(question).startswith("When did you last think a thought through")


def test_some_questions_need_a_room_without_the_boss(team, network):
    hardest = DialogueQuestion.objects.get(key="support-2")
    assert hardest in DialogueQuestion.objects.meant_for(network)
    assert hardest not in DialogueQuestion.objects.meant_for(team)
    assert DialogueQuestion.objects.meant_for(team).count() == 11


def test_ones_own_bank_is_not_the_neighbours(team, leader):
    DialogueQuestion.objects.create(
        organisation=team.organisation, theme="safety", text_da="Hvad nu?", text_en="What now?"
    )
    neighbour = make_organisation("Skovlund")
    assert DialogueQuestion.objects.visible_to(leader).count() == 13
    assert DialogueQuestion.objects.open_in(neighbour).count() == 12
