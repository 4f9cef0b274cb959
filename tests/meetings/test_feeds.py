"""The feed: read as a calendar reads it, by its address alone; and what the mails carry then."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Feed, Invitation, Meeting
from meetings.reconciling import reconcile
from networks.models import Membership
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import in_days, make_group, make_series, make_team, make_user
from tests.notifications.calendar_client import CalendarClient, Manner

pytestmark = pytest.mark.usefixtures("monday")


def minute() -> list:
    """What beat rings each minute. Answers the mails about dates."""
    mail.outbox.clear()
    reconcile()
    deliver_due()
    about = Delivery.objects.filter(subject_type__model="invitation")
    ids = set(about.values_list("message_id", flat=True))
    return [one for one in mail.outbox if one.extra_headers["Message-ID"] in ids]


def fetch(token, **headers):
    return Client().get(Feed.path_of(token), headers=headers)


def holds(token) -> set:
    """What stands in a calendar that subscribes to this address."""
    response = fetch(token)
    assert response.status_code == 200
    calendar = CalendarClient(Manner.STRICT)
    calendar.receive(response.content.decode())
    return calendar.standing()


def standing(*groups) -> set:
    meetings = Meeting.objects.filter(series__group__in=groups).standing()
    return {(one.starts_at, one.ends_at, one.where) for one in meetings.select_related("series")}


def unfolded(token) -> str:
    return fetch(token).content.decode().replace("\r\n ", "")


def to_calendar(mails, person) -> list:
    """The calendar parts in this person's mails, None for a mail without one."""
    mine = [one for one in mails if one.to == [person.email]]
    return [
        next((part.content for part in one.alternatives if "calendar" in part.mimetype), None)
        for one in mine
    ]


@pytest.fixture
def season(team):
    return make_series(team, meetings=5)


# ---- what it says


def test_it_holds_what_stands_in_all_of_ones_groups(leader, team, network, season):
    make_series(network, in_days(5), meetings=3)
    make_series(make_group(team.organisation, 4), in_days(6))  # somebody else's
    second, third, fourth = season.meetings.order_by("starts_at")[1:4]
    second.cancel(by=leader)
    third.move(third.starts_at + timedelta(days=1), by=leader, place="Biblioteket")
    _, token = Feed.make(leader)
    assert holds(token) == standing(team, network)
    fourth.move(fourth.starts_at + timedelta(hours=2), by=leader)
    assert holds(token) == standing(team, network)
    assert len(standing(team, network)) == 7


def test_the_feed_of_one_group_holds_that_group(leader, team, network, season):
    make_series(network, in_days(5), meetings=3)
    _, token = Feed.make(leader, network)
    assert holds(token) == standing(network)


def test_it_holds_three_months_back_and_what_is_to_come(leader, team, monday):
    make_series(team, meetings=12)
    minute()
    _, token = Feed.make(leader)
    monday.shift(timedelta(days=120))
    planned = standing(team)
    lately = {one for one in planned if one[1] >= timezone.now() - timedelta(days=92)}
    assert holds(token) == lately
    assert 0 < len(lately) < len(planned)
    monday.shift(timedelta(days=400))
    assert holds(token) == set()


def test_a_network_group_is_neutral_and_private_there_too(leader, network):
    make_series(network, meetings=2).meetings.first().propose("KANARIEFUGL?", by=leader)
    for group in (None, network):
        _, token = Feed.make(leader, group)
        text = unfolded(token)
        assert "CLASS:PRIVATE" in text
        assert "Netværksmøde" in text
        assert network.name not in text
        assert "KANARIEFUGL" not in text
        assert leader.email not in text


def test_the_same_uid_and_sequence_as_in_the_mails(leader, season, monday):
    minute()
    season.meetings.first().move(in_days(5), by=leader)
    monday.shift(timedelta(minutes=5))
    minute()
    _, token = Feed.make(leader)
    text = unfolded(token)
    assert f"UID:{season.uid}" in text
    assert "SEQUENCE:2" in text
    assert Invitation.objects.get(user=leader, series=season).entry.sequence == 2


def test_who_joined_later_has_the_future_and_who_left_the_past(team, organisation, season, monday):
    minute()
    monday.shift(timedelta(days=10))
    newcomer = make_user(organisation)
    membership = team.appoint(newcomer)
    minute()
    _, token = Feed.make(newcomer)
    planned = sorted(standing(team))
    assert holds(token) == set(planned[1:])
    monday.shift(timedelta(days=14))
    membership.leave()
    minute()
    assert holds(token) == {planned[1]}


def test_a_newcomer_who_has_not_read_the_five_lines_has_the_dates(organisation, network):
    newcomer = make_user(organisation)
    Membership.objects.create(group=network, user=newcomer)
    make_series(network, meetings=2)
    _, token = Feed.make(newcomer)
    assert holds(token) == standing(network)


# ---- its address


def test_the_address_is_kept_as_a_hash_only(leader):
    feed, token = Feed.make(leader)
    assert token not in str(Feed.objects.filter(pk=feed.pk).values())
    assert len(token) >= 43


def test_a_wrong_an_old_and_a_revoked_address_are_not_found(leader, season):
    _, old = Feed.make(leader)
    feed, token = Feed.make(leader)
    assert fetch(old).status_code == 404
    assert fetch("x" * 43).status_code == 404
    assert fetch(token).status_code == 200
    feed.revoke()
    feed.revoke()
    assert fetch(token).status_code == 404


def test_who_has_left_leaves_no_address_behind(leader, network, season):
    _, token = Feed.make(leader)
    _, of_group = Feed.make(leader, network)
    network.membership_of(leader).leave()
    assert fetch(of_group).status_code == 404
    assert fetch(token).status_code == 200
    leader.left_at = timezone.now()
    leader.save()
    assert fetch(token).status_code == 404


def test_it_is_read_without_a_session_and_never_written_to(leader, season):
    _, token = Feed.make(leader)
    response = fetch(token)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    url = Feed.path_of(token)
    assert Client().post(url).status_code == Client().put(url).status_code == 405
    head = Client().head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == response["ETag"]


# ---- unchanged


def test_what_has_not_changed_is_not_sent_again(leader, season, monday, django_assert_num_queries):
    _, token = Feed.make(leader)
    first = fetch(token)
    monday.shift(timedelta(hours=3))
    again = fetch(token)
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    for header in ({"if_none_match": first["ETag"]}, {"if_modified_since": first["Last-Modified"]}):
        answer = fetch(token, **header)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
    with django_assert_num_queries(3):
        fetch(token, if_none_match=first["ETag"])


@pytest.mark.parametrize("change", ["move", "cancel", "told"])
def test_what_has_changed_is_sent(leader, season, monday, change):
    _, token = Feed.make(leader)
    first = fetch(token)
    monday.shift(timedelta(hours=3))
    if change == "move":
        season.meetings.first().move(in_days(5), by=leader)
    elif change == "cancel":
        season.meetings.first().cancel(by=leader)
    else:
        minute()
    for header in ({"if_none_match": first["ETag"]}, {"if_modified_since": first["Last-Modified"]}):
        answer = fetch(token, **header)
        assert answer.status_code == 200
        assert answer["ETag"] != first["ETag"]
        assert answer.content != first.content


@pytest.mark.parametrize("count", [1, 12])
def test_as_many_queries_with_many_groups(organisation, leader, count, django_assert_num_queries):
    for _ in range(count):
        make_series(make_team(organisation, [leader]), meetings=2)
    _, token = Feed.make(leader)
    fetch(token)
    with django_assert_num_queries(3):
        assert fetch(token).status_code == 200


# ---- invitations or the feed, not both


def test_who_has_the_feed_gets_the_words_without_a_calendar_part(leader, team, season, monday):
    Feed.make(leader)
    mails = minute()
    assert to_calendar(mails, leader) == [None]
    assert all(to_calendar(mails, team.senior_manager))
    season.meetings.first().move(in_days(5), by=leader)
    monday.shift(timedelta(minutes=5))
    assert to_calendar(minute(), leader) == [None]


def test_the_feed_of_one_group_is_for_the_mails_of_that_group(leader, team, network):
    Feed.make(leader, network)
    make_series(team)
    minute()
    make_series(network)
    assert to_calendar(minute(), leader) == [None]
    make_series(team, in_days(40))
    assert all(to_calendar(minute(), leader))


def test_switching_back_sends_what_is_to_come_once(leader, team, season, monday):
    feed, _ = Feed.make(leader)
    minute()
    monday.shift(timedelta(days=4))
    feed.revoke()
    feed.revoke()
    mails = minute()
    assert [one.to for one in mails] == [[leader.email]]
    calendar = CalendarClient(Manner.STRICT)
    calendar.receive_mail(mails[0].message())
    assert calendar.standing() == standing(team)
    for _ in range(3):
        monday.shift(timedelta(minutes=1))
        assert minute() == []
    third = season.meetings.order_by("starts_at")[2]
    third.move(third.starts_at + timedelta(days=1), by=leader)
    monday.shift(timedelta(minutes=5))
    (change,) = [one for one in minute() if one.to == [leader.email]]
    calendar.receive_mail(change.message())
    assert calendar.standing() == standing(team)


def test_there_and_back_and_there_again_sends_nothing(leader, season):
    minute()
    feed, _ = Feed.make(leader)
    feed.revoke()
    Feed.make(leader)
    assert minute() == []
    row = Delivery.objects.get(kind="meetings.invited_again")
    assert (row.state, row.skip_reason) == ("skipped", "feed")


def test_a_new_address_is_no_switching_back(leader, season):
    minute()
    Feed.make(leader)
    Feed.make(leader)
    assert minute() == []


def test_a_change_that_waits_is_still_told_in_words(leader, season, monday):
    feed, _ = Feed.make(leader)
    minute()
    season.meetings.first().move(in_days(5), by=leader)
    feed.revoke()
    assert len([one for one in minute() if one.to == [leader.email]]) == 1
    monday.shift(timedelta(minutes=5))
    (change,) = [one for one in minute() if one.to == [leader.email]]
    assert change.subject.startswith("Flyttet")


def test_a_season_in_their_calendars_already_is_not_sent(leader, team):
    make_series(team, in_calendar_already=True)
    feed, _ = Feed.make(leader)
    feed.revoke()
    assert minute() == []


# ---- the page


@pytest.fixture
def karen(leader):
    client = Client()
    client.force_login(leader)
    return client


def page(client) -> str:
    return client.get(reverse("meetings:calendar")).content.decode()


def test_the_address_is_shown_once_and_works(karen, leader, team, season):
    response = karen.post(reverse("meetings:feeds"))
    html = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    address = html.partition('id="address" value="')[2].partition('"')[0]
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert f"webcal:{address.partition(':')[2]}" in html
    assert holds(token) == standing(team)
    assert token not in page(karen)
    assert token not in str(dict(karen.session))


def test_it_is_ended_from_the_page(karen, leader):
    karen.post(reverse("meetings:feeds"))
    feed = Feed.objects.get()
    url = reverse("meetings:end_feed", args=[feed.pk])
    assert url in page(karen)
    assert "Adressen virker ikke længere" in karen.post(url, follow=True).content.decode()
    assert not Feed.objects.standing().exists()
    assert url not in page(karen)


def test_a_feed_of_one_of_ones_own_groups_only(karen, leader, network):
    stranger = make_group(network.organisation, 4)
    for group, status in ((network.pk, 200), (stranger.pk, 404), ("x", 404), ("9" * 30, 404)):
        answer = karen.post(reverse("meetings:feeds"), {"group": group})
        assert answer.status_code == status
    assert Feed.objects.get().group == network
    assert reverse("meetings:calendar") in karen.get(network.get_absolute_url()).content.decode()


def test_nobody_ends_anothers_feed(karen, team):
    feed, _ = Feed.make(team.senior_manager)
    assert karen.post(reverse("meetings:end_feed", args=[feed.pk])).status_code == 404
    assert Feed.objects.standing().exists()
