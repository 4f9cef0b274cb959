"""Coming into a network group: nobody with their own manager, one neutral refusal for all."""

import pytest
from django.urls import reverse

from networks import command
from networks.models import Group, JoinRefused, Membership, User
from tests.factories import make_group, make_team, make_unit, make_user


@pytest.fixture
def group(organisation):
    return make_group(organisation, 2, name="Broen")


@pytest.fixture
def inside(group):
    """A member of the group."""
    return group.memberships.order_by("pk").last().user


def can_join(person, group) -> bool:
    try:
        group.join(person)
    except JoinRefused:
        return False
    return True


def finds(client, person, group) -> bool:
    """Whether the group stands among the open ones on that person's page."""
    client.force_login(person)
    return group.get_absolute_url() in client.get(reverse("networks:list")).content.decode()


# ---- the rule of command


def the_manager(organisation, person):
    person.manager = make_user(organisation)
    return person.manager


def the_managers_manager(organisation, person):
    person.manager = make_user(organisation, manager=make_user(organisation))
    return person.manager.manager


def the_head_of_the_own_unit(organisation, person):
    person.unit = make_unit(organisation, head=make_user(organisation))
    return person.unit.head


def the_head_of_a_unit_above(organisation, person):
    top = make_unit(organisation, head=make_user(organisation))
    person.unit = make_unit(organisation, parent=make_unit(organisation, parent=top))
    return top.head


LINE = pytest.mark.parametrize(
    "superior_of",
    [the_manager, the_managers_manager, the_head_of_the_own_unit, the_head_of_a_unit_above],
)


@LINE
def test_who_stands_above_a_member_is_refused(client, organisation, group, inside, superior_of):
    superior = superior_of(organisation, inside)
    inside.save()
    assert not finds(client, superior, group)
    assert not can_join(superior, group)


@LINE
def test_who_stands_below_a_member_is_refused(client, organisation, group, inside, superior_of):
    person = make_user(organisation)
    superior = superior_of(organisation, person)
    person.save()
    Membership.objects.create(group=group, user=superior)
    assert not finds(client, person, group)
    assert not can_join(person, group)


@LINE
def test_the_secretariat_can_not_put_them_together_either(organisation, group, inside, superior_of):
    superior = superior_of(organisation, inside)
    inside.save()
    with pytest.raises(JoinRefused):
        group.appoint(superior)


def test_equals_join(client, organisation, group, inside):
    """Under the same manager, in the same unit, heads of units beside each other."""
    boss = make_user(organisation)
    place = make_unit(organisation, head=boss)
    User.objects.filter(pk=inside.pk).update(manager=boss, unit=place)
    person = make_user(organisation, manager=boss, unit=place)
    assert finds(client, person, group)
    assert can_join(person, group)


def test_a_head_who_is_their_own_units_head_is_nobodys_boss_by_that(organisation, group, inside):
    place = make_unit(organisation, head=inside)
    User.objects.filter(pk=inside.pk).update(unit=place)
    assert can_join(make_user(organisation), group)


def test_a_circle_of_managers_ends(organisation, group, inside):
    """Nobody enters such data on purpose; then all of them are above each other."""
    one, other = make_user(organisation), make_user(organisation)
    User.objects.filter(pk=one.pk).update(manager=other)
    User.objects.filter(pk=other.pk).update(manager=one)
    assert command.commands(one.pk, [other.pk, inside.pk]) == {other.pk}
    assert can_join(one, group)
    assert not can_join(other, group)


# ---- one refusal


def refusals(client, person, groups) -> set:
    """What somebody sees who tries to join each of these."""
    client.force_login(person)
    seen = set()
    for group in groups:
        response = client.post(reverse("networks:membership", args=[group.pk]), follow=True)
        toast = response.content.decode().partition('id="toasts"')[2].partition("<main")[0]
        seen.add((response.redirect_chain[0], toast))
    return seen


def test_all_refusals_look_the_same(client, organisation, leader):
    boss = make_user(organisation)
    User.objects.filter(pk=leader.pk).update(manager=boss)
    with_boss = make_group(organisation, [boss])
    full = make_group(organisation, 4, size=4)
    running = make_group(organisation, 2, status=Group.Status.RUNNING)
    closed = make_group(organisation, 2, status=Group.Status.CLOSED)
    invited = make_group(organisation, 2, join_policy=Group.JoinPolicy.INVITED)
    [(_where, toast)] = refusals(client, leader, [with_boss, full, running, closed, invited])
    assert "<div" in toast
    assert not leader.memberships.exists()


def test_what_can_not_even_be_asked_can_not_be_read(client, organisation, leader):
    client.force_login(leader)
    closed = make_group(organisation, 2, status=Group.Status.CLOSED)
    paused = make_group(organisation, 2, status=Group.Status.PAUSED)
    invited = make_group(organisation, 2, join_policy=Group.JoinPolicy.INVITED)
    page = client.get(reverse("networks:list")).content.decode()
    for group in (closed, paused, invited):
        assert group.get_absolute_url() not in page
        assert client.get(group.get_absolute_url()).status_code == 404


def test_another_organisations_groups_do_not_exist(client, group, outsider):
    assert not finds(client, outsider, group)
    assert client.post(reverse("networks:membership", args=[group.pk])).status_code == 404
    assert not can_join(outsider, group)


def test_nobody_joins_a_team(client, organisation, leader):
    team = make_team(organisation, 2)
    assert not can_join(leader, team)


# ---- joining, leaving, coming back


def test_five_lines_one_tap(client, group, leader):
    client.force_login(leader)
    page = client.get(group.get_absolute_url()).content.decode()
    for line in group.agreement.lines:
        assert line in page
    response = client.post(reverse("networks:membership", args=[group.pk]), follow=True)
    membership = leader.memberships.get()
    assert (membership.role, membership.agreement) == ("member", group.agreement)
    assert membership.affirmed_at
    for other in group.participants():
        assert other.name in response.content.decode()


def test_the_last_place_and_no_more(organisation):
    group = make_group(organisation, 3, size=4)
    assert can_join(make_user(organisation), group)
    assert not can_join(make_user(organisation), group)
    assert group.memberships.count() == 4


def test_who_left_can_come_back_while_it_is_forming(client, group, leader):
    client.force_login(leader)
    group.join(leader)
    response = client.post(reverse("networks:leave", args=[group.pk]))
    assert response.headers["Location"] == reverse("networks:list")
    assert leader not in group.participants()
    assert group.memberships.standing().count() == 2
    assert can_join(leader, group)
    assert leader.memberships.count() == 2  # the first stands as history
    group.start()
    leader.memberships.standing().get().leave()
    assert not can_join(leader, group)


def test_a_place_that_somebody_left_is_free(organisation):
    group = make_group(organisation, 4, size=4)
    group.memberships.last().leave()
    assert can_join(make_user(organisation), group)


def test_who_was_appointed_reads_the_lines_first(client, group, leader):
    group.appoint(leader)
    client.force_login(leader)
    names = [person.name for person in group.participants().exclude(pk=leader.pk)]
    page = client.get(group.get_absolute_url()).content.decode()
    assert not [name for name in names if name in page]
    response = client.post(reverse("networks:affirmation", args=[group.pk]), follow=True)
    assert all(name in response.content.decode() for name in names)


def test_the_page_lists_mine_and_the_open_ones(client, organisation, leader, network, group):
    client.force_login(leader)
    page = client.get(reverse("networks:list")).content.decode()
    assert page.index("Fyret") < page.index("Broen")
    group.join(leader)
    page = client.get(reverse("networks:list")).content.decode()
    assert page.count("Broen") == 1
