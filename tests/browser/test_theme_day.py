"""A theme day in one room: who leads it, a phone, and the wall."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import DESK, da, look
from wellbeing.models import Guidepost, ThemeDay

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def day(secretariat, leader):
    leader.move_to_unit(factories.make_unit(leader.organisation, name="Område Nord"))
    return ThemeDay.objects.plan(
        secretariat, name="Temadag", unit=leader.unit, starts_on=timezone.localdate()
    )


def press(page, name, exact=True):
    page.get_by_role("button", name=da(name), exact=exact).first.click()


def test_from_note_to_guidepost(day, leader, secretariat, arrive):
    lone, phone, wall = arrive(secretariat, DESK), arrive(leader), arrive(leader, DESK)
    for page in (lone, phone):
        page.goto(day.get_absolute_url())
    wall.goto(f"{day.get_absolute_url()}wall/")
    for text in ("Ro til at tænke", "Færre møder"):
        phone.get_by_label(da("Your note")).fill(text)
        press(phone, "Put it on the board")
        expect(wall.get_by_text(text)).to_be_visible()  # by itself
    look(phone)
    look(wall)

    press(lone, "Gather")
    expect(phone.locator("#moving")).to_be_visible()  # led along
    phone.get_by_label("Ro til at tænke").check()
    phone.get_by_label(da("They belong under")).fill("Ro")
    press(phone, "Put them there")
    calm = lone.locator("section.cluster").filter(has=lone.get_by_role("heading", name="Ro"))
    expect(calm.get_by_text("Ro til at tænke")).to_be_visible()
    lone.locator(".note", has_text="Færre møder").drag_to(calm.get_by_role("heading"))
    expect(calm.locator(".note")).to_have_count(2)
    look(lone)

    press(lone, "Choose")
    press(phone, "My dot", exact=False)
    expect(wall.locator(".tally .number")).to_contain_text("1")
    look(phone)

    press(lone, "Word")
    lone.get_by_label(da("Wording")).fill("Tid til at tænke er arbejde.")
    press(lone, "Word it")
    expect(wall.get_by_text("Tid til at tænke er arbejde.")).to_be_visible()
    look(wall)
    look(lone)
    lone.locator("summary", has_text=da("Finish the day")).click()
    press(lone, "Finish the day")
    expect(phone.get_by_text(da("What we steer by since then"))).to_be_visible()
    look(phone)
    assert [(str(one), one.origin) for one in Guidepost.objects.all()] == [
        ("Tid til at tænke er arbejde.", day)
    ]
