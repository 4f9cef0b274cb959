"""Every page of the demo as each persona meets it: accessible, fitting a phone, quiet."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.utils import timezone

from meetings import demo
from meetings.models import Meeting
from meetings.thread import Thread
from networks.demo import PERSONAS
from networks.models import Composition, Group, Import, User
from tests.browser.conftest import DESK, PHONE, faults
from wellbeing.models import CoachProgramme, Decision, Guidepost

SCREENS = cycle([PHONE | {"width": 320}, PHONE, DESK])


# The case, as the demo's guidepost tells it back: each kind of thing where it first comes.
CASE = ["day", "worded", "taken_up", "asked", "found", "yes", "helped", "decided", "started"]
CASE += ["course"]
PEOPLE = [("leader", "light"), ("manager", "dark"), ("secretariat", "light"), ("outsider", "dark")]


@pytest.mark.usefixtures("clock")
def test_every_page(arrive):
    demo.tell(timezone.now())
    assert told_by("Ingen leder står alene.") == CASE
    change_a_season(Group.objects.get(name="Ledergruppen i område Nord").series.get())
    found = []
    for who, scheme in PEOPLE:
        page = arrive(persona(who), color_scheme=scheme)
        for path, screen in zip(paths_of(who), SCREENS, strict=False):
            page.set_viewport_size(screen)
            assert page.goto(path).status == 200, path
            found += faults(page)
    page = arrive(color_scheme="dark")
    for path in ("/", "/accounts/signup/", "/demo/mail/"):
        assert page.goto(path).status == 200, path
        found += faults(page)
    assert found == []


def told_by(wording: str) -> list[str]:
    guidepost = Guidepost.objects.get(wording=wording)
    told = Thread.of(persona("leader"), guidepost.pk, timezone.now()).told
    return [kind for kind in dict.fromkeys(knot.kind for knot in told) if kind in CASE]


def decided() -> list[str]:
    """One that is due, what it was decided on, and to write down another."""
    decision = Decision.objects.exclude(presentation=None).earliest("pk")
    new = f"/decisions/new/?presentation={decision.presentation_id}"
    presented = decision.presentation.get_absolute_url()
    return ["/decisions/", decision.get_absolute_url(), presented, new]


def coached(who: str) -> list[str]:
    """One's own course and the numbers of one's area; for the secretariat all that it tends."""
    programme = CoachProgramme.objects.get()
    url = programme.get_absolute_url()
    if who != "secretariat":
        return ["/coaching/", url]
    coming = programme.cohorts.last()
    day = f"/coaching/days/{coming.days.last().pk}/"
    return [url, f"{url}leaders/", coming.get_absolute_url(), day]


def change_a_season(season) -> None:
    """One meeting moved, one cancelled, so that their pages are there to be seen."""
    moved, cancelled = season.meetings.filter(status="planned").order_by("starts_at")[:2]
    by = persona("manager")
    moved.move(moved.starts_at + timedelta(hours=4), by=by, place="Biblioteket")
    cancelled.cancel(by=by, reason="Vi er på temadag.")


def persona(who: str) -> User:
    return User.objects.get(email=next(p["email"] for p in PERSONAS if p["who"] == who))


def paths_of(who: str) -> list[str]:
    """The pages that somebody like that would open."""
    team = Group.objects.get(name="Ledergruppen i område Nord")
    forming = Group.objects.get(name="Horisonten")
    coming = team.series.get().meetings.filter(status="planned").last()
    if who == "leader":
        mine = Meeting.objects.visible_to(persona(who)).order_by("starts_at")
        steered = Guidepost.objects.filter(unit=team.unit).standing().first()
        states = {meeting.status: meeting for meeting in mine}.values()
        places = ["/", "/meetings/", "/networks/", "/guideposts/", "/season-map/"]
        return [*places, *coached(who), "/me/", "/me/calendar/"] + [
            one.get_absolute_url()
            for one in [*states, team, forming, team.series.get(), mine.last().group, steered]
        ]
    if who == "manager":
        time, call_off = (f"/meetings/{coming.pk}/{verb}/" for verb in ("time", "cancellation"))
        series = f"/groups/{team.pk}/series/new/"
        return [
            "/",
            "/networks/",
            "/season-map/",
            time,
            call_off,
            series,
            *decided(),
            *coached(who),
        ]
    if who == "secretariat":
        plan = f"/groups/{forming.pk}/series/new/"
        people = ["/office/people/", f"/office/people/{persona('leader').pk}/departure/"]
        people += ["/office/import/", Import.objects.get().get_absolute_url(), "/office/units/"]
        composing = Composition.objects.get()
        board = composing.get_absolute_url()
        composed = [board, f"{board}people/", f"{board}start/"]
        people += composed + coached(who)
        return [*people, "/", "/office/", "/office/rehearsal/", forming.get_absolute_url(), plan]
    return ["/", "/meetings/", "/networks/"]
