"""Saying whether one comes, and taking one's dates into one's own calendar."""

import os

import pytest
from django.utils import timezone

from meetings.models import Answer, Feed
from tests.browser.conftest import DESK, PHONE, da, look
from tests.factories import in_days, make_open_meeting, make_series

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]


def shoot(page, name):
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_i_am_coming_is_one_tap(arrive, team, leader, script):
    meeting = make_open_meeting(team)
    for number, person in enumerate(team.participants().exclude(pk=leader.pk)[:3]):
        meeting.answer(person, number != 1)
    page = arrive(leader, screen=PHONE, java_script_enabled=script)
    page.goto(meeting.get_absolute_url())
    for words, coming in ((da("I’m coming"), True), (da("I’m not coming"), False)):
        page.get_by_role("button", name=words, exact=True).click()
        page.locator("button[aria-pressed=true]", has_text=words).wait_for()
        assert Answer.objects.get(user=leader).coming is coming
    if script:
        look(page)
        shoot(page, "answer-phone")
        page.set_viewport_size(DESK)
        shoot(page, "answer-desk")


def test_a_feed_is_made_and_ended(arrive, team, network, leader):
    make_series(team, meetings=3)
    make_series(network, in_days(5))
    page = arrive(leader, screen=PHONE)
    page.goto("/me/calendar/")
    look(page)
    shoot(page, "calendar-phone")
    page.get_by_role("button", name=da("Make a feed")).first.click()
    address = page.locator("#address").input_value()
    assert page.request.get(address).text().startswith("BEGIN:VCALENDAR")
    look(page)
    shoot(page, "feed-phone")
    page.set_viewport_size(DESK)
    shoot(page, "feed-desk")
    page.locator("summary", has_text=da("Use invitations again")).click()
    page.get_by_role("button", name=da("Use invitations again")).click()
    page.get_by_text(da("That address has stopped working.")).wait_for()
    assert Feed.objects.get().revoked_at <= timezone.now()
    assert page.request.get(address).status == 404
