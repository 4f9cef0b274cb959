"""Three sentences, shared by choice and taken back at will."""

from datetime import date, timedelta

import pytest
from django.test import Client

from meetings.reconciling import reconcile
from tests import factories
from wellbeing.models import Guidepost, Story

pytestmark = pytest.mark.usefixtures("monday")

TOLD = "Før svarede jeg på alt. Så lærte jeg at tælle til ti. Nu svarer de selv."


@pytest.fixture
def karen(leader):
    client = Client()
    client.force_login(leader)
    return client


@pytest.fixture
def lone(secretariat):
    client = Client()
    client.force_login(secretariat)
    return client


def tell(client, text=TOLD, **values):
    return client.post("/stories/new/", {"text": text} | values, follow=True)


def look(client) -> str:
    return client.get("/stories/").content.decode()


def test_told_without_a_name_it_is_read_by_all_of_us_and_nobody_sees_whose_it_is(
    karen, lone, leader, outsider
):
    for _ in range(2):  # a double click
        assert tell(karen).status_code == 200
    story = Story.objects.get()
    assert (story.by, str(story), story.teller) == (leader, TOLD, None)
    read = look(lone)
    assert (TOLD in read, "En leder" in read, leader.name in read) == (True, True, False)
    assert f"/stories/{story.pk}/withdrawal/" not in read
    lone.force_login(outsider)
    assert TOLD not in look(lone)


def test_who_will_read_it_is_said_before_it_is_written(karen):
    page = karen.get("/stories/new/").content.decode()
    assert page.index("Uden navn") < page.index("<textarea")
    assert 'class="who-sees"' in page
    assert 'data-draft="story"' in page
    assert 'data-draft-done="story"' not in look(karen)  # half a sentence stays until it is told
    assert 'data-draft-done="story"' in tell(karen).content.decode()


def test_with_a_name_and_about_a_guidepost(karen, lone, leader, organisation):
    leader.title = "Leder, Solgården"
    leader.save(update_fields=["title"])
    one = Guidepost.objects.word(organisation, wording="Ingen står alene.", theme="support")
    tell(karen, guidepost=one.pk, named="1")
    read = look(lone)
    for words in (TOLD, "Karen Holm", "Leder, Solgården", "Ingen står alene."):
        assert words in read
    thread = f"/guideposts/{one.pk}/"
    page = lone.get(thread).content.decode()
    assert (TOLD in page, "Karen Holm" in page) == (True, True)
    Story.objects.get().withdraw()
    assert TOLD not in lone.get(thread).content.decode()


def test_the_thread_of_a_guidepost_names_nobody_who_told_without_a_name(lone, leader, organisation):
    one = Guidepost.objects.word(organisation, wording="Ingen står alene.", theme="support")
    Story.objects.tell(leader, TOLD, guidepost=one)
    page = lone.get(f"/guideposts/{one.pk}/").content.decode()
    assert (TOLD in page, leader.name in page) == (True, False)
    assert "/tools/fitting/?step=&amp;theme=support" in page


def test_a_guidepost_of_others_is_none_to_choose(karen, outsider):
    theirs = Guidepost.objects.word(outsider.organisation, wording="Vi tør", theme="growth")
    assert tell(karen, guidepost=theirs.pk).status_code == 422
    assert Story.objects.count() == 0


def test_taken_back_it_is_gone_at_once_with_its_words(karen, lone, leader):
    story = Story.objects.tell(leader, TOLD)
    url = f"/stories/{story.pk}/withdrawal/"
    assert lone.post(url).status_code == 404
    assert TOLD in look(lone)
    karen.post(url)
    assert TOLD not in look(lone)
    assert Story.objects.count() == 0
    assert karen.post(url).status_code == 404  # and a second click finds nothing


def test_whoever_leaves_takes_theirs_along(lone, leader):
    Story.objects.tell(leader, TOLD, named=True)
    leader.leave()
    assert TOLD not in look(lone)
    reconcile()
    assert Story.objects.count() == 0


def test_what_can_not_be_told_is_said_kindly_with_the_words_kept(karen, organisation):
    long = "Vi talte længe om det. " * 30
    refused = tell(karen, long)
    assert refused.status_code == 422
    assert "Tre sætninger er nok." in refused.content.decode()
    assert long.strip() in refused.content.decode()
    assert "Skriv en sætning først." in tell(karen, "  ").content.decode()
    factories.make_user(organisation, "Bente Krogh")
    warned = tell(karen, "Så sagde Bente det højt.")
    assert warned.status_code == 422
    assert "Bente" in warned.content.decode()
    assert Story.objects.count() == 0
    assert tell(karen, "Så sagde Bente det højt.", sure="1").status_code == 200
    assert Story.objects.count() == 1


def test_told_again_it_says_what_was_said_last(leader):
    """Who takes their name away by telling it anew must not find it there still."""
    Story.objects.tell(leader, TOLD, named=True)
    assert Story.objects.tell(leader, TOLD).teller is None
    assert Story.objects.get().teller is None
    assert Story.objects.tell(leader, TOLD, named=True).teller == leader


def test_without_a_name_not_even_the_day_is_kept(karen, leader, organisation):
    one = Guidepost.objects.word(organisation, wording="Ingen står alene.", theme="support")
    story = Story.objects.tell(leader, TOLD, guidepost=one)
    assert story.told_on == date(2026, 11, 30)
    page = karen.get(f"/guideposts/{one.pk}/").content.decode()
    assert '<time datetime="2026-11">november 2026</time>' in page
    assert "30. november" not in page
    assert Story.objects.tell(leader, TOLD, guidepost=one, named=True).told_on.day == 9


def test_the_secretariat_takes_down_what_says_too_much_and_its_teller_reads_why(
    karen, lone, leader, organisation, mailoutbox, monday
):
    one = Guidepost.objects.word(organisation, wording="Ingen står alene.", theme="support")
    story = Story.objects.tell(leader, TOLD, guidepost=one)
    url, why = f"/stories/{story.pk}/takedown/", "Man kan regne ud, hvem den handler om."
    assert url in look(lone)
    assert url not in look(karen)
    assert karen.post(url, {"why": why}).status_code == 403
    silent = lone.post(url, {"why": " "})
    assert (silent.status_code, "læser det." in silent.content.decode()) == (422, True)
    assert TOLD in look(lone)
    page = lone.post(url, {"why": why}, follow=True).content.decode()
    assert (TOLD in page, leader.name in page) == (False, False)
    assert lone.post(url, {"why": why}).status_code == 404
    assert TOLD not in lone.get(f"/guideposts/{one.pk}/").content.decode()
    mine = look(karen)
    assert (TOLD in mine, why in mine, "ikke fået at se" in mine) == (True, True, True)
    again = tell(karen)
    assert (again.status_code, "taget den ned" in again.content.decode()) == (422, True)
    Story.objects.tell(leader, "Nu tør jeg.", named=True).take_down(why)
    assert look(karen).count("ikke fået at se") == 1  # of what had a name it isn’t said
    reconcile()
    assert (mailoutbox, Story.objects.count()) == ([], 2)
    monday.shift(timedelta(days=31))
    reconcile()
    assert Story.objects.count() == 0


def test_nobody_has_told_yet(karen, lone):
    """The empty page says what it is for; only leaders are asked to begin."""
    assert 'href="/stories/new/"' in look(karen)
    assert 'href="/stories/new/"' not in look(lone)
