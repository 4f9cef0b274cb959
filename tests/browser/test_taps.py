"""Each on their own phone: one tap, without anybody seeing which, then the figure to talk about."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from meetings.models import TapRound
from tests.browser.conftest import DESK, da, look
from tests.browser.test_room import press
from tests.factories import make_meeting, make_user

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def meeting(team):
    for _ in range(3):
        team.appoint(make_user(team.organisation))
    return make_meeting(team, timezone.now() + timedelta(minutes=5), has_agenda=False)


def test_the_chair_lets_everybody_tap_and_all_see_how_many(meeting, team, leader, arrive):
    others = [one.user for one in team.memberships.exclude(user=leader).select_related("user")]
    chair, phone = arrive(leader, DESK), arrive(others[0])
    chair.goto(meeting.get_absolute_url())
    press(chair, "Begin the meeting")
    phone.goto(f"/meetings/{meeting.pk}/room/")
    chair.get_by_text(da("Let everybody tap first")).click()
    press(chair, "Let everybody tap")
    expect(phone.get_by_role("button", name=da("So-so"))).to_be_visible()  # by itself
    phone.goto(f"/meetings/{meeting.pk}/taps/")
    look(phone)
    phone.get_by_role("button", name=da("Mostly")).click()
    expect(phone.get_by_text(da("You have tapped."), exact=False).first).to_be_visible()
    phone.goto(f"/meetings/{meeting.pk}/room/")
    expect(phone.get_by_text(da("You have tapped."), exact=False).first).to_be_visible()
    expect(phone.get_by_role("button", name=da("Mostly"))).to_have_count(0)
    expect(chair.get_by_role("button", name=da("Yes"), exact=True)).to_be_visible()
    chair.get_by_role("button", name=da("Yes"), exact=True).click()
    round = TapRound.objects.for_page().get()
    for person in others[1:5]:
        round.tap(person, 2)
    press(chair, "Everybody has tapped: show the figure")
    for page in (chair, phone):
        expect(page.locator(".tap-figure circle")).to_have_count(6)
    for address in (f"/meetings/{meeting.pk}/taps/", f"/groups/{team.pk}/taps/", "/areas/taps/"):
        phone.goto(address)
        look(phone)
