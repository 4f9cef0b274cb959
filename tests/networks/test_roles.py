"""Who holds the rope, and the five lines over the years."""

from datetime import timedelta

import pytest
from django.utils import timezone

from networks.models import Membership
from notifications.delivery import deliver_due
from tests.factories import make_group, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def group(organisation):
    return make_group(organisation, 4, status="running")


@pytest.fixture
def memberships(group):
    """The tovholder first."""
    return list(group.memberships.order_by("pk"))


def roles(group) -> list[str]:
    return list(group.memberships.standing().order_by("pk").values_list("role", flat=True))


def test_the_rope_changes_hands_with_a_yes(group, memberships, mailoutbox):
    _tovholder, other, third, _ = memberships
    other.offer("facilitator")
    assert roles(group) == ["facilitator", "member", "member", "member"]
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[other.user.email]]
    assert not third.take("facilitator")
    assert other.take("facilitator")
    assert other.take("facilitator")
    assert roles(group) == ["member", "facilitator", "member", "member"]


def test_only_the_last_one_asked_can_take_it(group, memberships, mailoutbox):
    _tovholder, other, third, _ = memberships
    other.offer("facilitator")
    third.offer("facilitator")
    assert not other.take("facilitator")
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[third.user.email]]
    third.decline()
    assert not third.take("facilitator")
    assert roles(group)[0] == "facilitator"


def test_a_deputy_says_yes_too_and_takes_over_when_the_tovholder_leaves(group, memberships):
    tovholder, other, *_ = memberships
    other.offer("deputy")
    other.take("deputy")
    assert roles(group) == ["facilitator", "deputy", "member", "member"]
    tovholder.leave()
    tovholder.leave()
    assert roles(group) == ["facilitator", "member", "member"]


def test_without_a_deputy_anybody_can_take_it(group, memberships):
    tovholder, other, third, _ = memberships
    tovholder.leave()
    assert roles(group) == ["member"] * 3
    assert not other.take("deputy")
    assert third.take("facilitator")
    assert not other.take("facilitator")
    assert not tovholder.take("facilitator")


def test_the_secretariat_gives_a_role_to_who_is_in_it(group, memberships):
    group.appoint(memberships[2].user, role="facilitator")
    assert roles(group) == ["member", "member", "facilitator", "member"]


# ---- the five lines


def asks(membership) -> str:
    found = Membership.objects.with_what_waits(timezone.now())
    return found.get(pk=membership.pk).affirms_again


def test_the_lines_are_asked_again_when_somebody_joins(group, memberships, organisation, monday):
    mine = memberships[1]
    assert asks(mine) == ""
    monday.shift(timedelta(days=1))
    newcomer = group.appoint(make_user(organisation))
    assert asks(mine) == "newcomer"
    mine.refresh_from_db()
    assert mine.sees_content  # theirs stays open
    assert not newcomer.sees_content
    assert asks(newcomer) == ""  # who reads them first anyway
    monday.shift(timedelta(days=1))
    mine.affirm()
    newcomer.affirm()
    assert (asks(mine), asks(newcomer)) == ("", "")


def test_not_while_it_is_forming(organisation, monday):
    group = make_group(organisation, 1)
    monday.shift(timedelta(days=1))
    group.join(make_user(organisation))
    assert asks(group.memberships.earliest("pk")) == ""


def test_once_a_year(memberships, monday):
    monday.shift(timedelta(days=365))
    assert asks(memberships[0]) == ""
    monday.shift(timedelta(days=1))
    assert asks(memberships[0]) == "year"


def test_new_words_are_asked_and_what_one_said_yes_to_is_kept(group, memberships, organisation):
    mine = memberships[0]
    organisation.reword_agreement(["Nyt"] * 5, ["New"] * 5)
    organisation.reword_agreement(["Nyt"] * 5, ["New"] * 5)
    assert organisation.agreements.count() == 2
    assert asks(mine) == "words"
    assert not mine.affirm(version=1)  # read before they were reworded
    mine.refresh_from_db()
    assert mine.agreement.version == 1
    assert mine.affirm(version=2)
    assert (mine.agreement.version, mine.affirmed_at) == (2, timezone.now())
    assert asks(mine) == ""
