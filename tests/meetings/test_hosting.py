"""Who is host: by whose turn it is, never the senior manager, and anyone may pass."""

import pytest

from meetings.models import Trace
from tests.factories import make_open_meeting, make_series

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def people(team):
    return [membership.user for membership in team.memberships.order_by("pk")]


def test_the_host_goes_round_and_is_never_the_senior_manager(team, people):
    hosts = []
    for meeting in make_series(team, meetings=8).meetings.order_by("starts_at"):
        meeting.invite_proposals()
        hosts.append(meeting.host)
    assert hosts == people + people


def test_one_passes_by_one_tap_and_the_next_is_offered(team, people):
    first, second = make_series(team, meetings=2).meetings.order_by("starts_at")
    first.invite_proposals()
    assert first.hosting.pass_on(people[0])
    assert not first.hosting.pass_on(people[0])
    assert first.host == people[1]
    second.invite_proposals()
    assert second.host == people[0]


def test_when_all_have_passed_anybody_may_take_it_but_not_the_senior_manager(team, people):
    meeting = make_open_meeting(team)
    for person in people:
        assert meeting.hosting.pass_on(person)
    assert meeting.host is None
    assert not meeting.hosting.take(team.senior_manager)
    assert meeting.hosting.take(people[2])
    assert not meeting.hosting.take(people[1])
    assert meeting.host == people[2]
    assert Trace.objects.filter(what="took").count() == 1


def test_a_host_who_does_not_come_has_a_substitute(team, people):
    meeting = make_open_meeting(team)
    meeting.answer(people[1], coming=False)
    assert meeting.host == people[0]
    meeting.answer(people[0], coming=False)
    assert meeting.host == people[2]


def test_a_host_who_has_left_is_replaced_when_the_agenda_closes(team, people):
    meeting = make_open_meeting(team)
    team.memberships.get(user=people[0]).leave()
    meeting.compose_agenda()
    assert meeting.host == people[1]


def test_a_group_without_an_agenda_has_a_host_too(network):
    meeting = make_series(network, has_agenda=False).meetings.get()
    meeting.compose_agenda()
    assert meeting.host == network.memberships.order_by("pk").first().user
