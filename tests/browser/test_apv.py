"""A leader-APV from the first statement to both names under it, each step by whoever takes it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import DESK, da, look
from tests.wellbeing.apv_cast import amo_of, leader_of, make_apv

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def apv(organisation, secretariat):
    """Of a unit whose leaders have a team, and soon a meeting."""
    organisation.elsewhere = "Ring til ledertelefonen på 1200"
    organisation.save()
    apv = make_apv(organisation, secretariat, "frame")
    senior, unit = apv.senior_manager, apv.unit
    team = factories.make_team(organisation, [leader_of(apv)], senior_manager=senior, unit=unit)
    factories.make_open_meeting(team)
    return apv


def press(page, name):
    page.get_by_role("button", name=da(name), exact=True).first.click()


def go_on(page, phase):
    words = da("Go on to “%(phase)s”") % {"phase": da(phase)}
    page.get_by_role("button", name=words).click()


def test_from_what_is_said_to_both_names_under_it(apv, secretariat, arrive):
    leader, theme = arrive(leader_of(apv)), apv.themes.get(heading="workload")
    leader.goto(apv.get_absolute_url())
    go_on(leader, "Map")
    leader.goto(theme.get_absolute_url())
    said = leader.get_by_label(da("What is there to say about it?"))
    said.fill("Birgitte ringer hver aften")
    press(leader, "Say it")
    expect(said).to_have_value("Birgitte ringer hver aften")  # it is only pointed out
    look(leader)
    press(leader, "Save it as it stands")
    expect(leader.locator("li", has_text="Birgitte ringer hver aften")).to_be_visible()

    senior = arrive(apv.senior_manager, DESK)
    senior.goto(theme.get_absolute_url())
    expect(senior.get_by_role("heading", name=da("What you found"))).to_be_visible()
    expect(senior.get_by_text("Birgitte ringer")).to_have_count(0)
    look(senior)

    leader.locator("summary", has_text=da("Write down a finding")).click()
    leader.get_by_label(da("What did you find?")).fill("Telefonen ringer også om aftenen")
    press(leader, "Write it down")
    leader.get_by_role("link", name="Telefonen ringer også om aftenen").click()
    leader.get_by_label(da("How serious is it?")).fill("Det slider")
    leader.get_by_label(da("How widespread is it?")).fill("I alle huse")
    leader.get_by_label(da("What is it due to?")).fill("Ingen har vagten")
    press(leader, "Assess it")
    leader.goto(f"{apv.get_absolute_url()}plan/")
    leader.locator("textarea, input[name=words]").first.fill("Set under ét: måske")
    press(leader, "Save")
    look(leader)
    leader.goto(apv.get_absolute_url())
    for phase in ("Assess", "Act"):
        go_on(leader, phase)
    leader.goto(theme.get_absolute_url())
    expect(leader.get_by_text("Birgitte ringer")).to_have_count(0)  # gone, now it is assessed
    leader.get_by_role("link", name="Telefonen ringer også om aftenen").click()
    leader.get_by_label(da("What is to be done?")).fill("Vagttelefonen går på skift")
    leader.get_by_label(da("Who?")).select_option(str(leader_of(apv).pk))
    by_when = timezone.localdate() + timedelta(days=20)
    leader.get_by_label(da("By when?")).fill(by_when.isoformat())
    leader.get_by_label(da("How do you see that it helps?")).fill("Stille aftener")
    look(leader)
    press(leader, "Propose it")
    expect(leader.get_by_role("link", name="Vagttelefonen går på skift")).to_be_visible()

    senior.goto("/")
    senior.get_by_role("region", name=da("What waits for you")).get_by_role("link").click()
    senior.get_by_label("ja", exact=True).check()
    senior.get_by_label(da("Why?")).fill("Det er på tide")
    press(senior, "Answer")
    expect(senior.get_by_text("Ja: Det er på tide")).to_be_visible()
    look(senior)

    leader.get_by_role("link", name="Vagttelefonen går på skift").click()
    press(leader, "It is done")
    leader.get_by_label("ja", exact=True).check()
    look(leader)
    press(leader, "Save")
    expect(leader.get_by_text(da("Did it help?"))).to_be_visible()

    amo = arrive(amo_of(apv), DESK)
    for page in (senior, amo):
        page.goto(apv.get_absolute_url())
        press(page, "Sign the APV")
    expect(amo.get_by_text(da("Signed, and locked"))).to_be_visible()
    look(amo)
    lone = arrive(secretariat, DESK)
    lone.goto(f"{apv.get_absolute_url()}written/")
    expect(lone.get_by_text("Vagttelefonen går på skift").first).to_be_visible()
    expect(lone.get_by_text("Birgitte ringer")).to_have_count(0)
    look(lone)
