"""The pages of a theme day: both doors, what the phone and the wall show, few queries."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.test_queries import MOST, TRANSACTIONS
from wellbeing.models import Guidepost, Note, ThemeDay

pytestmark = pytest.mark.usefixtures("monday")
DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])


@pytest.fixture
def nord(organisation):
    return factories.make_unit(organisation, name="Område Nord")


@pytest.fixture
def day(secretariat, nord):
    return ThemeDay.objects.plan(
        secretariat,
        name="Ledelse i Nord",
        question="Hvad vil vi kendes på?",
        unit=nord,
        starts_on=timezone.localdate(),
    )


@pytest.fixture
def karen(client, leader, nord):
    leader.move_to_unit(nord)
    client.force_login(leader)
    return client


@pytest.fixture
def lone(secretariat):
    client = Client()
    client.force_login(secretariat)
    return client


def at(name, thing) -> str:
    return reverse(f"wellbeing:{name}", args=[thing.pk])


def do(client, name, thing, data=None, headers=None) -> str:
    """Send a form, and read what stands there afterwards by either door."""
    response = client.post(at(name, thing), data or {}, headers=headers or {}, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def look(client, url) -> str:
    response = client.get(url, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def write(client, day, text, headers=None, **data) -> str:
    return do(client, "notes", day, {"text": text, "key": Note.new_key(), **data}, headers)


@DOORS
def test_a_note_without_a_name_is_on_the_wall_and_nobodys(karen, leader, day, headers):
    seen = write(karen, day, "Mere ro", headers)
    assert "1 seddel ligger på tavlen" in seen
    wall = look(karen, at("theme_wall", day))
    assert "Mere ro" in wall
    assert day.notes.get().author is None
    own = re.search(r'<div id="board".*', wall, re.DOTALL)[0]
    assert leader.name not in own


@DOORS
def test_a_note_with_ones_name_says_it_and_is_taken_back(karen, leader, day, headers):
    seen = write(karen, day, "Mere ro", headers, named="1")
    note = day.notes.get()
    assert at("note_removal", note) in seen
    wall = look(karen, at("theme_wall", day))
    assert leader.name in re.search(r'<div id="board".*', wall, re.DOTALL)[0]
    assert at("note_removal", note) not in do(karen, "note_removal", note, headers=headers)
    assert day.notes.count() == 0


@DOORS
def test_an_empty_note_says_so_and_a_long_one_is_kept_in_the_field(karen, day, headers):
    empty = karen.post(at("notes", day), {"text": " ", "key": Note.new_key()}, headers=headers)
    assert (empty.status_code, "Skriv et par ord først." in empty.content.decode()) == (422, True)
    long = "a" * 201
    answer = karen.post(at("notes", day), {"text": long, "key": Note.new_key()}, headers=headers)
    assert (answer.status_code, long in answer.content.decode()) == (422, True)


@DOORS
def test_gathered_by_choosing_and_by_headline(karen, day, headers):
    first, second = day.add_note("Ro til at tænke"), day.add_note("Færre møder")
    day.go_to("clusters")
    seen = do(karen, "moves", day, {"notes": [first.pk, second.pk], "headline": "Ro"}, headers)
    cluster = day.clusters.get()
    assert f'data-cluster="{cluster.pk}"' in seen
    assert set(cluster.notes.all()) == {first, second}
    do(karen, "moves", day, {"notes": [second.pk], "loose": "1"}, headers)
    assert set(cluster.notes.all()) == {first}
    do(karen, "moves", day, {"notes": [second.pk], "headline": "RO"}, headers)  # the same one
    assert set(cluster.notes.all()) == {first, second}


@DOORS
def test_two_who_move_the_same_note_the_second_hears_of_it(karen, lone, day, headers):
    note, calm, voice = day.add_note("Færre møder"), day.add_cluster("Ro"), day.add_cluster("Mod")
    day.go_to("clusters")
    move = {"notes": [note.pk], "seen": "loose"}
    first = do(lone, "moves", day, move | {"cluster": calm.pk}, headers)
    second = do(karen, "moves", day, move | {"cluster": voice.pk}, headers)
    words = "En anden havde lige flyttet den."
    assert (words in first, words in second) == (False, True)
    assert list(voice.notes.all()) == [note]


@DOORS
def test_a_headline_that_is_gone_takes_no_note_with_it(karen, day, headers):
    note, calm = day.add_note("Færre møder"), day.add_cluster("Ro")
    day.go_to("clusters")
    day.dissolve_cluster(calm)
    seen = do(karen, "moves", day, {"notes": [note.pk], "cluster": calm.pk}, headers)
    assert "Den overskrift er væk." in seen
    assert day.notes.get().cluster is None


@DOORS
def test_dots_are_given_and_taken_back_in_numbers_only(karen, day, headers):
    calm = day.add_cluster("Ro")
    day.go_to("dots")
    seen = do(karen, "dot", calm, {"given": "1"}, headers)
    assert 'aria-pressed="true"' in seen
    assert "Du har 2 prikker tilbage." in seen
    assert 'aria-pressed="false"' in do(karen, "dot", calm, {"given": "0"}, headers)


def test_worded_together_and_finished_it_stands_with_its_day(karen, lone, day):
    day.go_to("words")
    said = {"wording": "Tid til at tænke er arbejde.", "theme": "reflection"}
    assert "Tid til at tænke er arbejde." in do(karen, "wordings", day, said)
    assert karen.post(at("theme_end", day)).status_code == 403
    outcome = do(lone, "theme_end", day)
    assert "Tid til at tænke er arbejde." in outcome
    assert at("theme_reopening", day) in outcome
    assert f'<a href="{day.get_absolute_url()}">Ledelse i Nord</a>' in look(karen, "/guideposts/")


def test_all_of_the_organisation_read_the_outcome_but_not_the_notes(karen, organisation, day):
    day.add_note("Vi tør ikke sige det")
    day.add_cluster("Mod")
    day.finish()
    neighbour = Client()
    neighbour.force_login(factories.make_user(organisation))
    read, took_part = (look(c, day.get_absolute_url()) for c in (neighbour, karen))
    assert ("Mod" in read, "Vi tør ikke sige det" in read) == (True, False)
    assert "Vi tør ikke sige det" in took_part


def test_the_code_on_the_wall_leads_in(karen, outsider, day):
    wall = look(karen, at("theme_wall", day))
    assert day.code in wall
    address = re.search(r'class="address">([^<]+)<', wall)[1]
    assert karen.get(urlsplit(f"http://{address}").path).url == day.get_absolute_url()
    assert karen.get("/t/", {"code": f" {day.code.lower()} "}).url == day.get_absolute_url()
    assert "Ingen af dine temadage har den kode." in look(karen, "/t/?code=AAAAAA")
    karen.force_login(outsider)
    assert "Ingen af dine temadage har den kode." in look(karen, f"/t/?code={day.code}")


def test_who_follows_is_told_to_load_the_page_when_the_step_is_another(karen, day):
    here = f"{day.get_absolute_url()}?step=notes"
    assert "HX-Refresh" not in karen.get(here, headers={"hx_request": "true"})
    day.go_to("clusters")
    assert karen.get(here, headers={"hx_request": "true"})["HX-Refresh"] == "true"


def test_after_the_day_is_finished_a_note_is_refused_kindly(karen, day):
    day.finish()
    assert "Temadagen er afsluttet." in write(karen, day, "For sent")
    assert day.notes.count() == 0


def test_the_secretariat_types_in_a_day_held_on_paper(lone, nord):
    form = {"name": "I foråret", "unit": nord.pk, "starts_on": "2026-04-14", "dots": "3"}
    lone.post("/theme-days/new/", form | {"on_paper": "on", "ends_on": "2026-04-15"})
    day = ThemeDay.objects.get()
    do(lone, "wordings", day, {"wording": "Vi spørger først.", "theme": "growth"})
    do(lone, "theme_end", day)
    guidepost = Guidepost.objects.get()
    assert (guidepost.origin, str(guidepost.worded_on)) == (day, "2026-04-15")


def test_a_day_that_ends_before_it_begins_is_said_at_the_field(lone):
    form = {"name": "Bagvendt", "starts_on": "2026-04-14", "ends_on": "2026-04-13", "dots": "3"}
    response = lone.post("/theme-days/new/", form)
    assert response.status_code == 422
    assert "Sidste dag er den første" in response.content.decode()


@pytest.mark.parametrize("step", ThemeDay.Step.values)
@pytest.mark.parametrize("page", ["theme_day", "theme_wall"])
def test_as_many_queries_with_500_notes_as_with_one(karen, day, leader, step, page):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert karen.get(at(page, day)).status_code == 200
        return sum(not query["sql"].startswith(TRANSACTIONS) for query in queries)

    note = day.add_note("Den første", by=leader)
    day.add_cluster("Ro", [note.pk])
    day.word(wording="Et ord", theme="safety")
    day.go_to(step)
    look(karen, "/me/")
    few = asked()
    calm, crowd = day.clusters.get(), factories.make_user(leader.organisation)
    Note.objects.bulk_create(
        Note(day=day, text=f"Seddel {n}", author=crowd if n % 2 else None, cluster=calm)
        for n in range(500)
    )
    for number in range(7):
        day.add_cluster(f"Overskrift {number}")
        day.word(wording=f"Nummer {number}", theme="growth")
    day.go_to(step)  # and so nothing comes out of the cache
    assert asked() == few <= MOST


def test_a_board_that_nobody_changed_is_not_read_again(karen, day):
    day.add_note("Ro")
    day.go_to("clusters")
    first = look(karen, day.get_absolute_url())
    Note.objects.update(text="Ændret uden om")
    again = look(karen, day.get_absolute_url())
    assert ("Ro" in first, "Ændret uden om" in again) == (True, False)
