"""The pages on which groups are composed: both doors, few queries, and what stands on none."""

import re
from itertools import pairwise

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from networks import composing
from networks.models import Composition, KeptApart, Seat
from notifications import delivery
from notifications.models import Delivery
from tests import factories
from tests.test_queries import MOST, TRANSACTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
State = Composition.State
HTMX = {"hx_request": "true"}


def leaders(organisation, count):
    area = factories.make_unit(organisation, kind="area", name="Område Øst")
    return [
        factories.make_user(organisation, unit=factories.make_unit(organisation, parent=area))
        for _ in range(count)
    ]


@pytest.fixture
def office(client, secretariat):
    client.force_login(secretariat)
    return client


@pytest.fixture
def proposal(organisation, secretariat):
    return factories.make_proposal(secretariat, leaders(organisation, 12), groups=2)


def page(name, thing) -> str:
    return reverse(f"networks:{name}", args=[thing.pk])


def people_of(proposal) -> list:
    return [seat.user for seat in proposal.seats.select_related("user").order_by("pk")]


def text(response) -> str:
    """What a person reads, without tokens."""
    html = re.sub(r"csrfmiddlewaretoken.*?>|X-CSRFToken[^>]*>", "", response.content.decode())
    return re.sub(r"\s+", " ", html)


# ---- the way through


def test_four_clicks_from_the_office_to_a_proposal(
    office, organisation, django_capture_on_commit_callbacks
):
    found = leaders(organisation, 13)
    assert reverse("networks:compositions") in office.get(reverse("office")).content.decode()
    begun = office.post(reverse("networks:compositions"))
    composition = Composition.objects.get()
    assert begun["Location"] == page("composition_people", composition)
    shown = office.get(begun["Location"]).content.decode()
    assert shown.count("checked") == len(found)
    with django_capture_on_commit_callbacks(execute=True):
        asked = office.post(
            page("composition_people", composition),
            {"people": [one.pk for one in found], "number_of_groups": "2", "compose": "1"},
        )
    assert asked["Location"] == composition.get_absolute_url()
    board = office.get(asked["Location"])
    assert "Fyret" in board.content.decode()
    composition.refresh_from_db()
    assert composition.state == State.PROPOSED
    for one in found:
        assert one.name in board.content.decode()


@pytest.mark.parametrize(("people", "groups"), [(3, 4), (12, 4), (9, 1)])
def test_numbers_that_can_not_be_are_said_kindly_and_what_was_chosen_is_kept(
    office, organisation, proposal, people, groups
):
    chosen = people_of(proposal)[:people]
    answer = office.post(
        page("composition_people", proposal),
        {"people": [one.pk for one in chosen], "number_of_groups": groups},
    )
    assert answer.status_code == 422
    assert answer.content.decode().count("checked") == people
    assert "errorlist" in answer.content.decode()
    assert proposal.seats.count() == 12


def test_people_of_other_areas_are_kept_when_one_area_is_chosen_from(
    office, organisation, proposal
):
    area = factories.make_unit(organisation, kind="area", name="Område Vest")
    new = [factories.make_user(organisation, unit=area) for _ in range(2)]
    url = page("composition_people", proposal)
    assert new[0].name in office.get(url, {"area": area.pk}).content.decode()
    office.post(url, {"area": area.pk, "people": [new[0].pk], "number_of_groups": 2})
    assert proposal.seats.count() == 13
    office.post(url, {"area": area.pk, "number_of_groups": 2})
    assert proposal.seats.count() == 12


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_move_is_made_and_undone_through_both_doors(office, proposal, headers):
    seat = proposal.seats.select_related("group").first()
    other = proposal.groups.exclude(pk=seat.group_id).get()
    assert str(other) in office.get(page("seat", seat)).content.decode()
    moved = office.post(page("seat", seat), {"group": other.pk}, headers=headers)
    assert moved.status_code == (200 if headers else 302)
    seat.refresh_from_db()
    assert seat.group == other
    undone = office.post(page("composition_undo", proposal), headers=headers)
    assert undone.status_code == moved.status_code
    seat.refresh_from_db()
    assert seat.group != other


def test_a_group_of_another_proposal_is_not_there_to_move_to(office, proposal, secretariat):
    other = factories.make_proposal(secretariat, people_of(proposal)[:4])
    seat = proposal.seats.first()
    moved = office.post(page("seat", seat), {"group": other.groups.get().pk})
    assert moved.status_code == 404


def test_what_a_move_breaks_is_said_before_and_after_and_it_can_not_be_started(office, proposal):
    boss, *others = people_of(proposal)
    led = next(one for one in others if not _together(proposal, boss, one))
    led.manager = boss
    led.save()
    proposal.look_up()
    seat = proposal.seats.get(user=led)
    words = f"{boss.name} er over {led.name} i ledelseslinjen."
    assert words in office.get(page("seat", seat)).content.decode()
    office.post(page("seat", seat), {"group": proposal.seats.get(user=boss).group_id})
    board = office.get(proposal.get_absolute_url()).content.decode()
    assert words in board
    assert reverse("meetings:start_groups", args=[proposal.pk]) not in board
    started = office.post(
        reverse("meetings:start_groups", args=[proposal.pk]),
        {
            f"group-{group.pk}-{name}": value
            for group in proposal.groups.all()
            for name, value in [("day", "2026-12-15"), ("time", "13:00"), ("place", "Her")]
        },
    )
    assert started.status_code == 422
    assert "En regel er brudt" in started.content.decode()


def _together(proposal, one, other) -> bool:
    groups = proposal.seats.filter(user__in=[one, other]).values_list("group", flat=True)
    return len(set(groups)) == 1


def test_an_impossible_one_is_explained(office, organisation, proposal):
    boss, *led = people_of(proposal)
    for one in led:
        one.manager = boss
        one.save()
    proposal.ask_for_proposal()
    composing.compose(proposal.pk)
    board = office.get(proposal.get_absolute_url()).content.decode()
    assert f"{boss.name} er over eller under næsten alle de andre" in board
    assert page("composition_people", proposal) in board


def test_while_the_solver_works_the_page_asks_again_and_shows_the_best_so_far(office, proposal):
    first, second = people_of(proposal)[:2]
    proposal.wish([first, second])
    proposal.ask_for_proposal()
    run = proposal.claim()
    proposal.heartbeat(run, {first.pk: 0, second.pk: 0}, 40, 0)
    region = office.get(proposal.get_absolute_url(), headers=HTMX).content.decode()
    assert 'hx-trigger="every 1500ms"' in region
    assert "<html" not in region
    assert "1 af 1 ønsker er opfyldt" in region
    refused = office.post(page("composition_undo", proposal), headers=HTMX)
    assert refused["HX-Redirect"] == proposal.get_absolute_url()
    office.post(page("end_search", proposal))
    assert proposal.heartbeat(run, None, None, 0) is False


def test_a_finished_page_asks_no_more(office, proposal):
    region = office.get(proposal.get_absolute_url(), headers=HTMX).content.decode()
    assert "every" not in region


def test_a_name_two_groups_would_share_is_refused(office, proposal):
    first, second = proposal.groups.all()
    answer = office.post(page("proposed_group", first), {"name": second.name.upper()})
    assert answer.status_code == 422
    assert "To af grupperne ville få samme navn." in answer.content.decode()
    outside = factories.make_user(proposal.organisation)
    answer = office.post(
        page("proposed_group", first), {"name": "Lyset", "facilitator": outside.pk}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["composition_wishes", "composition_apart"])
def test_two_different_people_are_asked_for(office, proposal, name):
    one = people_of(proposal)[0]
    for sent in ({"one": one.pk, "other": one.pk}, {"one": one.pk}, {"one": "x", "other": "y"}):
        assert office.post(page(name, proposal), sent).status_code == 422
    assert not proposal.wishes.exists()
    assert not proposal.kept_apart.exists()


# ---- the leaders


def test_a_leader_sees_the_own_group_only_when_it_is_shown_and_swaps_without_a_reason(
    client, office, proposal, mailoutbox
):
    me, *others = people_of(proposal)
    seat = proposal.seats.get(user=me)
    mine, not_mine = [
        [one for one in others if _together(proposal, me, one) is here] for here in (True, False)
    ]
    client.force_login(me)
    assert client.get(page("proposal", seat)).status_code == 404
    proposal.share()
    proposal.share()
    delivery.deliver_due()
    mails = [mail for mail in mailoutbox if mail.to == [me.email]]
    assert len(mails) == 1
    assert len(mailoutbox) == 12
    assert reverse("networks:proposal", args=[seat.pk]) in mails[0].body
    assert not [one for one in [*mine, *not_mine] if one.name in str(mails[0].message())]
    shown = client.get(page("proposal", seat)).content.decode()
    assert [one for one in others if one.name in shown] == mine
    client.post(page("swap", seat), {"wanted": "1"})
    seat.refresh_from_db()
    assert seat.wants_swap
    client.post(page("swap", seat), {"wanted": "0"})
    seat.refresh_from_db()
    assert not seat.wants_swap


def test_a_mail_about_what_is_no_longer_shown_is_not_sent(proposal, mailoutbox):
    proposal.share()
    proposal.unshare()
    delivery.deliver_due()
    assert mailoutbox == []
    assert set(Delivery.objects.values_list("skip_reason", flat=True)) == {"over"}


def test_who_asks_to_swap_stands_on_the_board(office, proposal):
    proposal.share()
    me = people_of(proposal)[0]
    proposal.seats.get(user=me).ask_to_swap(True)
    assert "1 vil gerne bytte" in office.get(proposal.get_absolute_url()).content.decode()


def test_after_the_start_nobody_swaps(client, proposal):
    proposal.share()
    proposal.found_groups()
    seat = proposal.seats.first()
    client.force_login(seat.user)
    assert client.post(page("swap", seat), {"wanted": "1"}).status_code == 404


# ---- who is kept apart


def test_who_is_kept_apart_stands_on_one_page_only(office, proposal, client):
    """Every other page is the same to the letter, whether a pair is kept apart or not."""
    people = people_of(proposal)
    apart = next(
        [people[0], other] for other in people[1:] if not _together(proposal, people[0], other)
    )
    seat = proposal.seats.exclude(user__in=apart).first()
    pages = [
        reverse("office"),
        reverse("networks:compositions"),
        reverse("networks:list"),
        proposal.get_absolute_url(),
        page("seat", seat),
        page("proposed_group", proposal.groups.first()),
        reverse("meetings:start_groups", args=[proposal.pk]),
    ]
    without = [text(office.get(url)) for url in pages]
    proposal.keep_apart(*apart)
    proposal.refresh_from_db()
    assert [text(office.get(url)) for url in pages] == without
    edit = office.get(page("composition_people", proposal)).content.decode()
    pair = sorted(apart, key=lambda user: user.pk)
    assert f"{pair[0].name} · {pair[1].name}" in edit


def test_why_a_wish_of_two_kept_apart_is_not_met_does_not_say_it(office, proposal):
    people = people_of(proposal)
    apart = next(
        [people[0], other] for other in people[1:] if not _together(proposal, people[0], other)
    )
    proposal.wish(apart)
    proposal.keep_apart(*apart)
    board = office.get(proposal.get_absolute_url()).content.decode()
    assert f"{apart[0].name} med {apart[1].name}" in board
    assert "fortrolig" not in board


def test_a_broken_pair_is_said_without_whom(office, proposal):
    people = people_of(proposal)
    pair = next([people[0], other] for other in people[1:] if _together(proposal, people[0], other))
    before = office.get(proposal.get_absolute_url()).content.decode()
    proposal.keep_apart(*pair)
    after = office.get(proposal.get_absolute_url()).content.decode()
    assert "Noget, du har markeret som fortroligt, er brudt her." in after
    for one in pair:
        assert after.count(one.name) == before.count(one.name)


def test_the_pairs_are_in_no_admin_log_or_task(proposal, caplog, settings):
    """The task takes no arguments at all, and the solver says nothing."""
    from config.celery import app
    from networks.tasks import heavy_compositions

    assert KeptApart not in admin.site._registry
    assert Composition not in admin.site._registry
    people = people_of(proposal)
    proposal.keep_apart(people[0], people[1])
    sent = []
    app.amqp.send_task_message, was = sent.append, app.amqp.send_task_message
    try:
        with caplog.at_level("DEBUG"):
            heavy_compositions.apply()
            proposal.ask_for_proposal()
            composing.compose(proposal.pk)
    finally:
        app.amqp.send_task_message = was
    for one in people[:2]:
        logged = [r for r in caplog.records if not r.name.startswith("django.db")]
        assert not [r for r in logged if one.name in r.getMessage()]


# ---- queries


def test_as_many_queries_with_three_hundred_as_with_few(office, organisation, secretariat):
    counts = []
    for number, groups in [(8, 1), (31, 4), (300, 45)]:
        people = leaders(organisation, number)
        proposal = factories.make_proposal(secretariat, people, groups=groups)
        for one, other in pairwise(people):
            proposal.wish([one, other])
        proposal.keep_apart(people[0], people[-1])
        pages = {
            "composition": proposal.get_absolute_url(),
            "people": page("composition_people", proposal),
            "seat": page("seat", proposal.seats.first()),
            "group": page("proposed_group", proposal.groups.first()),
            "start": reverse("meetings:start_groups", args=[proposal.pk]),
            "list": reverse("networks:compositions"),
        }
        counts.append({name: asked_by(office, url) for name, url in pages.items()})
        proposal.discard()
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0].values()) <= MOST


def asked_by(office, url) -> int:
    office.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert office.get(url).status_code == 200
    return sum(not one["sql"].startswith(TRANSACTIONS) for one in asked)


def test_the_leaders_page_asks_as_little_with_eight_as_with_four(client, secretariat):
    counts = []
    for size in (4, 8):
        people = leaders(secretariat.organisation, size)
        proposal = factories.make_proposal(secretariat, people)
        proposal.share()
        client.force_login(people[0])
        url = page("proposal", Seat.objects.get(composition=proposal, user=people[0]))
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(sum(not one["sql"].startswith(TRANSACTIONS) for one in asked))
    assert counts[0] == counts[1] <= MOST


def test_a_shown_proposal_stands_on_today_until_it_is_taken_back(client, secretariat):
    people = leaders(secretariat.organisation, 4)
    proposal = factories.make_proposal(secretariat, people)
    seat = Seat.objects.get(composition=proposal, user=people[0])
    client.force_login(people[0])
    for shown in (False, True, False):
        if shown:
            proposal.share()
        else:
            proposal.unshare()
        page = client.get(reverse("meetings:waiting")).content.decode()
        assert (seat.get_absolute_url() in page) == shown


# ---- in both languages


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_board_in_both_languages(office, secretariat, proposal, language):
    type(secretariat).objects.filter(pk=secretariat.pk).update(language=language)
    board = office.get(proposal.get_absolute_url()).content.decode()
    with translation.override(language):
        assert translation.gettext("Nobody shares a group with anybody above them") in board
