"""An invitation by link: once, for two weeks, for one's own organisation."""

from datetime import timedelta

import pytest

from meetings.reconciling import reconcile
from networks.models import Group, InviteLink, JoinRefused, User
from tests.factories import make_group, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def group(organisation):
    return make_group(organisation, 3, join_policy="invited", name="Havnen")


@pytest.fixture
def tovholder(group):
    return group.memberships.get(role="facilitator").user


@pytest.fixture
def link(group, tovholder):
    return InviteLink.make(group, by=tovholder)[0]


def refuses(link, person) -> bool:
    try:
        link.use(person)
    except JoinRefused:
        return True
    return False


def test_it_lets_one_person_in_once(link, group, organisation, leader):
    assert link.use(leader) == group.membership_of(leader)
    assert link.use(leader) == group.membership_of(leader)
    assert refuses(link, make_user(organisation))
    assert group.memberships.count() == 4


def test_its_address_is_kept_nowhere(group, tovholder, leader, outsider):
    link, token = InviteLink.make(group, by=tovholder)
    assert token not in str(vars(link))
    assert InviteLink.objects.behind(token, leader) == link
    assert InviteLink.objects.behind(token, outsider) is None
    assert InviteLink.objects.behind(token[:-1], leader) is None


def test_after_two_weeks_it_is_over(link, leader, monday):
    monday.shift(timedelta(days=14))
    assert refuses(link, leader)


def test_taken_back_it_is_over(link, leader):
    link.revoke()
    assert refuses(link, leader)


def test_a_refusal_does_not_use_it_up(link, group, organisation, leader, secretariat, outsider):
    boss = make_user(organisation)
    User.objects.filter(pk=group.memberships.last().user_id).update(manager=boss)
    assert refuses(link, boss)
    assert refuses(link, secretariat)
    assert refuses(link, outsider)
    assert link.use(leader)


@pytest.mark.parametrize("change", [{"size": 4}, {"status": "closed"}, {"status": "paused"}])
def test_full_or_closed_refuses(link, group, organisation, leader, change):
    group.appoint(make_user(organisation))
    Group.objects.filter(pk=group.pk).update(**change)
    assert refuses(link, leader)


def test_into_a_running_group_all_say_yes_first(link, group, leader):
    """Line four of the agreement, whoever made the link."""
    group.start()
    assert link.use(leader) is None
    assert link.use(leader) is None  # sent twice
    request = group.requests.get()
    assert request.state == "asked"
    for membership in group.memberships.all():
        request.say(membership.user, True)
    assert group.membership_of(leader)


def test_unless_the_tovholder_says_that_they_have(group, tovholder, leader):
    group.start()
    link, _token = InviteLink.make(group, by=tovholder, agreed=True)
    assert link.use(leader).sees_content


def test_who_was_answered_lately_may_be_invited(organisation, leader, monday):
    group = make_group(organisation, 2, status="running")
    group.ask(leader)
    monday.shift(timedelta(days=15))
    reconcile()
    link, _token = InviteLink.make(group, by=group.memberships.first().user)
    assert link.use(leader) is None
    assert group.requests.live().get().user == leader
