"""When the organisation changes later, who stands above another member sees nothing any more."""

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import AgendaItem, Case, Invitation, Meeting, TenMinutes
from meetings.reconciling import reconcile
from networks.imports import Line
from networks.models import Concern, Group, Import, JoinRefused, Membership
from networks.models.user import User
from notifications.delivery import deliver_due
from tests import factories

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def birgitte(organisation):
    unit = factories.make_unit(organisation, name="Område Nord")
    return factories.make_user(organisation, "Birgitte Aagaard", unit=unit)


@pytest.fixture
def group(organisation, leader, birgitte):
    """Karen and Birgitte, who have nothing to do with each other yet, and two more."""
    others = [factories.make_user(organisation) for _ in range(2)]
    people = [birgitte, leader, *others]
    found = factories.make_group(organisation, people, name="Fyret", status="running")
    Membership.objects.filter(user=others[0]).update(role="deputy")
    return found


def sees(person, group) -> bool:
    return Group.objects.open_to(person).filter(pk=group.pk).exists()


def new_manager(leader, birgitte):
    leader.change_manager(birgitte)


def manager_of_a_manager(leader, birgitte):
    between = factories.make_user(leader.organisation)
    leader.change_manager(between)
    between.change_manager(birgitte)


def head_of_the_unit(leader, birgitte):
    unit = factories.make_unit(leader.organisation)
    User.objects.filter(pk=leader.pk).update(unit=unit)
    unit.appoint(birgitte)


def moves_to_the_unit(leader, birgitte):
    birgitte.unit.appoint(birgitte)
    leader.move_to_unit(birgitte.unit)


def unit_moves_below(leader, birgitte):
    unit = factories.make_unit(leader.organisation)
    User.objects.filter(pk=leader.pk).update(unit=unit)
    birgitte.unit.appoint(birgitte)
    unit.move(birgitte.unit)


def takes_over(leader, birgitte):
    old = factories.make_user(leader.organisation)
    leader.change_manager(old)
    old.hand_over(birgitte)


def comes_with_a_list(leader, birgitte):
    lines = [
        Line(2, leader.name, leader.email, manager=birgitte.email),
        Line(3, birgitte.name, birgitte.email),
    ]
    by = factories.make_user(leader.organisation, is_secretariat=True)
    staged = Import.stage(lines, by=by, ignored=[])
    staged.compare()
    staged.confirm()
    Import.objects.go_on()


CHANGES = [
    new_manager,
    manager_of_a_manager,
    head_of_the_unit,
    moves_to_the_unit,
    unit_moves_below,
    takes_over,
    comes_with_a_list,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_at_that_moment_the_superior_sees_nothing_and_the_group_is_whole(
    group, leader, birgitte, change
):
    change(User.objects.get(pk=leader.pk), User.objects.get(pk=birgitte.pk))
    assert (sees(leader, group), sees(birgitte, group)) == (True, False)
    assert group.memberships.standing().count() == 3
    task = Concern.objects.get()
    assert (task.kind, task.group, task.person) == ("command", group, birgitte)


def test_what_changed_behind_our_back_is_found_on_the_tick_once(group, leader, birgitte):
    User.objects.filter(pk=leader.pk).update(manager=birgitte)
    reconcile()
    reconcile()
    assert not sees(birgitte, group)
    assert Concern.objects.standing().count() == 1


def test_the_rope_goes_to_the_deputy_and_the_place_is_kept(group, leader, birgitte):
    deputy = group.memberships.get(role="deputy")
    leader.change_manager(birgitte)
    assert group.memberships.standing().get(role="facilitator") == deputy
    assert group.places_left() == group.size - 4


def test_when_the_line_is_another_again_everything_is_theirs_again(group, leader, birgitte):
    leader.change_manager(birgitte)
    leader.change_manager(None)
    assert sees(birgitte, group)
    assert not Concern.objects.standing().exists()


def test_when_the_other_leaves_the_superior_is_back(group, leader, birgitte):
    leader.change_manager(birgitte)
    group.memberships.get(user=leader).leave()
    assert sees(birgitte, group)


def test_one_stays_out_while_another_is_still_below(group, leader, birgitte):
    other = group.memberships.get(role="deputy").user
    leader.change_manager(birgitte)
    other.change_manager(birgitte)
    leader.change_manager(None)
    assert not sees(birgitte, group)


def test_who_rests_comes_in_by_no_door_and_leaves_with_the_organisation(group, leader, birgitte):
    leader.change_manager(birgitte)
    Group.objects.filter(pk=group.pk).update(status="forming")
    group.refresh_from_db()
    for door in (group.join, group.ask, group.appoint):
        with pytest.raises(JoinRefused):
            door(birgitte)
    birgitte.leave()
    assert not group.memberships.kept().filter(user=birgitte).exists()
    assert not Concern.objects.standing().exists()


def test_in_a_leadership_team_nobodys_place_rests(organisation, leader):
    team = factories.make_team(organisation, [leader])
    leader.change_manager(team.senior_manager)
    reconcile()
    assert sees(team.senior_manager, team)
    assert sees(leader, team)


SECRET = "KANARIEFUGL"


def test_nothing_of_it_reaches_the_superior_in_page_feed_mail_or_calendar(
    client, group, leader, birgitte, mailoutbox
):
    series = factories.make_series(group, factories.in_days(3), meetings=3, has_agenda=True)
    meeting = series.meetings.first()
    reconcile()
    deliver_due()
    meeting.invite_proposals()
    item = meeting.propose(f"{SECRET}?", by=leader)
    Case.objects.bring(group, by=leader, question=f"{SECRET}?", wants="test")
    User.objects.filter(pk=leader.pk).update(phone="99 11 22 33")
    leader.refresh_from_db()
    TenMinutes.objects.ask(group, by=leader)
    client.force_login(birgitte)
    pages = ["/", reverse("group", args=[group.pk]), meeting.get_absolute_url(), "/meetings/"]
    pages += [reverse("meetings:cases", args=[group.pk]), "/networks/?q=Fyret"]
    pages += [reverse("meetings:ten_minutes", args=[group.pk])]
    assert any(SECRET in client.get(page).content.decode() for page in pages)
    mailoutbox.clear()
    leader.change_manager(birgitte)
    for page in pages:
        shown = client.get(page).content.decode()
        assert SECRET not in shown
        assert leader.name not in shown
        assert "99 11 22 33" not in shown
    for model in (Meeting, AgendaItem, Case, TenMinutes):
        assert not model.objects.visible_to(birgitte).exists()
    assert client.post(reverse("meetings:support", args=[item.pk])).status_code == 404
    reconcile()
    deliver_due()
    meeting.compose_agenda()
    deliver_due()
    hers = [mail for mail in mailoutbox if birgitte.email in mail.to]
    assert [mail.subject for mail in hers] == ["Fyret: din plads hviler"]
    assert "KANARIEFUGL" not in str(hers[0].message())
    assert not Invitation.objects.standing().filter(user=birgitte).exists()


def test_she_is_told_that_her_place_rests_and_the_group_nothing_but_that_she_is_away(
    client, group, leader, birgitte
):
    leader.change_manager(birgitte)
    client.force_login(birgitte)
    for page in ("/", reverse("group", args=[group.pk])):
        assert "din plads hviler" in client.get(page).content.decode().lower()
    client.force_login(leader)
    page = client.get(reverse("group", args=[group.pk])).content.decode()
    assert "er væk for en tid" in page
    assert "leder" not in page.partition("Birgitte")[2].partition("</li>")[0]


def test_an_organisation_change_asks_a_few_times_whatever_its_size(
    organisation, leader, django_assert_max_num_queries
):
    for _ in range(12):
        factories.make_group(organisation, 4)
    with django_assert_max_num_queries(4):
        Membership.objects.all().keep_the_rule(timezone.now())
