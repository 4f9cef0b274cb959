from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from meetings.models import AgendaItem, Invitation, Meeting, Series
from meetings.reconciling import reconcile
from networks import command
from networks.models import Group, Membership, Organisation, Unit, User
from notifications.models import CalendarEntry, Delivery

pytestmark = pytest.mark.django_db

LEADERS = 72


@pytest.fixture
def crowd(monday):
    call_command("populate", leaders=LEADERS, seed=7, verbosity=0)


@pytest.mark.usefixtures("crowd")
def test_the_shape_of_the_demo():
    connection.check_constraints()
    assert Organisation.objects.count() == 1
    assert User.objects.filter(title__startswith="Leder").count() == LEADERS
    assert Counter(Group.objects.values_list("kind", flat=True)) == {"team": 6, "network": 3}
    assert not Unit.objects.filter(head=None).exists()
    assert set(Meeting.objects.values_list("status", flat=True)) >= {"held", "planned"}
    assert Meeting.objects.filter(ends_at__lt=timezone.now()).exclude(status="held").count() == 0
    assert AgendaItem.objects.filter(status="set").exists()


@pytest.mark.usefixtures("crowd")
def test_the_rule_of_command_holds():
    for group in Group.objects.filter(kind="network"):
        members = list(group.memberships.standing().values_list("user", flat=True))
        assert not any(command.commands(member, members) for member in members)
        assert group.memberships.filter(role="facilitator").count() == 1


@pytest.mark.usefixtures("crowd")
def test_everybody_is_invited_and_nothing_is_left_to_send():
    today = timezone.localdate()
    sent = Delivery.objects.count()
    assert not Series.objects.current(today).out_of_step().exists()
    for invitation in Invitation.objects.filter(series__ends_on__gte=today).select_related("entry"):
        assert invitation.difference(timezone.now()) == []
    reconcile()
    assert Delivery.objects.count() == sent
    assert not CalendarEntry.objects.filter(sequence=0).exists()


@pytest.mark.usefixtures("crowd")
def test_new_rows_find_free_keys():
    organisation = Organisation.objects.get()
    person = User.objects.create_user("new@example.org", organisation=organisation)
    Membership.objects.create(group=Group.objects.first(), user=person)


def test_the_same_seed_makes_the_same_people(monday):
    with transaction.atomic():
        call_command("populate", leaders=LEADERS, seed=7, verbosity=0)
        first = _people()
        transaction.set_rollback(True)
    call_command("populate", leaders=LEADERS, seed=7, verbosity=0)
    assert _people() == first
    call_command("populate", leaders=LEADERS, seed=7, verbosity=0)
    assert User.objects.count() == len(first)
    call_command("populate", leaders=LEADERS, seed=8, verbosity=0)
    assert Organisation.objects.count() == 2


def _people() -> list:
    return list(User.objects.order_by("email").values_list("email", "name", "manager__email"))


def test_not_in_production(settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command("populate", leaders=LEADERS, verbosity=0)
