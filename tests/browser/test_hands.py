"""What hands do: tap twice, type while the session ends, use the keyboard, go without scripts."""

import re

import pytest
from playwright.sync_api import expect

from meetings.models import AgendaItem
from tests.browser.conftest import DESK, da, look
from tests.factories import make_group, make_open_meeting, make_user

pytestmark = pytest.mark.usefixtures("clock")

MOVING = """() => [...document.querySelectorAll("*")].map((one) => getComputedStyle(one))
    .filter((style) => style.animationName !== "none" || style.transitionDuration !== "0s")
    .length"""
QUESTION = "Hvornår siger vi nej til hinanden?"


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


@pytest.fixture
def forming(organisation):
    """A group that three strangers have begun and that anybody may join."""
    return make_group(organisation, 3, name="Horisonten", purpose="For jer, der er nye.")


def ask(page, question=QUESTION):
    page.get_by_label(da("What shall we talk about?")).fill(question)
    page.get_by_role("button", name=da("Put it on the agenda")).click()


@pytest.mark.parametrize(("path", "scripts"), [("/", False), ("/meetings/{meeting.pk}/", True)])
def test_text_is_kept_when_the_session_ended(path, scripts, meeting, leader, arrive, post):
    page = arrive(leader, java_script_enabled=scripts)
    page.goto(path.format(meeting=meeting))
    page.context.clear_cookies(name="sessionid")
    ask(page)
    page.get_by_label(da("Your e-mail at work")).fill(leader.email)
    page.get_by_role("button", name=da("Send me a code")).click()
    code = page.get_by_label(da("The code"))
    expect(code).to_be_visible()
    mail = post.newest_to(leader).get_body(("plain",)).get_content()
    code.fill(re.search(r"^ {4}(\S+)", mail, re.MULTILINE)[1])
    page.get_by_role("button", name=da("Sign in")).click()
    expect(page.get_by_label(da("What shall we talk about?"))).to_have_value(QUESTION)
    assert not AgendaItem.objects.exists()
    page.get_by_role("button", name=da("Put it on the agenda")).click()
    expect(page.locator("#agenda li .voice")).to_have_text(QUESTION)


def test_a_draft_stays_on_the_device(meeting, leader, arrive):
    page = arrive(leader)
    page.goto("/")
    field = page.get_by_label(da("What shall we talk about?"))
    field.press_sequentially("Hvornår")
    page.goto("/guideposts/")
    page.goto("/")
    expect(field).to_have_value("Hvornår")
    ask(page)
    expect(page.locator("#agenda li .voice")).to_have_text(QUESTION)
    page.goto("/guideposts/")
    page.goto("/")
    expect(field).to_have_value("")


def test_a_double_click_asks_once_and_what_was_taken_back_can_be_had_again(meeting, leader, arrive):
    page = arrive(leader)
    page.goto("/")
    page.get_by_label(da("What shall we talk about?")).fill(QUESTION)
    page.get_by_role("button", name=da("Put it on the agenda")).dblclick()
    asked = page.locator("#agenda li .voice")
    expect(asked).to_have_text(QUESTION)
    assert AgendaItem.objects.count() == 1
    page.get_by_text(da("Change"), exact=True).click()
    page.get_by_role("button", name=da("Take it back")).click()
    expect(asked).to_have_count(0)
    look(page)
    page.get_by_role("button", name=da("Undo")).click()
    expect(asked).to_have_text(QUESTION)


def test_joining_is_one_tap_after_reading(forming, leader, arrive):
    page = arrive(leader)
    page.goto("/networks/")
    page.get_by_role("link", name=da("Read and join")).click()
    expect(page.get_by_text(forming.agreement.lines[4])).to_be_visible()
    look(page)
    page.get_by_role("button", name=da("I agree and join")).click()
    expect(page.get_by_text(leader.name).last).to_be_visible()
    look(page)


def test_without_scripts(meeting, team, forming, leader, arrive):
    other = team.memberships.exclude(user=leader).first().user
    meeting.propose("Hvad gør vi, når kravene kolliderer?", by=other)
    page = arrive(leader, java_script_enabled=False)
    page.goto("/")
    ask(page)
    expect(page.locator("#agenda li .voice")).to_contain_text([QUESTION])
    page.get_by_role("button", name=f"{da('Me too')} · 0").click()
    pressed = page.get_by_role("button", name=f"{da('Me too')} · 1")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    page.goto(forming.get_absolute_url())
    page.get_by_role("button", name=da("I agree and join")).click()
    assert forming.membership_of(leader)


def test_a_question_by_keyboard_alone_and_without_motion(meeting, leader, arrive):
    page = arrive(leader, DESK, reduced_motion="reduce")
    page.goto("/")
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name=da("Skip to the content"))).to_be_focused()
    keys.press("Enter")
    keys.press("Tab")
    expect(page.get_by_label(da("What shall we talk about?"))).to_be_focused()
    keys.type(QUESTION)
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#agenda li .voice")).to_have_text(QUESTION)
    expect(page.get_by_role("button", name=da("Put it on the agenda"))).to_be_focused()
    assert page.evaluate(MOVING) == 0


def test_a_newcomer_reads_the_five_lines_before_anything_else(network, organisation, arrive):
    newcomer = make_user(organisation, "Nina Ny")
    network.appoint(newcomer)
    page = arrive(newcomer)
    page.goto(network.get_absolute_url())
    expect(page.get_by_text(network.agreement.lines[0])).to_be_visible()
    expect(page.get_by_text("Karen Holm")).to_have_count(0)
    look(page)
    page.get_by_role("button", name=da("I agree"), exact=True).click()
    expect(page.get_by_text("Karen Holm")).to_be_visible()
