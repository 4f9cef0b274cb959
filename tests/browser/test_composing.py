"""The secretariat: four living groups before lunch, by hand, by keyboard, without JavaScript."""

import pytest
from playwright.sync_api import expect

from networks.models import Composition, Group, Seat
from tests import factories
from tests.browser.conftest import DESK, PHONE, da, look

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


@pytest.fixture
def leaders(organisation):
    areas = [
        factories.make_unit(organisation, kind="area", name=f"Område {name}")
        for name in ("Nord", "Syd")
    ]
    return [
        factories.make_user(
            organisation,
            f"Leder {number:02d}",
            unit=factories.make_unit(organisation, parent=areas[number % 2]),
        )
        for number in range(24)
    ]


def button(page, words: str, **values):
    return page.get_by_role("button", name=da(words), **values)


def group_of(person) -> Group:
    return Seat.objects.select_related("group").get(user=person).group


def test_from_nobody_to_four_groups(arrive, secretariat, leaders):
    page = arrive(secretariat, screen=DESK)
    page.goto("/office/")
    page.get_by_role("link", name=da("Compose groups")).click()
    button(page, "Compose new groups").click()
    page.get_by_label(da("Who"), exact=True).select_option(label="Leder 00")
    page.get_by_label(da("would like to be with")).select_option(label="Leder 02")
    button(page, "Add the wish").click()
    page.get_by_text("Leder 00 med Leder 02").wait_for()
    look(page)
    button(page, "Propose groups").click()
    page.get_by_role("heading", name=da("Better is not possible: that is proven.")).wait_for()
    look(page)

    moved, was = leaders[5], group_of(leaders[5])
    other = Composition.objects.get().groups.exclude(pk=was.pk).first()
    page.set_viewport_size(DESK | {"height": 2400})  # nothing scrolls under the mouse
    name = page.locator("[data-seat]", has_text=moved.name)
    name.drag_to(page.locator(f"#group-{other.pk}"))
    expect(page.locator(f"#group-{other.pk}")).to_contain_text(moved.name)
    assert group_of(moved) == other
    button(page, "Undo the last change").click()
    expect(page.locator(f"#group-{was.pk}")).to_contain_text(moved.name)
    assert group_of(moved) == was

    page.get_by_role("link", name=moved.name).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=da("Move to")).wait_for()
    look(page)
    button(page, f"{da('Move here')} {other}").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#group-{other.pk}")).to_contain_text(moved.name)

    page.set_viewport_size(PHONE)
    look(page)
    page.get_by_role("link", name=da("Start the groups")).click()
    page.get_by_label(da("Place for all")).fill("Biblioteket")
    button(page, "Offer dates").click()
    look(page)
    page.get_by_role("button", name="Start alle 4 grupper").click()
    page.get_by_role("heading", name=da("The groups have been started")).wait_for()
    assert Group.objects.filter(status="running").count() == 4
    look(page)


def test_without_javascript(arrive, secretariat, leaders):
    proposal = factories.make_proposal(secretariat, leaders, groups=4)
    page = arrive(secretariat, screen=PHONE, java_script_enabled=False)
    page.goto(proposal.get_absolute_url())
    page.get_by_role("link", name="Leder 01").click()
    other = proposal.groups.last()
    button(page, f"{da('Move here')} {other}").click()
    expect(page.locator(f"#group-{other.pk}")).to_contain_text("Leder 01")
    page.locator(f"#group-{other.pk}").get_by_role("button").click()
    expect(page.locator(f"#group-{other.pk} [aria-pressed=true]")).to_be_visible()
    button(page, "Compose the rest again").click()
    page.get_by_role("heading", name=da("Better is not possible: that is proven.")).wait_for()
    expect(page.locator(f"#group-{other.pk}")).to_contain_text("Leder 01")
