"""Every page of the demo as each persona meets it: accessible, fitting a phone, quiet."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.utils import timezone

from meetings import demo
from meetings.models import Meeting
from networks.demo import PERSONAS
from networks.models import Group, User
from tests.browser.conftest import DESK, PHONE, faults

SCREENS = cycle([PHONE | {"width": 320}, PHONE, DESK])


@pytest.fixture
def havby(clock):
    demo.tell(timezone.now())


def persona(who: str) -> User:
    return User.objects.get(email=next(p["email"] for p in PERSONAS if p["who"] == who))


def paths_of(who: str) -> list[str]:
    """The pages that somebody like that would open."""
    mine = Meeting.objects.visible_to(persona(who)).order_by("starts_at")
    team = Group.objects.get(name="Ledergruppen i område Nord")
    forming = Group.objects.get(name="Horisonten")
    later = team.series.get().meetings.filter(status="planned").first()
    if who == "leader":
        states = {meeting.status: meeting for meeting in mine}.values()
        return ["/", "/meetings/", "/networks/", "/guideposts/", "/me/"] + [
            one.get_absolute_url()
            for one in [*states, team, forming, team.series.get(), mine.last().group]
        ]
    if who == "manager":
        time, call_off = (f"/meetings/{later.pk}/{verb}/" for verb in ("time", "cancellation"))
        plan = f"/groups/{team.pk}/series/new/"
        return ["/", "/networks/", later.get_absolute_url(), time, call_off, plan]
    if who == "secretariat":
        plan = f"/groups/{forming.pk}/series/new/"
        return ["/", "/office/", "/office/rehearsal/", forming.get_absolute_url(), plan]
    return ["/", "/meetings/", "/networks/", "/guideposts/"]


@pytest.mark.parametrize(
    ("who", "scheme"),
    [("leader", "light"), ("manager", "dark"), ("secretariat", "light"), ("outsider", "dark")],
)
def test_every_page(who, scheme, arrive, havby):
    page, found = arrive(persona(who), color_scheme=scheme), []
    for path, screen in zip(paths_of(who), SCREENS, strict=False):
        page.set_viewport_size(screen)
        answer = page.goto(path)
        assert answer.status == 200, path
        found += faults(page)
    assert found == []


def test_pages_for_who_is_not_signed_in(arrive, havby):
    page, found = arrive(color_scheme="dark"), []
    for path, status in [("/", 200), ("/accounts/signup/", 200), ("/demo/mail/", 200)]:
        assert page.goto(path).status == status
        found += faults(page)
    assert found == []


def test_what_was_changed_shows_as_changed(arrive, havby):
    """The pages of a meeting that was moved, cancelled, and of a season that has both."""
    season = Group.objects.get(name="Ledergruppen i område Nord").series.get()
    moved, cancelled = season.meetings.filter(status="planned").order_by("starts_at")[:2]
    birgitte = persona("manager")
    moved.move(moved.starts_at + timedelta(hours=4), by=birgitte, place="Biblioteket")
    cancelled.cancel(by=birgitte, reason="Vi er på temadag.")
    page, found = arrive(persona("leader")), []
    for one in (moved, cancelled, season):
        page.goto(one.get_absolute_url())
        found += faults(page)
    assert found == []
    assert page.get_by_text("Vi er på temadag.").is_visible()
