"""Four devices in one live room: one leads, one hangs on the wall, one has a wrong clock and loses
its network, one takes over.
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import Room
from tests.browser.conftest import DESK, da, look
from tests.factories import make_meeting

pytestmark = pytest.mark.usefixtures("clock")
AN_HOUR_WRONG = "const now = Date.now; Date.now = () => now() + 3600e3;"
QUESTION = "Hvordan får vi tid til at tænke?"


@pytest.fixture
def meeting(team, leader):
    meeting = make_meeting(team, timezone.now() + timedelta(minutes=5))
    meeting.invite_proposals()
    meeting.propose(QUESTION, by=leader)
    meeting.compose_agenda()
    return meeting


@pytest.fixture
def others(team, leader):
    return [one.user for one in team.memberships.exclude(user=leader).select_related("user")]


def press(page, name):
    page.get_by_role("button", name=da(name), exact=True).click()


def heading(page):
    return page.get_by_role("heading", level=1)


def seconds(page) -> int:
    minutes, rest = re.fullmatch(r"(\d+):(\d+)", page.get_by_role("timer").inner_text()).groups()
    return 60 * int(minutes) + int(rest)


def test_four_devices_one_meeting(meeting, team, leader, others, arrive):
    chair, wall = arrive(leader, DESK), arrive(team.senior_manager, DESK)
    far, near = arrive(others[0]), arrive(others[1])
    chair.goto(meeting.get_absolute_url())
    press(chair, "Begin the meeting")
    expect(heading(chair)).to_have_text("Tjek ind")
    far.add_init_script(AN_HOUR_WRONG)
    wall.goto(f"/meetings/{meeting.pk}/room/wall/")
    for page in (far, near):
        page.goto(f"/meetings/{meeting.pk}/room/")
        expect(
            page.get_by_text(da("Put your phone away if you like. The host keeps the time."))
        ).to_be_visible()
    for page in (chair, wall, far):
        look(page)

    press(chair, "On")
    for page in (chair, wall, far, near):
        expect(heading(page)).to_have_text("Siden sidst")
    expect(far.locator("#room-says")).to_contain_text("Siden sidst")
    assert abs(seconds(far) - seconds(chair)) <= 2
    assert abs(seconds(wall) - seconds(chair)) <= 2

    far.context.set_offline(True)
    press(chair, "On")
    for page in (chair, wall, near):
        expect(heading(page)).to_have_text(QUESTION)
    expect(far.locator("#room-offline")).to_be_visible()
    expect(heading(far)).to_have_text("Siden sidst")
    far.context.set_offline(False)
    expect(heading(far)).to_have_text(QUESTION)
    expect(far.locator("#room-offline")).to_be_hidden()

    press(chair, "Pause")
    expect(near.get_by_text(da("paused"))).to_be_visible()
    chair.context.close()  # its battery is flat
    near.get_by_text(da("Lead on from here")).click()
    press(near, "Take the chair")
    press(near, "Go on")
    expect(far.get_by_text(f"{others[1]} leder mødet.")).to_be_visible()
    look(near)
    near.get_by_text(da("End the meeting"), exact=True).click()
    press(near, "End it now")
    for page in (wall, far, near):
        expect(heading(page)).to_have_text(da("Thank you for today."))
    assert not Room.objects.get().is_open


def test_without_scripts_a_reload_shows_the_same(meeting, leader, others, arrive):
    chair, follower = (arrive(person, java_script_enabled=False) for person in (leader, others[0]))
    chair.goto(meeting.get_absolute_url())
    press(chair, "Begin the meeting")
    follower.goto(f"/meetings/{meeting.pk}/room/")
    press(chair, "On")
    press(chair, "Two minutes more")
    follower.get_by_role("link", name=da("Look again")).click()
    expect(heading(follower)).to_have_text("Siden sidst")
    expect(follower.get_by_role("timer")).to_have_text(re.compile(r"0[67]:\d\d"))
