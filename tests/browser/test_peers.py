"""Leaders who share: a story that survives a closed tab, and a colleague to call."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import DESK, da, look
from tests.cast import get_through
from wellbeing.models import CoachOffer

pytestmark = pytest.mark.usefixtures("clock")

TOLD = "Før svarede jeg på alt. Så talte jeg til ti. Nu svarer de selv."


def test_half_a_story_waits_until_it_is_told(leader, arrive):
    page = arrive(leader)
    page.goto("/stories/new/")
    box = page.get_by_role("textbox")
    box.fill(TOLD)
    look(page)
    again = page.context.new_page()
    page.close()
    again.goto("/stories/new/")
    expect(again.get_by_role("textbox")).to_have_value(TOLD)
    again.get_by_label(da("With my name")).check()
    again.get_by_role("button", name=da("Share it")).click()
    expect(again.locator(".story")).to_contain_text(TOLD)
    look(again)
    again.get_by_role("link", name=da("Tell yours")).click()
    expect(again.get_by_role("textbox")).to_have_value("")
    again.goto("/stories/")
    again.get_by_role("button", name=da("Take it back")).click()
    expect(again.get_by_role("heading", name=da("Nobody has told yet"))).to_be_visible()


def test_offered_found_and_rested(organisation, leader, arrive):
    coach = factories.make_user(organisation, "Dorte Nygaard", phone="99 31 12 00")
    get_through(coach)
    page = arrive(coach)
    page.goto("/coaches/")
    page.get_by_role("link", name=da("Offer coaching")).click()
    page.get_by_role("textbox").fill("Ring, når du går i ring.")
    page.get_by_label(da("either way")).check()
    look(page)
    page.get_by_role("button", name=da("Offer it")).click()
    expect(page.get_by_role("heading", name=da("You can be found"))).to_be_visible()
    look(page)
    other = arrive(leader, screen=DESK)
    other.goto("/coaches/")
    expect(other.get_by_role("link", name="99 31 12 00")).to_have_attribute("href", "tel:99311200")
    look(other)
    page.get_by_role("button", name=da("Take a break")).click()
    expect(page.get_by_role("heading", name=da("Your offer rests"))).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name=da("Nobody to find just now"))).to_be_visible()
    assert CoachOffer.objects.get().paused_at
