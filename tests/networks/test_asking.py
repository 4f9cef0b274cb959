"""Asking to come into a group: all say yes, a no is private, the list is in order."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.reconciling import reconcile
from networks.models import Group, JoinRefused, JoinRequest, MembersAnswer, Membership, User
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_group, make_organisation, make_user

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def seeker(organisation):
    return make_user(organisation, "Berta Bank")


def members_of(group) -> list[User]:
    return [m.user for m in group.memberships.standing().order_by("pk").select_related("user")]


def all_say_yes(request) -> None:
    for member in members_of(request.group):
        request.say(member, True)


def state_of(request) -> str:
    return JoinRequest.objects.get(pk=request.pk).state


def is_in(person, group) -> bool:
    return group.memberships.standing().filter(user=person).exists()


def refused(group, person) -> bool:
    try:
        group.ask(person)
    except JoinRefused:
        return True
    return False


def told(kind: str) -> list[str]:
    rows = Delivery.objects.filter(kind=f"networks.{kind}").order_by("pk")
    return [row.recipient.name for row in rows.select_related("recipient")]


# ---- the members' yes


def test_with_the_last_yes_one_is_in_and_reads_the_lines_first(network, seeker):
    request = network.ask(seeker)
    *first, last = members_of(network)
    for member in first:
        request.say(member, True)
        assert not is_in(seeker, network)
    request.say(last, True)
    membership = network.membership_of(seeker)
    assert not membership.sees_content
    assert state_of(request) == "joined"
    assert told("let_in") == [seeker.name]


def test_each_member_hears_once_and_nobody_in_the_mail_is_named(network, seeker, mailoutbox):
    network.ask(seeker)
    deliver_due()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(m.email for m in members_of(network))
    assert not [mail for mail in mailoutbox if "Berta" in str(mail.message())]


def test_asking_twice_is_asking_once(network, seeker):
    assert network.ask(seeker) == network.ask(seeker)
    assert Delivery.objects.filter(kind="networks.asked").count() == 4


@pytest.mark.parametrize("said", ["no", "nothing", "yes, but a boss sits there by now"])
def test_no_silence_and_the_rule_of_command_look_the_same(
    network, seeker, monday, mailoutbox, said, organisation
):
    """Until the time is out nothing happens; then the same words."""
    request = network.ask(seeker)
    *others, last = members_of(network)
    for member in others:
        request.say(member, True)
    if said == "no":
        request.say(last, False)
    elif said != "nothing":
        User.objects.filter(pk=seeker.pk).update(manager=others[0])
        request.say(last, True)
    monday.shift(timedelta(days=13))
    reconcile()
    assert (state_of(request), is_in(seeker, network)) == ("asked", False)
    monday.shift(timedelta(days=1, minutes=1))
    reconcile()
    assert (state_of(request), is_in(seeker, network)) == ("closed", False)
    assert not MembersAnswer.objects.exists()
    Delivery.objects.filter(kind="networks.asked").delete()
    deliver_due()
    [mail] = [mail for mail in mailoutbox if seeker.email in mail.to]
    for member in members_of(network):
        assert member.name not in mail.body


def test_a_no_can_become_a_yes(network, seeker):
    request = network.ask(seeker)
    *others, last = members_of(network)
    request.say(last, False)
    for member in others:
        request.say(member, True)
    assert not is_in(seeker, network)
    request.say(last, True)
    assert is_in(seeker, network)


def test_only_members_answer(network, seeker, organisation):
    request = network.ask(seeker)
    request.say(make_user(organisation), True)
    request.say(seeker, True)
    assert not MembersAnswer.objects.exists()


def test_who_leaves_has_no_say_any_more(network, seeker):
    request = network.ask(seeker)
    *others, last = members_of(network)
    request.say(last, False)
    for member in others:
        request.say(member, True)
    network.membership_of(last).leave()
    assert is_in(seeker, network)


def test_who_came_in_meanwhile_says_yes_too_and_has_time_to(network, seeker, organisation, monday):
    request = network.ask(seeker)
    was = members_of(network)
    for member in was[:-1]:
        request.say(member, True)
    monday.shift(timedelta(days=12))
    other = network.appoint(make_user(organisation, "Ny Nysen")).user
    request.say(was[-1], True)
    assert not is_in(seeker, network)
    assert told("asked")[-1] == "Ny Nysen"
    monday.shift(timedelta(days=6))
    reconcile()
    request.say(other, True)
    assert is_in(seeker, network)


def test_an_empty_room_lets_nobody_in(organisation, seeker):
    group = make_group(organisation, 1, status="running")
    request = group.ask(seeker)
    members_of(group)[0].memberships.get().leave()
    assert state_of(request) == "asked"


def test_taking_it_back(network, seeker):
    request = network.ask(seeker)
    request.say(members_of(network)[0], False)
    request.withdraw()
    request.withdraw()
    assert state_of(request) == "withdrawn"
    assert not MembersAnswer.objects.exists()
    all_say_yes(request)
    assert not is_in(seeker, network)
    assert network.ask(seeker) != request  # as often as one likes


def test_after_an_answer_the_group_is_left_in_peace(network, seeker, monday):
    network.ask(seeker)
    monday.shift(timedelta(days=15))
    reconcile()
    assert refused(network, seeker)
    monday.shift(timedelta(days=60))
    assert not refused(network, seeker)


# ---- the rule of command


def test_nobody_asks_where_a_boss_or_somebody_one_leads_sits(network, organisation):
    boss, led = make_user(organisation), make_user(organisation)
    member = members_of(network)[1]
    User.objects.filter(pk=member.pk).update(manager=boss)
    User.objects.filter(pk=led.pk).update(manager=member)
    assert refused(network, boss)
    assert refused(network, led)
    assert told("asked") == []


def test_two_who_may_not_meet_ask_at_once(organisation, network):
    """The first to be let in is in; the other's time runs out."""
    boss = make_user(organisation)
    led = make_user(organisation, manager=boss)
    of_boss, of_led = network.ask(boss), network.ask(led)
    all_say_yes(of_led)
    all_say_yes(of_boss)
    assert is_in(led, network)
    assert not is_in(boss, network)
    assert state_of(of_boss) == "asked"


def test_who_can_not_be_asked_at_all(organisation, network, seeker, secretariat, outsider):
    assert refused(network, secretariat)
    assert refused(network, outsider)
    assert refused(network, members_of(network)[0])
    assert refused(make_group(organisation, 2, status="closed"), seeker)
    assert refused(make_group(organisation, 2, status="paused"), seeker)
    assert refused(make_group(organisation, 2, status="running", join_policy="invited"), seeker)


# ---- the list


@pytest.fixture
def full(organisation):
    return make_group(organisation, 4, size=4, status="running")


def test_a_full_group_has_a_list_in_order_and_asks_nobody_yet(full, organisation, monday):
    people = [make_user(organisation) for _ in range(3)]
    requests = []
    for person in people:
        monday.shift(timedelta(hours=1))
        requests.append(full.ask(person))
    assert [state_of(one) for one in requests] == ["waiting"] * 3
    assert [one.place_in_line for one in requests] == [1, 2, 3]
    assert told("asked") == []
    requests[0].withdraw()
    assert [one.place_in_line for one in requests[1:]] == [1, 2]


def test_the_offer_comes_after_the_yes_and_is_kept_seven_days_then_it_is_the_next(
    full, organisation, monday
):
    first, second = make_user(organisation, "Første"), make_user(organisation, "Anden")
    one, two = full.ask(first), full.ask(second)
    members_of(full)[-1].memberships.get().leave()
    assert (state_of(one), state_of(two)) == ("asked", "waiting")
    one.refresh_from_db()
    all_say_yes(one)
    assert (state_of(one), is_in(first, full)) == ("offered", False)
    assert told("place_offered") == ["Første"]
    monday.shift(timedelta(days=7, minutes=1))
    reconcile()
    assert (state_of(one), state_of(two)) == ("closed", "asked")
    two.refresh_from_db()
    all_say_yes(two)
    two.refresh_from_db()
    two.accept()
    two.accept()
    assert members_of(full)[-1] == second
    with pytest.raises(JoinRefused):
        one.accept()


def test_a_place_that_is_kept_is_nobody_elses(full, organisation):
    one = full.ask(make_user(organisation))
    members_of(full)[-1].memberships.get().leave()
    all_say_yes(one)
    late = full.ask(make_user(organisation))
    assert state_of(late) == "waiting"
    assert full.places_left() == 0


def test_a_forming_group_offers_its_place_without_asking(organisation, seeker):
    group = make_group(organisation, 4, size=4)
    request = group.ask(seeker)
    members_of(group)[-1].memberships.get().leave()
    request.refresh_from_db()
    assert request.state == "offered"
    with pytest.raises(JoinRefused):
        group.join(make_user(organisation))
    request.accept()
    assert is_in(seeker, group)


def test_the_first_in_line_is_passed_over_where_a_boss_sits_by_now(organisation, full, seeker):
    one, two = full.ask(seeker), full.ask(make_user(organisation))
    User.objects.filter(pk=seeker.pk).update(manager=members_of(full)[0])
    members_of(full)[-1].memberships.get().leave()
    assert (state_of(one), state_of(two)) == ("closed", "asked")


def test_an_offer_does_not_outlive_a_new_boss(organisation, full, seeker):
    request = full.ask(seeker)
    members_of(full)[-1].memberships.get().leave()
    all_say_yes(request)
    User.objects.filter(pk=seeker.pk).update(manager=members_of(full)[0])
    request.refresh_from_db()
    with pytest.raises(JoinRefused):
        request.accept()
    assert not is_in(seeker, full)


def test_a_larger_group_has_a_place_for_who_waits(full, seeker):
    request = full.ask(seeker)
    full.size = 5
    full.reword()
    assert state_of(request) == "asked"


def test_two_ask_for_the_last_place_and_both_are_wanted(organisation):
    group = make_group(organisation, 4, size=5, status="running")
    one, two = group.ask(make_user(organisation)), group.ask(make_user(organisation))
    first_members = members_of(group)
    for member in first_members:
        two.say(member, True)
        one.say(member, True)
    assert (state_of(two), state_of(one)) == ("joined", "asked")
    one.say(two.user, True)
    assert state_of(one) == "waiting"  # what they said stands
    group.membership_of(first_members[0]).leave()
    assert state_of(one) == "offered"


# ---- around it


def test_who_leaves_the_organisation_asks_no_more(network, seeker):
    request = network.ask(seeker)
    User.objects.filter(pk=seeker.pk).update(left_at=timezone.now(), is_active=False)
    reconcile()
    assert state_of(request) == "withdrawn"
    assert told("not_now") == []


def test_a_group_that_closes_answers_as_always(network, seeker):
    request = network.ask(seeker)
    Group.objects.filter(pk=network.pk).update(status="closed")
    reconcile()
    assert (state_of(request), told("not_now")) == ("closed", [seeker.name])


def test_in_rehearsal_members_hear_nothing_until_it_begins(db, mailoutbox):
    organisation = make_organisation(begun=False)
    group = make_group(organisation, 4, status="running")
    group.ask(make_user(organisation))
    deliver_due()
    assert mailoutbox == []
    organisation.begin()
    reconcile()
    reconcile()
    deliver_due()
    assert len(mailoutbox) == 4


def test_who_answered_before_the_mail_went_is_spared_it(network, seeker, mailoutbox):
    request = network.ask(seeker)
    quick = members_of(network)[0]
    request.say(quick, True)
    deliver_due()
    assert quick.email not in [mail.to[0] for mail in mailoutbox]


def test_at_night_nobody_is_woken(seeker, network, monday):
    type(network.organisation).objects.update(keeps_hours=True)
    monday.shift(timedelta(hours=12))
    network.ask(seeker)
    due = set(Delivery.objects.filter(kind="networks.asked").values_list("due_at", flat=True))
    [morning] = due
    assert timezone.localtime(morning).hour == 7


def test_membership_holds_when_one_joined(network, seeker):
    request = network.ask(seeker)
    all_say_yes(request)
    assert Membership.objects.get(user=seeker).joined_at == timezone.now()
