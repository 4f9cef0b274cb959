"""A theme day: notes, headlines, dots, wordings, and the guideposts that stand after it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import live
from tests import factories
from wellbeing.models import Cluster, Dot, Guidepost, Note, ThemeDay

pytestmark = pytest.mark.usefixtures("monday")
TODAY = date(2026, 11, 9)


@pytest.fixture
def nord(organisation):
    return factories.make_unit(organisation, name="Område Nord")


@pytest.fixture
def day(secretariat, nord):
    return ThemeDay.objects.plan(
        secretariat,
        name="Ledelse i Nord",
        unit=nord,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=1),
        dots=2,
    )


def worded(day, wording="Vi spørger, før vi svarer.", **values):
    return day.word(wording=wording, theme="growth", **values)


def standing() -> list[tuple[str, ThemeDay]]:
    return [(one.wording, one.origin) for one in Guidepost.objects.standing().order_by("pk")]


def test_whose_day_it_is(day, organisation, nord, secretariat, leader, outsider):
    leader.move_to_unit(factories.make_unit(organisation, parent=nord))
    elsewhere = factories.make_user(organisation, unit=factories.make_unit(organisation))
    unplaced = factories.make_user(organisation)
    people = [secretariat, leader, elsewhere, unplaced, outsider]
    assert [p for p in people if day in ThemeDay.objects.visible_to(p)] == [secretariat, leader]
    day.finish()  # how it ended, all of the organisation may read
    seen = [p for p in people if day in ThemeDay.objects.visible_to(p)]
    assert seen == [secretariat, leader, elsewhere, unplaced]
    assert [p for p in people if day in ThemeDay.objects.open_to(p)] == [secretariat, leader]


def test_a_day_of_the_whole_organisation_is_everybodys(secretariat, leader, outsider):
    day = ThemeDay.objects.plan(secretariat, name="Alle", starts_on=TODAY)
    assert list(ThemeDay.objects.visible_to(leader)) == [day]
    assert list(ThemeDay.objects.visible_to(outsider)) == []


def test_nobodys_note_leads_to_nobody(day, leader):
    day.add_note("Vi tør ikke sige det højt")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM wellbeing_note")
        columns = dict(zip([c.name for c in cursor.description], cursor.fetchone(), strict=True))
    note = Note.objects.get()
    assert columns == {
        "id": note.pk,
        "day_id": day.pk,
        "text": "Vi tør ikke sige det højt",
        "author_id": None,
        "cluster_id": None,
    }
    assert note.pk.version == 4  # random: no time, no counter


def test_a_note_sent_twice_is_one(day, leader):
    key = Note.new_key()
    for _ in range(2):
        day.add_note("Tid til at tænke", by=leader, key=key)
    assert [(note.text, note.author) for note in day.notes.all()] == [("Tid til at tænke", leader)]


def test_the_last_who_moves_a_note_has_it_and_nothing_is_lost(day):
    notes = [day.add_note(f"Seddel {number}") for number in range(3)]
    calm = day.add_cluster("Ro", [notes[0].pk, notes[1].pk])
    say = day.add_cluster("Indflydelse", [notes[1].pk])
    assert sorted(note.text for note in say.notes.all()) == ["Seddel 1"]
    day.dissolve_cluster(calm)
    assert day.notes.count() == 3
    assert day.notes.filter(cluster=None).count() == 2


def test_a_note_of_another_day_stays_there(day, secretariat):
    other = ThemeDay.objects.plan(secretariat, name="En anden", starts_on=TODAY)
    note = other.add_note("Bliv her")
    assert day.move_notes([note.pk], day.add_cluster("Ro")) == 0
    note.refresh_from_db()
    assert note.cluster is None


def test_so_many_dots_each_taken_back_and_never_whose(day, leader):
    first, second, third = [day.add_cluster(name) for name in ("Ro", "Mod", "Støtte")]
    with pytest.raises(ValidationError):
        day.give_dot(first, leader)  # not yet
    day.go_to("dots")
    for cluster in (first, first, second):
        day.give_dot(cluster, leader)
    with pytest.raises(ValidationError):
        day.give_dot(third, leader)
    day.give_dot(second, leader, given=False)
    day.give_dot(third, leader)
    day.give_dot(first, factories.make_user(leader.organisation))
    numbers = [(str(c), c.number) for c in day.clusters.best_first()]
    assert numbers == [("Ro", 2), ("Støtte", 1), ("Mod", 0)]
    day.finish()
    assert Dot.objects.count() == 0
    assert [(str(c), c.number) for c in day.clusters.best_first()] == numbers


def test_finished_the_guideposts_stand_with_the_day_they_came_from(day, nord):
    worded(day, cluster=day.add_cluster("Mod"), how_we_see_it="Først et spørgsmål.")
    assert standing() == []
    day.finish()
    day.finish()
    assert standing() == [("Vi spørger, før vi svarer.", day)]
    guidepost = Guidepost.objects.get()
    assert (guidepost.unit, guidepost.worded_on) == (nord, TODAY)


def test_a_day_without_a_note_can_be_finished(day):
    day.finish()
    assert standing() == []


def test_after_it_nothing_is_added(day, leader):
    day.finish()
    cluster = Cluster.objects.create(day=day, headline="Ro")
    for verb in [
        lambda: day.add_note("For sent"),
        lambda: day.add_cluster("For sent"),
        lambda: day.move_notes([], cluster),
        lambda: worded(day),
        lambda: day.go_to("dots"),
    ]:
        with pytest.raises(ValidationError):
            verb()
    assert (day.notes.count(), day.wordings.count(), day.clusters.count()) == (0, 0, 1)


def test_reopened_within_the_day_the_same_guidepost_is_put_right(day):
    first, second = worded(day), worded(day, "Det halvfærdige er velkomment.")
    day.finish()
    day.reopen()
    day.reword(first, wording="Vi spørger først.", theme="growth", how_we_see_it="")
    day.drop(day.wordings.get(pk=second.pk))
    day.finish()
    assert standing() == [("Vi spørger først.", day)]


def test_when_the_day_is_over_it_stays_finished(day, monday):
    day.finish()
    monday.shift(timedelta(days=1))
    assert day.may_reopen()
    monday.shift(timedelta(days=1))
    with pytest.raises(ValidationError):
        day.reopen()
    assert not ThemeDay.objects.get().is_open


def test_a_guidepost_is_reworded_together(day, nord):
    old = Guidepost.objects.word(nord.organisation, nord, wording="Vi spørger.", theme="growth")
    new = worded(day, replaces=old)
    day.finish()
    old.refresh_from_db()
    assert old.successor == day.wordings.get().guidepost
    assert standing() == [("Vi spørger, før vi svarer.", day)]
    day.reopen()
    day.drop(day.wordings.get(pk=new.pk))
    assert standing() == [("Vi spørger.", None)]


def test_no_more_than_nine_are_worded(day):
    for number in range(9):
        worded(day, f"Nummer {number}")
    with pytest.raises(ValidationError):
        worded(day, "Nummer ti")


def test_a_day_held_on_paper_begins_with_the_wording(secretariat):
    day = ThemeDay.objects.plan(
        secretariat, name="I foråret", starts_on=date(2026, 4, 14), on_paper=True
    )
    worded(day)
    day.finish()
    assert (day.step, Guidepost.objects.get().worded_on) == ("words", date(2026, 4, 14))
    day.reopen()  # typed today, so it can be put right today
    assert day.is_open


def test_who_follows_sees_each_change_and_phones_only_the_steps(
    day, django_capture_on_commit_callbacks
):
    board, turn = (live.token(kind, day.pk, 1) for kind in ("theme_day", "theme_turn"))

    def versions(client):
        ask = lambda token: client.get(f"/live/{token}/").json()["version"]  # noqa: E731
        return ask(board), ask(turn)

    client = Client()
    assert versions(client) == (1, 1)
    with django_capture_on_commit_callbacks(execute=True):
        day.add_note("Ro")
    assert versions(client) == (2, 1)
    with django_capture_on_commit_callbacks(execute=True):
        day.go_to("clusters")
    assert versions(client) == (3, 2)


def test_a_day_cannot_end_before_it_begins(secretariat):
    with pytest.raises(ValidationError):
        ThemeDay.objects.plan(
            secretariat, name="Bagvendt", starts_on=TODAY, ends_on=TODAY - timedelta(days=1)
        )
    assert timezone.localdate() == TODAY
