"""What groups ask for: found on the tick, said to who looks after them, then to the secretariat."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import heartbeat, standstill
from meetings.models import DateSearch, Meeting
from meetings.reconciling import reconcile
from networks.models import Concern, Group, Membership, Pause, Review, User
from notifications.delivery import deliver_due
from tests import factories

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def healthy(network):
    """Long there, met last week, meets in three days, all have said yes."""
    Group.objects.update(created_at=timezone.now() - timedelta(days=100))
    series = factories.make_series(
        network, factories.in_days(-11), meetings=3, interval_days=7, has_agenda=False
    )
    series.meetings.filter(ends_at__lt=timezone.now()).update(status="held")
    return network


def asks_for() -> set[str]:
    heartbeat.look(timezone.now())
    return set(Concern.objects.standing().values_list("kind", flat=True))


def lose_dates(group):
    Meeting.objects.filter(series__group=group, starts_at__gt=timezone.now()).update(
        status="cancelled"
    )


def lose_rope(group):
    group.memberships.filter(role="facilitator").update(role="member")


def lose_one(group):
    group.memberships.filter(role="member").first().leave()


def fall_silent(group):
    Meeting.objects.filter(status="held").update(
        starts_at=timezone.now() - timedelta(days=15), ends_at=timezone.now() - timedelta(days=14)
    )
    group.series.update(starts_on=timezone.localdate() - timedelta(days=60))


def one_hasnt_read(group):
    group.memberships.filter(role="member").update(affirmed_at=None)


ILL = [
    ("no_date", lose_dates),
    ("no_rope", lose_rope),
    ("few", lose_one),
    ("silent", fall_silent),
    ("unaffirmed", one_hasnt_read),
]


@pytest.mark.parametrize(("kind", "fall_ill"), ILL, ids=[kind for kind, _how in ILL])
def test_each_kind_opens_once_and_closes_when_the_group_is_well(healthy, kind, fall_ill):
    assert asks_for() == set()
    rows = {model: list(model.objects.values()) for model in (Meeting, Membership)}
    starts_on = healthy.series.get().starts_on
    fall_ill(healthy)
    assert asks_for() == asks_for() == {kind}
    assert Concern.objects.count() == 1
    for model, before in rows.items():
        for row in before:
            model.objects.filter(pk=row["id"]).update(**row)
    healthy.series.update(starts_on=starts_on)
    assert asks_for() == set()


def test_a_group_that_rests_forms_or_is_a_team_asks_for_nothing(organisation):
    Group.objects.update(created_at=timezone.now() - timedelta(days=100))
    factories.make_group(organisation, 2, status="paused")
    factories.make_group(organisation, 2, status="closed")
    factories.make_group(organisation, 2)
    factories.make_team(organisation, 2, status="running")
    assert asks_for() == set()


def test_a_group_that_is_finding_its_date_isnt_reminded_of_it(healthy):
    lose_dates(healthy)
    search = DateSearch(group=healthy, by=healthy.memberships.first().user, place="Rådhuset")
    search.offer([factories.in_days(40), factories.in_days(41)])
    assert asks_for() == set()


def test_quiet_months_dont_count_for_those_who_rest_in_them(healthy, monday):
    fall_silent(healthy)
    healthy.series.update(rests=True)
    assert asks_for() == {"silent"}
    monday.move_to("2027-01-11T10:00:00+01:00")
    Meeting.objects.filter(status="held").update(
        starts_at=timezone.now() - timedelta(days=40), ends_at=timezone.now() - timedelta(days=39)
    )
    assert "silent" not in asks_for()


def test_the_facilitator_gets_one_mail_of_all_and_nobody_else(healthy, mailoutbox):
    lose_dates(healthy)
    lose_one(healthy)
    reconcile()
    reconcile()
    deliver_due()
    holder = healthy.memberships.get(role="facilitator").user
    mails = [mail for mail in mailoutbox if "beder om en hånd" in mail.subject]
    assert [mail.to for mail in mails] == [[holder.email]]
    assert "Der står ingen næste dato i kalenderen." in mails[0].body
    assert "Der er under fire i gruppen." in mails[0].body
    assert f"/groups/{healthy.pk}/" in mails[0].body


def test_where_nobody_holds_the_rope_all_are_asked_and_one_tap_ends_it(healthy, mailoutbox, client):
    lose_rope(healthy)
    reconcile()
    deliver_due()
    mails = [mail for mail in mailoutbox if "beder om en hånd" in mail.subject]
    assert len(mails) == healthy.memberships.count() == 4
    assert "Ingen er tovholder lige nu." in mails[0].body
    member = healthy.memberships.first().user
    client.force_login(member)
    client.post(reverse("networks:take_role", args=[healthy.pk]), {"role": "facilitator"})
    assert asks_for() == set()


def test_what_is_well_again_before_the_mail_goes_is_not_said(healthy, mailoutbox):
    lose_one(healthy)
    reconcile()
    healthy.appoint(factories.make_user(healthy.organisation)).affirm()
    reconcile()
    deliver_due()
    assert not [mail for mail in mailoutbox if "beder om en hånd" in mail.subject]


def test_the_facilitator_sees_it_on_today_and_on_the_groups_page_the_members_dont(healthy, client):
    lose_one(healthy)
    heartbeat.look(timezone.now())
    page = reverse("group", args=[healthy.pk])
    for role, seen in (("facilitator", True), ("member", False)):
        client.force_login(healthy.memberships.standing().filter(role=role).first().user)
        assert ("Fyret beder om en hånd" in client.get("/").content.decode()) is seen
        assert ("Der er under fire i gruppen." in client.get(page).content.decode()) is seen


def test_the_secretariat_hears_of_it_a_week_later(healthy, client, secretariat, monday):
    lose_one(healthy)
    heartbeat.look(timezone.now())
    client.force_login(secretariat)
    tasks = reverse("meetings:tasks")
    assert "Fyret" not in client.get(tasks).content.decode()
    monday.shift(timedelta(days=7))
    assert "Der er under fire i gruppen." in client.get(tasks).content.decode()


def test_a_task_is_done_and_taken_up_again_and_comes_back_if_nothing_happens(
    healthy, client, secretariat, monday
):
    lose_one(healthy)
    heartbeat.look(timezone.now())
    monday.shift(timedelta(days=8))
    task, now = Concern.objects.get(), timezone.now
    client.force_login(secretariat)
    for _twice in range(2):
        client.post(reverse("meetings:task_done", args=[task.pk]))
    assert not Concern.objects.undone(now()).exists()
    client.post(reverse("meetings:task_again", args=[task.pk]))
    assert Concern.objects.undone(now()).get() == task
    client.post(reverse("meetings:task_done", args=[task.pk]))
    monday.shift(timedelta(days=28))
    assert Concern.objects.undone(now()).get() == task


def test_who_hasnt_said_yes_is_asked_once_more_once_a_week(healthy, client, mailoutbox):
    one_hasnt_read(healthy)
    healthy.memberships.filter(role="member").first().affirm()
    client.force_login(healthy.memberships.get(role="facilitator").user)
    for _twice in range(2):
        client.post(reverse("networks:remind_lines", args=[healthy.pk]))
    deliver_due()
    asked = healthy.memberships.filter(affirmed_at=None).values_list("user__email", flat=True)
    mails = [mail for mail in mailoutbox if "fem linjer" in mail.subject]
    assert sorted(mail.to[0] for mail in mails) == sorted(asked)


def test_as_many_questions_for_many_groups_as_for_few(organisation, django_assert_max_num_queries):
    for _ in range(15):
        factories.make_group(organisation, 2, status="running")
    heartbeat.look(timezone.now())
    with django_assert_max_num_queries(14):
        heartbeat.look(timezone.now())


def test_the_office_shows_how_many_met_and_only_those_one_asks_for(
    healthy, organisation, client, secretariat
):
    for status in ("forming", "paused"):
        factories.make_group(organisation, 4, name=f"Vi er {status}", status=status)
    Concern.objects.open("few", healthy, at=timezone.now() - timedelta(days=8))
    client.force_login(secretariat)
    shown = {}
    for which in ("", "care", "forming", "running", "paused", "nonsense"):
        page = client.get(reverse("office"), {"show": which}).content.decode()
        assert "1 af 1 grupper i gang har mødtes i denne måned" in page
        names = ("Fyret", "Vi er forming", "Vi er paused")
        shown[which] = [name for name in names if f">{name}</a>" in page]
    assert shown == {
        "": ["Fyret", "Vi er forming", "Vi er paused"],
        "care": ["Fyret"],
        "forming": ["Vi er forming"],
        "running": ["Fyret"],
        "paused": ["Vi er paused"],
        "nonsense": ["Fyret", "Vi er forming", "Vi er paused"],
    }


# ---- the superior's task


@pytest.fixture
def two_in_line(organisation, network, leader):
    """Birgitte came to stand above Karen; another group has a place for her."""
    birgitte = factories.make_user(organisation, "Birgitte Aagaard")
    network.appoint(birgitte).affirm()
    factories.make_group(organisation, 4, name="Broen", status="running")
    own = factories.make_group(organisation, 3, name="Ankeret", status="running")
    own.memberships.first().user.change_manager(birgitte)
    leader.change_manager(birgitte)
    return birgitte


def test_the_secretariat_moves_who_rests_to_a_group_that_fits(
    client, secretariat, two_in_line, network
):
    client.force_login(secretariat)
    page = client.get(reverse("meetings:tasks")).content.decode()
    assert "Flyt Birgitte til Broen" in page
    assert "Flyt Birgitte til Ankeret" not in page
    assert "Tag Karen Holm ud af Fyret" in page
    task, broen = Concern.objects.get(kind="command"), Group.objects.get(name="Broen")
    for _twice in range(2):
        client.post(reverse("meetings:task_move", args=[task.pk]), {"group": broen.pk})
    assert broen.membership_of(two_in_line)
    assert not network.memberships.kept().filter(user=two_in_line).exists()
    assert not Concern.objects.standing().filter(kind="command").exists()


def test_nobody_is_moved_where_they_stand_above_somebody(client, secretariat, two_in_line):
    client.force_login(secretariat)
    task, own = Concern.objects.get(kind="command"), Group.objects.get(name="Ankeret")
    client.post(reverse("meetings:task_move", args=[task.pk]), {"group": own.pk})
    assert not own.membership_of(two_in_line)
    assert Concern.objects.standing().filter(kind="command").exists()


def test_the_secretariat_takes_the_other_out_instead(
    client, secretariat, two_in_line, network, leader
):
    client.force_login(secretariat)
    seat = network.membership_of(leader)
    for _twice in range(2):
        client.post(reverse("networks:remove_member", args=[seat.pk]))
    assert not network.membership_of(leader)
    assert network.membership_of(two_in_line)


# ---- resting, ending, the yearly question


def test_a_pause_cancels_what_lies_in_it_with_one_mail_and_ends_by_itself(
    healthy, client, mailoutbox, monday
):
    series = factories.make_series(
        healthy, factories.in_days(10), meetings=6, interval_days=7, has_agenda=False
    )
    reconcile()
    deliver_due()
    mailoutbox.clear()
    holder = healthy.memberships.get(role="facilitator").user
    client.force_login(holder)
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    for _twice in range(2):
        client.post(
            reverse("meetings:pause", args=[healthy.pk]),
            {"reason": "Ny opgave i huset", "until": until},
        )
    left = series.meetings.exclude(status="cancelled").order_by("starts_at")
    assert [m.starts_at.date().isoformat() > until for m in left] == [True] * 3
    healthy.refresh_from_db()
    assert healthy.status == "paused"
    monday.shift(timedelta(minutes=6))
    deliver_due()
    to_holder = [mail for mail in mailoutbox if holder.email in mail.to]
    assert len([mail for mail in to_holder if "Ny opgave i huset" in mail.body]) == 2  # two seasons
    assert asks_for() == set()
    mailoutbox.clear()
    monday.shift(timedelta(days=24))
    reconcile()
    deliver_due()
    reminders = [m for m in mailoutbox if "begynder igen" in m.subject]
    assert [mail.to for mail in reminders] == [[holder.email]]
    monday.shift(timedelta(days=7))
    reconcile()
    healthy.refresh_from_db()
    assert healthy.is_running
    assert not Pause.objects.standing().exists()


def test_who_looks_after_it_begins_again_before_its_time(healthy, client):
    holder = healthy.memberships.get(role="facilitator").user
    standstill.pause(healthy, holder, "Ferie", timezone.localdate() + timedelta(days=40))
    client.force_login(holder)
    for _twice in range(2):
        client.post(reverse("meetings:resume", args=[healthy.pk]))
    healthy.refresh_from_db()
    assert healthy.is_running


@pytest.mark.parametrize("until", ["2026-11-09", "2028-01-01", "snart", ""])
def test_a_pause_without_a_sensible_day_is_refused_and_what_was_typed_stays(healthy, client, until):
    client.force_login(healthy.memberships.get(role="facilitator").user)
    typed = {"reason": "Ny opgave i huset", "until": until}
    answer = client.post(reverse("meetings:pause", args=[healthy.pk]), typed)
    assert answer.status_code == 422
    assert "Ny opgave i huset" in answer.content.decode()
    healthy.refresh_from_db()
    assert healthy.is_running


def test_a_group_closes_well(healthy, client, mailoutbox, monday):
    reconcile()
    deliver_due()
    mailoutbox.clear()
    holder = healthy.memberships.get(role="facilitator").user
    member = healthy.memberships.filter(role="member").first().user
    healthy.cases.create(by=member, question="Hvad nu?", wants="share")
    client.force_login(holder)
    for _twice in range(2):
        client.post(
            reverse("meetings:closing_well", args=[healthy.pk]), {"farewell": "Tak for lyset."}
        )
    monday.shift(timedelta(minutes=6))
    reconcile()
    deliver_due()
    assert len([mail for mail in mailoutbox if member.email in mail.to]) == 1
    assert "Tak for lyset" not in "".join(str(mail.message()) for mail in mailoutbox)
    assert not healthy.cases.exists()
    client.force_login(member)
    page = reverse("group", args=[healthy.pk])
    assert "Tak for lyset." in client.get(page).content.decode()
    assert not Group.objects.schedulable_by(holder).exists()
    monday.shift(timedelta(days=93))
    reconcile()
    assert client.get(page).status_code == 404


def test_after_a_year_each_answers_with_one_tap_and_the_group_sees_three_numbers(
    healthy, client, secretariat
):
    Group.objects.update(created_at=timezone.now() - timedelta(days=366))
    reconcile()
    reconcile()
    review = Review.objects.get()
    people = [one.user for one in healthy.memberships.all()]
    page, url = reverse("group", args=[healthy.pk]), reverse("networks:review", args=[healthy.pk])
    client.force_login(people[0])
    assert "fortsætte, blande eller slutte godt?" in client.get("/").content.decode()
    for person, choice in zip(people, ["go_on", "mix", "mix", "mix"], strict=True):
        client.force_login(person)
        assert "Blandes på ny: " not in client.get(page).content.decode()
        client.post(url, {"choice": "end_well"})
        if person == people[-1]:
            break
        client.post(url, {"choice": choice})
    assert "Fortsætte: 1. Blandes på ny: 2. Slutte godt: 1." in client.get(page).content.decode()
    assert not review.answers.exists()
    assert Concern.objects.get(kind="mix").group == healthy
    client.force_login(secretariat)
    tasks = client.get(reverse("meetings:tasks")).content.decode()
    assert "Gruppen vil gerne blandes med andre." in tasks
    assert "Blandes på ny: 2" not in client.get(page).content.decode()


def test_too_few_answers_in_three_weeks_are_no_answer(healthy, client, monday):
    Group.objects.update(created_at=timezone.now() - timedelta(days=366))
    reconcile()
    client.force_login(healthy.memberships.first().user)
    client.post(reverse("networks:review", args=[healthy.pk]), {"choice": "mix"})
    monday.shift(timedelta(days=22))
    reconcile()
    review = Review.objects.get()
    assert (bool(review.closed_at), review.mix, review.answers.count()) == (True, None, 0)
    assert not Concern.objects.filter(kind="mix").exists()


def test_a_member_looks_back_to_when_they_came_in(healthy, client, leader):
    newcomer = factories.make_user(healthy.organisation, "Nyela Ankommer")
    healthy.appoint(newcomer).affirm()
    old = healthy.memberships.filter(role="member").exclude(user=leader).first()
    User.objects.filter(pk=old.user_id).update(name="Borte Berg")
    Membership.objects.filter(pk=old.pk).update(left_at=timezone.now() - timedelta(days=2))
    page = reverse("meetings:history", args=[healthy.pk])
    seen = {}
    for person in (leader, newcomer):
        client.force_login(person)
        shown = client.get(page).content.decode()
        said = ("Borte Berg forlod gruppen", "Nyela Ankommer kom med", "I mødtes.")
        seen[person.name] = [words in shown for words in said]
    assert seen == {"Karen Holm": [True, True, True], "Nyela Ankommer": [False, False, False]}
