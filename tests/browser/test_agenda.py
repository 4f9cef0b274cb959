"""The agenda by hand: a chip after asking, the host's order."""

import pytest
from playwright.sync_api import expect

from meetings.models import Trace
from tests.browser.conftest import DESK, da, look
from tests.factories import make_open_meeting
from wellbeing.models import Guidepost

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def meeting(team):
    return make_open_meeting(team)


def test_a_question_and_then_if_one_likes_its_guidepost(team, meeting, leader, arrive):
    Guidepost.objects.create(
        organisation=team.organisation, wording="Ingen leder står alene.", theme="support"
    )
    page = arrive(leader)
    page.goto(f"{meeting.get_absolute_url()}?ask=1")
    expect(page.locator("#offered-title")).to_be_visible()
    look(page)
    page.get_by_label(da("What shall we talk about?")).fill("Hvem ringer du til?")
    page.get_by_role("button", name=da("Put it on the agenda")).click()
    page.get_by_role("button", name="Ingen leder står alene.").click()
    expect(page.locator("#agenda li .guidepost")).to_have_text("Ingen leder står alene.")
    for summary in page.locator("#agenda details:not([open]) > summary:visible").all():
        summary.click()
    look(page)


def test_the_host_orders_by_hand_and_by_keyboard(team, meeting, arrive):
    people = [membership.user for membership in team.memberships.order_by("pk")]
    for number, person in enumerate(people[:3], 1):
        meeting.propose(f"Spørgsmål {number}?", by=person, minutes=15)
    meeting.compose_agenda()
    page = arrive(meeting.host, screen=DESK)
    page.goto(meeting.get_absolute_url())
    questions = page.locator(".agenda > li .voice")
    one, two, three = questions.all_inner_texts()
    questions.nth(2).drag_to(questions.nth(0))
    expect(questions).to_have_text([three, one, two])
    down = page.locator(".agenda > li").nth(0).locator("button[name=place]")
    expect(down).to_contain_text(da("Move down"))
    down.focus()
    page.keyboard.press("Enter")
    expect(questions).to_have_text([one, three, two])
    look(page)
    assert Trace.objects.filter(what="placed").count() == 2
