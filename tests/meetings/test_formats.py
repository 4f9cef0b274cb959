"""Formats: starters that are always there, and one's own."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone, translation

from meetings.models import Format, Phase
from meetings.starters import ensure_starters
from tests.factories import make_group, make_meeting, make_series

pytestmark = pytest.mark.usefixtures("monday")


def lengths() -> dict[str, int]:
    return {format.slug: format.minutes for format in Format.objects.starters().with_phases()}


STARTERS = {
    "dialogue-meeting": 90,
    "inquiry-meeting": 60,
    "first-network-meeting": 120,
    "network-meeting": 120,
    "three-chairs": 40,
    "sparring-round": 60,
    "listening-team": 45,
}


def test_the_starters_are_there_as_long_as_they_say(db):
    assert lengths() == STARTERS


@pytest.mark.django_db(transaction=True)
def test_the_starters_survive_a_flush():
    call_command("flush", interactive=False, verbosity=0)
    assert lengths() == STARTERS


def test_making_the_starters_again_mends_what_changed_and_leaves_the_rest(db):
    before = dict(Phase.objects.values_list("pk", "title_da"))
    Format.objects.filter(slug="three-chairs").update(name_da="Fire stole")
    ensure_starters(apps=apps)
    assert Format.objects.get(slug="three-chairs").name_da == "Tre stole"
    assert dict(Phase.objects.values_list("pk", "title_da")) == before


def test_parts_of_a_question_fill_it(db):
    for phase in Phase.objects.filter(within=None).prefetch_related("parts"):
        parts = [part.minutes for part in phase.parts.all()]
        assert not parts or sum(parts) == phase.minutes


def test_three_chairs_goes_round_three_times(db):
    titles = [beat.title[0] for beat in Format.objects.get(slug="three-chairs").beats]
    once = ["Stilhed", "Fortæl", "Forstå", "Lyt med ryggen til", "Tag med"]
    assert titles == [*once * 3, "Ét ord"]


@pytest.mark.parametrize(("minutes", "slug"), [(90, "dialogue-meeting"), (60, "inquiry-meeting")])
def test_a_team_has_a_dialogue_meeting_and_an_hour_is_for_one_question(team, minutes, slug):
    assert make_meeting(team, minutes=minutes).followed_format.slug == slug


def test_the_first_meeting_of_a_network_group_is_one_of_its_own(network):
    first, second = make_series(network, meetings=2).meetings.order_by("starts_at")
    assert first.followed_format.slug == "first-network-meeting"
    assert second.followed_format.slug == "network-meeting"


def test_a_meeting_may_follow_another_format_than_its_season(team):
    season = make_series(team, meetings=2, format=Format.objects.get(slug="inquiry-meeting"))
    first, second = season.meetings.order_by("starts_at")
    second.format = Format.objects.get(slug="dialogue-meeting")
    assert first.followed_format.slug == "inquiry-meeting"
    assert second.followed_format.slug == "dialogue-meeting"


def test_a_copy_is_the_groups_own_and_nobody_elses(network, leader):
    starter = Format.objects.get(slug="network-meeting")
    copy = starter.copy_for(network, by=leader)
    assert [str(phase) for phase in copy.outline] == [str(phase) for phase in starter.outline]
    other = make_group(network.organisation)
    assert copy in Format.objects.for_meetings_of(network)
    assert copy not in Format.objects.for_meetings_of(other)
    copy.retire(at=timezone.now())
    assert copy not in Format.objects.for_meetings_of(network)


def test_a_copy_keeps_the_parts(team, leader):
    starter = Format.objects.get(slug="dialogue-meeting")
    assert starter.copy_for(team, by=leader).beats == starter.beats


def test_one_language_is_enough(team, leader):
    copy = Format.objects.get(slug="dialogue-meeting").copy_for(team, by=leader)
    copy.name_en = ""
    with translation.override("en"):
        assert copy.name == "Dialogmødet"


def test_a_starter_belongs_to_nobody(organisation):
    with pytest.raises(IntegrityError):
        Format.objects.create(slug="egen", organisation=organisation, name_da="Egen")


def test_sparring_for_three_is_another_than_for_six(network):
    three = Format.objects.for_sparring(network, people=3).in_order()
    six = Format.objects.for_sparring(network, people=6).in_order()
    assert [format.slug for format in three] == ["three-chairs"]
    assert [format.slug for format in six] == ["sparring-round", "listening-team"]
