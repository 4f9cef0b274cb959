"""What is agreed while the meeting runs: on one line, seen by the others, back next time."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Commitment, Room
from meetings.models.commitment import Agreed
from tests.browser.conftest import DESK, da, look
from tests.factories import make_series

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def meetings(team, leader):
    series = make_series(team, timezone.now() + timedelta(minutes=5), meetings=2)
    first, second = series.meetings.order_by("starts_at")
    first.propose("Hvordan får vi tid til at tænke?", by=leader)
    return first, second


def press(page, name):
    page.get_by_role("button", name=da(name), exact=True).click()


def test_two_agree_in_one_room_and_no_half_sentence_is_lost(meetings, team, leader, arrive):
    first, second = meetings
    Room.start(first, by=leader)
    chair, phone = arrive(leader, DESK), arrive(team.senior_manager)
    for page in (chair, phone):
        page.goto(f"/meetings/{first.pk}/room/")
        expect(page.locator("#agree-what")).to_be_visible()
    field = phone.locator("#agree-what")
    field.fill("Halvt skrevet")

    chair.locator("#agree-what").fill("Vi prøver korte møder")
    press(chair, "We try it for 14 days")
    for page in (chair, phone):
        expect(page.locator("#agreed-list")).to_contain_text("Vi prøver korte møder")
    expect(field).to_have_value("Halvt skrevet")
    look(chair)
    look(phone)

    field.fill("Svare på mailen")
    phone.locator("#agree-who").select_option(label=str(team.senior_manager))
    press(phone, "We agree on it")
    expect(field).to_have_value("")
    done = phone.get_by_role("button", name=da("Done"), exact=True)
    done.last.click()
    expect(phone.locator(".done")).to_contain_text("Svare på mailen")
    expect(chair.locator(".done")).to_contain_text("Svare på mailen")

    chair.goto(second.get_absolute_url())
    chair.get_by_label(da("What did you learn?")).fill("Kort er nok")
    press(chair, "Save")
    expect(chair.locator(".lesson")).to_contain_text("Kort er nok")
    look(chair)
    assert Commitment.objects.get(experiment=True).lesson == "Kort er nok"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_came_of_it_is_fit_to_be_read_by_everybody(meetings, team, leader, arrive, scheme):
    first, _second = meetings
    room = Room.start(first, by=leader)
    Agreed(first).agree("Vi tænker før vi svarer", by=leader, who=team.senior_manager)
    room.close(by=leader)
    page = arrive(leader, color_scheme=scheme)
    for path in (
        f"/series/{first.series_id}/evidence/",
        f"/series/{first.series_id}/next/",
        f"/meetings/{first.pk}/minutes/",
        f"/meetings/{first.pk}/agenda/",
        "/meetings/earlier/",
        "/search/?q=tænk",
        "/search/?q=intet",
    ):
        if path.endswith("/next/"):
            page = arrive(team.senior_manager, color_scheme=scheme)
        page.goto(path)
        look(page)
    page.get_by_label(da("What are you looking for?")).fill("svare")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text(["svarer"])
    expect(page).to_have_url("/search/?q=svare")
