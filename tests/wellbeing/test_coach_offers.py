"""Who is through may offer to coach; found by whoever is not in their line of command."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from meetings.reconciling import reconcile
from tests import factories
from tests.cast import get_through
from wellbeing.models import CoachOffer, CoachProgramme, Decision, Enrolment
from wellbeing.models.enrolment import KEPT

pytestmark = pytest.mark.usefixtures("monday")

LINE = "Ring, når du går i ring."


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def look(person, **query) -> str:
    return browser(person).get("/coaches/", query).content.decode()


@pytest.fixture
def birgitte(organisation):
    return factories.make_user(organisation, "Birgitte Aagaard")


@pytest.fixture
def coach(organisation, birgitte):
    """Led by Birgitte, leads Ove, through with the education."""
    coach = factories.make_user(
        organisation, "Dorte Nygaard", manager=birgitte, phone="99 31 12 00"
    )
    get_through(coach)
    return coach


@pytest.fixture
def offer(coach):
    return CoachOffer.objects.make(coach, line=LINE, themes=["support"])


def test_offered_with_one_line_and_found_by_whoever_is_neither_above_nor_below(
    coach, leader, birgitte, secretariat, outsider, organisation
):
    above = factories.make_user(organisation, "Susanne Kjær")
    birgitte.change_manager(above)
    ove = factories.make_user(organisation, "Ove Under", manager=coach)
    headed = factories.make_unit(organisation, head=coach)
    in_unit = factories.make_user(organisation, "Ida i enheden", unit=headed)
    here = browser(coach)
    for _ in range(2):  # a double click
        here.post("/coaches/mine/", {"line": f" {LINE}", "reach": "both", "themes": "support"})
    offer = CoachOffer.objects.get()
    assert (offer.line, offer.themes, offer.by) == (LINE, ["support"], coach)
    seen = {
        person.name: LINE in look(person)
        for person in (leader, birgitte, above, ove, in_unit, secretariat, outsider, coach)
    }
    assert [name for name, sees in seen.items() if sees] == ["Karen Holm"]
    page = look(leader)
    assert 'href="tel:99311200"' in page
    assert f'href="mailto:{coach.email}"' in page
    assert "1 leder tilbyder kolleger coaching." in look(secretariat)
    assert coach.name not in look(secretariat)


def test_nothing_is_noted_when_somebody_looks(offer, leader):
    here = browser(leader)
    here.get("/me/")  # that somebody was here today
    with CaptureQueriesContext(connection) as asked:
        page = here.get("/coaches/").content.decode()
    assert "Pejling noterer ikke, at I taler, med hvem eller hvornår." in page
    assert [one["sql"] for one in asked if re.match(r"INSERT|UPDATE|DELETE", one["sql"])] == []
    assert LINE in page


def test_only_who_is_through_offers(organisation, leader, coach):
    with pytest.raises(PermissionDenied):
        CoachOffer.objects.make(leader, line=LINE)
    here = browser(leader)
    assert here.get("/coaches/mine/").status_code == 403
    assert here.post("/coaches/mine/", {"line": LINE, "reach": "mail"}).status_code == 403
    assert "/coaches/mine/" not in look(leader)
    assert "/coaches/mine/" in look(coach)
    education = coach.enrolments.get().programme.get_absolute_url()
    assert 'href="/coaches/"' in browser(coach).get(education).content.decode()


def test_by_theme_and_how_to_reach(offer, coach, leader, organisation):
    other = factories.make_user(organisation, "Amir Haddad")
    get_through(other)
    CoachOffer.objects.make(other, line="Kom som du er")  # about anything
    found = {theme: look(leader, theme=theme) for theme in ("support", "growth")}
    assert [(LINE in page, "Kom som du er" in page) for page in found.values()] == [
        (True, True),
        (False, True),
    ]
    assert "tel:" not in found["support"]  # by mail, unless they say otherwise
    CoachOffer.objects.make(coach, reach="phone")
    assert (f"mailto:{coach.email}" in look(leader), "tel:99311200" in look(leader)) == (
        False,
        True,
    )
    coach.phone = ""
    coach.save(update_fields=["phone"])
    assert f"mailto:{coach.email}" in look(leader)


def test_a_break_and_the_end(offer, coach, leader):
    here = browser(coach)
    here.post("/coaches/mine/pause/", {"wanted": "1"})
    assert (LINE in look(leader), "Dit tilbud hviler" in look(coach)) == (False, True)
    here.post("/coaches/mine/", {"line": "Nye ord", "reach": "mail"})  # changed, and still resting
    assert "Nye ord" not in look(leader)
    here.post("/coaches/mine/pause/")
    assert "Nye ord" in look(leader)
    here.post("/coaches/mine/end/")
    assert "Nye ord" not in look(leader)
    assert CoachOffer.objects.count() == 0
    assert here.post("/coaches/mine/end/").status_code == 404  # and a second click finds nothing


@pytest.mark.parametrize("why", ["left", "not through", "not for them"])
def test_it_goes_with_who_leaves_or_was_not_through_after_all(offer, coach, leader, why):
    assert LINE in look(leader)
    if why == "left":
        coach.leave()
    else:
        coach.enrolments.get().take_back()
    if why == "not for them":  # by the secretariat, before the minute is over
        coach.enrolments.get().take_out()
    assert LINE not in look(leader)
    reconcile()
    assert CoachOffer.objects.count() == 0


def test_it_outlives_what_is_known_of_their_education(offer, coach, leader):
    """Who was through is forgotten after a year; that they offer it is theirs to say."""
    Enrolment.objects.forget(timezone.now() + KEPT + timedelta(days=1))
    assert Enrolment.objects.filter(leader=coach).exists() is False
    assert LINE in look(leader)
    reconcile()
    assert browser(coach).get("/coaches/mine/").status_code == 200
    # asked to another education later, they are still who they were
    decision = Decision.objects.decide(coach, "Alle skal gennem den nye")
    CoachProgramme.objects.start(decision, coach)
    assert coach.enrolments.get().state == "invited"
    reconcile()
    assert LINE in look(leader)
    CoachOffer.objects.make(coach, line="Nye ord")
    assert "Nye ord" in look(leader)


def test_a_line_that_is_too_long_is_said_with_the_words_kept(coach):
    long = "Ring endelig. " * 20
    refused = browser(coach).post("/coaches/mine/", {"line": long, "reach": "mail"})
    assert refused.status_code == 422
    assert long.strip() in refused.content.decode()


def test_whoever_has_no_number_can_not_promise_one(coach):
    coach.phone = ""
    coach.save(update_fields=["phone"])
    here = browser(coach)
    assert 'value="phone"' not in here.get("/coaches/mine/").content.decode()
    assert here.post("/coaches/mine/", {"line": LINE, "reach": "phone"}).status_code == 422
