"""What a rehearsal held back: said when it is over, where it still waits for somebody."""

from collections import Counter

import pytest
from django.utils import timezone

from meetings.models import DateSearch, TenMinutes
from meetings.reconciling import reconcile
from networks.models import Membership
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import in_days, make_group, make_organisation, make_team, make_user

pytestmark = [pytest.mark.usefixtures("monday"), pytest.mark.django_db]


@pytest.fixture
def organisation(db):
    return make_organisation(begun=False)


@pytest.fixture
def group(organisation):
    return make_group(organisation, 3, status="running")


def minute(mailoutbox) -> Counter:
    """What beat rings each minute. Answers which mails went out."""
    mailoutbox.clear()
    reconcile()
    deliver_due()
    ids = [one.extra_headers["Message-ID"] for one in mailoutbox]
    return Counter(Delivery.objects.filter(message_id__in=ids).values_list("kind", flat=True))


def come_in(group, name: str):
    """Somebody asks, and all say yes."""
    person = make_user(group.organisation, name)
    request = group.ask(person)
    for member in list(group.participants()):
        request.say(member, True)
    return Membership.objects.get(group=group, user=person)


def test_what_waits_for_somebody_is_said_when_it_begins_and_once(organisation, group, mailoutbox):
    first, second, _third = group.participants()
    group.membership_of(second).offer("deputy")
    DateSearch(group=group, by=first, place="Rådhuset").offer([in_days(20), in_days(21)])
    come_in(group, "Ny Nielsen")
    assert minute(mailoutbox) == minute(mailoutbox) == {}
    organisation.begin()
    assert minute(mailoutbox) == {
        "meetings.dates_offered": 2,
        "networks.role_offered": 1,
        "networks.let_in": 1,
    }
    assert minute(mailoutbox) == {}


def test_what_is_over_by_then_is_not_said(organisation, group, mailoutbox):
    membership = group.membership_of(group.participants()[1])
    membership.offer("deputy")
    User = type(membership.user)
    User.objects.filter(pk=membership.user_id).update(phone="99 77 55 33")
    membership.user.refresh_from_db()
    TenMinutes.objects.ask(group, by=membership.user)
    newcomer = come_in(group, "Ny Nielsen")
    assert minute(mailoutbox) == {}
    membership.decline()
    Membership.objects.filter(pk=newcomer.pk).update(affirmed_at=timezone.now())
    organisation.begin()
    assert minute(mailoutbox) == {}
    assert set(Delivery.objects.values_list("kind", "skip_reason")) >= {
        ("networks.role_offered", "over"),
        ("networks.let_in", "in already"),
        ("meetings.ten_minutes", "rehearsal"),
    }


def test_a_team_that_rehearses_is_left_alone_though_the_others_have_begun(organisation, mailoutbox):
    team = make_team(organisation, 2, begun=False)
    team.membership_of(team.memberships.first().user).offer("deputy")
    organisation.begin()
    assert minute(mailoutbox) == minute(mailoutbox) == {}
    team.begin()
    assert minute(mailoutbox) == {"networks.role_offered": 1}
