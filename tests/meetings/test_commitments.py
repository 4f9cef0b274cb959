"""What we agreed: written down, back at the next meeting, mailed once, let go of in time."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.letting_go import let_go_of_meetings
from meetings.models import (
    AgendaItem,
    ChangedMeanwhile,
    Commitment,
    Meeting,
    ParkedItem,
    Room,
)
from meetings.models.commitment import Agreed
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from tests.cast import make_house
from tests.factories import in_days, make_series, make_user
from tests.test_queries import MOST, asked

pytestmark = pytest.mark.usefixtures("monday")
HTMX = {"hx_request": "true"}


@pytest.fixture
def meetings(team):
    return list(make_series(team, in_days(3), meetings=3).meetings.order_by("starts_at"))


@pytest.fixture
def meeting(meetings, monday):
    monday.move_to(meetings[0].starts_at + timedelta(minutes=30))
    return meetings[0]


def agree(meeting, by, what="Vi ringer til hinanden", **values) -> Commitment:
    return Agreed(meeting).agree(what, by=by, **values)


def around(meeting) -> list[str]:
    return [one.what for one in Commitment.objects.around(meeting)]


# ---- agreeing


def test_agreed_twice_it_is_agreed_once_and_is_for_all_by_the_next_meeting(meeting, leader, team):
    once = agree(meeting, leader)
    assert agree(meeting, team.senior_manager) == once
    assert (once.who, once.due_on, once.by, once.group) == (None, None, leader, team)


def test_from_the_start_of_the_meeting_until_the_group_meets_again(meetings, leader, monday):
    first, second, _third = meetings
    monday.move_to(first.starts_at - timedelta(minutes=20))
    with pytest.raises(ValidationError):
        agree(first, leader)
    Room.start(first, by=leader, at=first.starts_at - timedelta(minutes=5))
    first.refresh_from_db()
    agree(first, leader, "Før tid")
    Meeting.objects.filter(pk=first.pk).update(status="held")
    first.refresh_from_db()
    monday.move_to(second.starts_at - timedelta(minutes=1))
    agree(first, leader, "Bagefter")
    monday.move_to(second.starts_at)
    with pytest.raises(ValidationError):
        agree(first, leader, "For sent")
    assert around(first) == ["Før tid", "Bagefter"]


def test_nothing_is_agreed_at_a_cancelled_meeting(meetings, leader, team, monday):
    meetings[0].cancel(by=team.senior_manager)
    monday.move_to(meetings[0].starts_at)
    with pytest.raises(ValidationError):
        agree(meetings[0], leader)


def test_one_more_tap_makes_an_experiment_of_fourteen_days(meeting, leader):
    one = agree(meeting, leader)
    one.try_it()
    assert one.due_on == timezone.localdate() + timedelta(days=14)
    one.try_it(False)
    assert (one.experiment, one.due_on) == (False, None)


# ---- coming back


def test_it_comes_back_until_it_is_done_and_what_was_done_since_is_shown(meetings, meeting, leader):
    first, second, third = meetings
    kept, done, gone = (agree(first, leader, what) for what in ("Åbent", "Gjort", "Taget af"))
    gone.remove()
    done.done()
    assert around(second) == ["Åbent", "Gjort"]
    assert around(third) == ["Åbent"]
    done.done(False)
    assert around(third) == ["Åbent", "Gjort"]
    kept.done()
    done.done(at=second.starts_at + timedelta(minutes=10))
    assert around(third) == ["Gjort"]


def test_another_groups_agreements_never_come_along(meeting, leader, network):
    elsewhere = make_series(network, in_days(0, meeting.starts_at.time())).meetings.get()
    agree(elsewhere, leader, "Fortroligt")
    assert around(meeting) == []


def test_an_experiment_ends_with_what_it_taught(meeting, leader):
    one = agree(meeting, leader, experiment=True)
    one.learn("Kort er nok")
    assert (one.is_done, one.lesson) == (True, "Kort er nok")
    with pytest.raises(ChangedMeanwhile):
        one.learn("Noget andet", seen="")
    one.done(False)  # nothing that was learned is lost by a tap
    one.learn("Kort er bedst", seen="Kort er nok")
    one.refresh_from_db()
    assert (one.is_done, one.lesson) == (True, "Kort er bedst")


def test_changed_by_who_wrote_it_or_whom_it_is_for_and_by_all_if_it_is_for_all(meeting, leader):
    team = meeting.group
    other, third = (one.user for one in team.memberships.exclude(user=leader).order_by("pk")[:2])
    for_other, for_all = agree(meeting, leader, "A", who=other), agree(meeting, leader, "B")
    assert [for_other.may_be_changed_by(who) for who in (leader, other, third)] == [
        True,
        True,
        False,
    ]
    assert for_all.may_be_changed_by(third)


def test_said_otherwise_unless_it_is_agreed_already_or_has_changed_meanwhile(meeting, leader):
    one, other = agree(meeting, leader, "A"), agree(meeting, leader, "B")
    assert not one.reword("B")
    assert one.reword("C", leader, seen="A")
    with pytest.raises(ChangedMeanwhile):
        one.reword("D", seen="A")
    other.remove()
    again = agree(meeting, leader, "B")
    assert not other.bring_back()
    again.remove()
    assert other.bring_back()


def test_whoever_follows_the_meeting_sees_what_is_agreed(meetings, leader, monday):
    monday.move_to(meetings[0].starts_at)
    room = Room.start(meetings[0], by=leader)
    before = room.version
    meetings[0].refresh_from_db()
    agree(meetings[0], leader).done()
    room.refresh_from_db()
    assert room.version == before + 2


# ---- the minutes


def letters(*, ended=False) -> list:
    reconcile()
    deliver_due()
    return [one for one in mail.outbox if "aftalte" in one.subject or "nyt i" in one.subject]


def after(meeting, monday, **later) -> None:
    monday.move_to(meeting.ends_at + timedelta(**later))


def test_mailed_once_an_hour_after_to_everybody_invited(meeting, team, leader, monday):
    leader_away = team.memberships.exclude(user=leader).first().user
    meeting.answer(leader_away, coming=False)
    first = agree(meeting, leader, "Vi ringer")
    after(meeting, monday, minutes=50)
    assert letters() == []
    agree(meeting, leader, "Vi skriver, hvad vi lærte", who=leader)
    first.reword("Vi ringer på fredag")
    after(meeting, monday, minutes=112)
    sent = letters()
    assert {one.to[0] for one in sent} == {one.email for one in team.participants()}
    assert len(sent) == team.participants().count()
    assert "Vi ringer på fredag (alle · inden næste møde)" in sent[0].body
    assert "Vi skriver, hvad vi lærte (Karen Holm · inden næste møde)" in sent[0].body
    agree(meeting, leader, "For sent til mailen")
    monday.shift(timedelta(days=2))
    assert letters() == sent


def test_none_where_nothing_was_agreed_or_all_of_it_was_taken_off(meeting, leader, monday):
    one = agree(meeting, leader)
    after(meeting, monday, minutes=10)
    assert letters() == []
    one.remove()
    monday.shift(timedelta(hours=3))
    assert letters() == []
    one.bring_back()
    monday.shift(timedelta(hours=1))
    assert len(letters()) == 5


def test_none_before_the_meeting_has_been_held_or_while_one_rehearses(meeting, leader, monday):
    agree(meeting, leader)
    monday.shift(timedelta(minutes=20))
    assert letters() == []
    team = meeting.group
    team.begun_at = None
    team.save()
    after(meeting, monday, hours=2)
    assert letters() == []


def test_who_came_into_the_team_since_gets_no_minutes_of_before(meeting, leader, team, monday):
    agree(meeting, leader)
    after(meeting, monday, hours=2)
    newcomer = make_user(team.organisation)
    team.appoint(newcomer)
    assert newcomer.email not in {one.to[0] for one in letters()}


def test_of_a_network_group_a_mail_says_only_that_there_is_news(network, leader, monday):
    meeting = make_series(network, in_days(3), has_agenda=False).meetings.get()
    monday.move_to(meeting.starts_at)
    agree(meeting, leader, "KANARIE-AFTALE")
    after(meeting, monday, hours=3)
    sent = letters()
    assert len(sent) == 4
    assert {one.subject for one in sent} == {"Der er nyt i Fyret"}
    assert "KANARIE" not in "".join(str(one.message()) + one.body for one in mail.outbox)


# ---- on the pages


def post(client, name, pk, data=None, **headers):
    return client.post(reverse(f"meetings:{name}", args=[pk]), data or {}, headers=headers)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_by_both_doors_from_agreeing_to_undoing(client, meeting, leader, headers):
    client.force_login(leader)
    text = "Vi  prøver\nkorte møder"
    made = {"what": text, "who": leader.pk, "when": "7", "experiment": "1"}
    assert post(client, "commitments", meeting.pk, made, **headers).status_code in (200, 302)
    one = Commitment.objects.get()
    assert (one.what, one.who, one.experiment) == ("Vi prøver korte møder", leader, True)
    for name, data in [
        ("commitment_trial", {"trial": "0"}),
        ("commitment_done", {"done": "1"}),
        ("commitment_done", {"done": "0"}),
        ("commitment", {"what": "Andre ord", "seen": one.what}),
        ("commitment_lesson", {"lesson": "Det virker", "seen": ""}),
        ("commitment_removal", {}),
    ]:
        assert post(client, name, one.pk, data, **headers).status_code in (200, 302), name
    one.refresh_from_db()
    assert (one.what, one.who, one.lesson, bool(one.removed_at)) == (
        "Andre ord",
        None,
        "Det virker",
        True,
    )
    post(client, "commitment_return", one.pk, **headers)
    shown = client.get(meeting.get_absolute_url()).content.decode()
    assert "Andre ord" in shown
    assert "Det aftalte vi" in shown


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_bad_input_is_said_kindly_and_what_was_typed_is_kept(client, meeting, leader, headers):
    client.force_login(leader)
    stranger = make_user(meeting.group.organisation)
    for data, words in [
        ({"what": " "}, "Skriv, hvad I aftaler."),
        ({"what": "x" * 301}, "Kan du sige det med 300 tegn? Du har brugt 301."),
        ({"what": "Ring", "who": stranger.pk}, "Vælg en af jer, eller alle."),
        ({"what": "Ring", "when": "8"}, "8"),
    ]:
        answer = post(client, "commitments", meeting.pk, data, **headers)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert f'value="{data["what"]}"' in answer.content.decode()
    one = agree(meeting, leader)
    for name, data in [("commitment", {"what": ""}), ("commitment_lesson", {"lesson": "x" * 301})]:
        assert post(client, name, one.pk, data, **headers).status_code == 422
    changed = post(client, "commitment", one.pk, {"what": "Nyt", "seen": "Gammelt"}, **headers)
    assert changed.status_code == 422
    assert "et andet sted imens" in changed.content.decode()
    assert Commitment.objects.get() == one


def test_too_late_is_said_and_nothing_is_written(client, meetings, leader, monday):
    monday.move_to(meetings[1].starts_at)
    client.force_login(leader)
    answer = post(client, "commitments", meetings[0].pk, {"what": "For sent"}, **HTMX)
    assert "I har mødtes igen siden" in answer.content.decode()
    assert not Commitment.objects.exists()


def test_today_shows_what_is_mine_and_everybodys_and_one_tap_is_enough(client, meeting, leader):
    other = meeting.group.memberships.exclude(user=leader).first().user
    mine, theirs = agree(meeting, leader, "Mit", who=leader), agree(meeting, other, who=other)
    agree(meeting, other, "Alles")
    client.force_login(leader)
    html = client.get(reverse("meetings:tried"), headers=HTMX).content.decode()
    assert ("Mit" in html, "Alles" in html, theirs.what in html) == (True, True, False)
    headers = HTMX | {"hx_target": "tried"}
    answer = post(client, "commitment_done", mine.pk, {"on": "today", "done": "1"}, **headers)
    assert 'id="tried"' in answer.content.decode()
    assert "Mit" not in answer.content.decode()
    assert post(client, "commitment_done", mine.pk, {"on": "today"}).url == "/"


def test_when_its_days_are_over_one_asks_what_an_experiment_taught(client, meeting, leader, monday):
    one = agree(meeting, leader, "Korte møder", experiment=True)
    client.force_login(leader)
    question, pages = "Hvad lærte I?", [meeting.get_absolute_url(), reverse("meetings:tried")]
    assert [question in client.get(url).content.decode() for url in pages] == [False, False]
    monday.shift(timedelta(days=13, hours=23))
    assert [question in client.get(url).content.decode() for url in pages] == [True, True]
    one.learn("Kort er nok")
    assert "Kort er nok" in client.get(pages[0]).content.decode()
    assert question not in client.get(pages[1]).content.decode()


def test_whom_it_is_for_may_have_left_and_stays_when_it_is_said_otherwise(client, meeting, leader):
    other = meeting.group.memberships.exclude(user=leader).first()
    one = agree(meeting, leader, "Ring", who=other.user)
    other.leave()
    client.force_login(leader)
    assert f'value="{other.user_id}" selected' in client.get(one.meeting.get_absolute_url()).text
    post(client, "commitment", one.pk, {"what": "Skriv", "who": other.user_id, "seen": "Ring"})
    one.refresh_from_db()
    assert (one.what, one.who) == ("Skriv", other.user)


def test_the_minutes_hold_what_was_agreed_and_nothing_else(client, meeting, leader):
    meeting.propose("Hvad blev der sagt?", by=leader)
    agree(meeting, leader, "Vi ringer", who=leader)
    client.force_login(leader)
    html = client.get(reverse("meetings:minutes", args=[meeting.pk])).content.decode()
    assert "Vi ringer" in html
    assert "Hvad blev der sagt?" not in html


# ---- how often the database is asked


def test_as_many_queries_with_one_as_with_many_and_at_most_eight(db, monday):
    house = make_house()
    team, asker = house.things["team"], house.people["asker"]
    meeting = make_series(team, in_days(-3), meetings=1).meetings.get()
    before = make_series(team, in_days(-9), meetings=1).meetings.get()
    pages = [
        reverse(name, args=[meeting.pk])
        for name in ("meetings:commitments", "meetings:minutes", "meetings:detail")
    ] + [reverse("meetings:tried")]
    written = reverse("meetings:commitments", args=[meeting.pk])

    def counted(words):
        new = {"what": words}
        looked = [asked(house, "member", "get", url) for url in pages]
        return [*looked, asked(house, "member", "post", written, new, **HTMX)]

    def fill(count):
        for number in range(count):
            for one in (meeting, before):
                Commitment.objects.create(
                    group=team, meeting=one, what=f"{one.pk} {number} {count}", by=asker
                )

    fill(1)
    few = counted("Først")
    fill(30)
    assert counted("Siden") == few
    assert max(few[:-1]) <= MOST


# ---- what is kept, and how long


def test_what_was_parked_goes_after_three_months_and_still_counts(meeting, leader, monday):
    parked, kept = meeting.park("Nøglen?", by=leader), meeting.park("Bilen?", by=leader)
    parked.close()
    monday.shift(timedelta(days=91))
    kept.close()
    for _ in range(2):
        let_go_of_meetings(timezone.now())
    assert list(ParkedItem.objects.all()) == [kept]
    assert meeting.building.around().parked == 2


def test_agendas_and_what_was_agreed_go_after_three_years(meeting, meetings, leader, monday):
    item = meetings[1].propose("Hvad fylder?", by=leader)
    item.support_by(meeting.group.senior_manager)
    item.suggest_parking(meeting.group.senior_manager)
    item.park(by=meeting.group.senior_manager)
    agree(meeting, leader)
    taken_off = agree(meeting, leader, "Taget af")
    taken_off.remove()
    monday.shift(timedelta(days=2))
    let_go_of_meetings(timezone.now())
    assert (AgendaItem.objects.count(), Commitment.objects.count()) == (1, 1)
    monday.shift(timedelta(days=3 * 365 + 20))
    for _ in range(2):
        let_go_of_meetings(timezone.now())
    assert (AgendaItem.objects.count(), Commitment.objects.count()) == (0, 0)
    assert meeting.building.around().parked == 0
