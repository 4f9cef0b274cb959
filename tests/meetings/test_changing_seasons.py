"""A season that goes on otherwise, ends early, or meets somewhere else: who hears what, once."""

from datetime import date, time, timedelta
from email import policy
from email.parser import BytesParser

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from meetings.models import Answer, Feed, Invitation, Meeting, Series
from meetings.reconciling import reconcile
from networks.models import ClosingPeriod, Membership
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import in_days, make_series, make_user
from tests.notifications.calendar_client import CalendarClient, Manner

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def season(team):
    """Five Thursdays at nine."""
    return make_series(team, meetings=5)


def minutes_pass(clock, minutes=6) -> list:
    """Answers the mails that went out."""
    before = len(mail.outbox)
    clock.shift(timedelta(minutes=minutes))
    reconcile()
    deliver_due()
    return mail.outbox[before:]


def to(person, mails) -> list:
    return [one for one in mails if one.to == [person.email]]


def calendar_part(one) -> str:
    found = [part.content for part in one.alternatives if "text/calendar" in part.mimetype]
    return found[0].replace("\r\n ", "") if found else ""


def standing(*seasons) -> set:
    return {
        (meeting.starts_at, meeting.ends_at, meeting.where or meeting.series.link)
        for season in seasons
        for meeting in season.meetings.standing()
    }


def nth(season, number) -> Meeting:
    return season.meetings.order_by("original_start")[number]


def mondays_at_one(season, meeting, **values) -> Series:
    heir = season.going_on_from(meeting)
    heir.starts_on += timedelta(days=4)
    heir.time = time(13)
    for name, value in values.items():
        setattr(heir, name, value)
    return heir


# ---- from here on


@pytest.mark.parametrize("manner", list(Manner))
def test_from_here_on_ends_right_in_every_calendar(season, leader, monday, manner):
    calendar = CalendarClient(manner)

    def holds(mails):
        for one in to(leader, mails):
            if calendar_part(one):
                calendar.receive_mail(one.message())
        return calendar.standing()

    sent = minutes_pass(monday)
    second = nth(season, 1)
    second.move(second.starts_at + timedelta(hours=2), by=leader)
    sent += minutes_pass(monday)
    third = nth(season, 2)
    heir = season.change_from(third, mondays_at_one(season, third), by=leader)
    assert holds(sent + minutes_pass(monday)) == standing(season, heir)
    assert season.meetings.standing().count() == 2
    assert {one.starts_at.astimezone(season.group.organisation.zone).time() for one in
            heir.meetings.all()} == {time(13)}  # fmt: skip


def test_the_old_season_ends_by_an_earlier_until_and_a_new_one_begins(season, leader, monday):
    minutes_pass(monday)
    third = nth(season, 2)
    season.change_from(third, mondays_at_one(season, third), by=leader)
    old, new = to(leader, minutes_pass(monday))
    assert "METHOD:REQUEST" in calendar_part(old)
    assert f"UNTIL={nth(season, 1).original_start:%Y%m%dT%H%M%SZ}" in calendar_part(old)
    assert "EXDATE" not in calendar_part(old)
    assert season.uid in calendar_part(old)
    assert season.successor.uid in calendar_part(new)
    assert f"{season.group}: nye tider fra" in old.subject
    assert f"{season.group}: de nye datoer" in new.subject
    assert "Aflyst" not in old.body


def test_two_mails_a_person_and_never_again(season, team, leader, monday):
    minutes_pass(monday)
    third = nth(season, 2)
    season.change_from(third, mondays_at_one(season, third), by=leader)
    assert minutes_pass(monday, 3) == []  # both wait, so that no calendar holds both seasons
    mails = minutes_pass(monday)
    people = sorted(team.participants().values_list("email", flat=True))
    assert sorted(one.to[0] for one in mails) == sorted(people * 2)
    assert minutes_pass(monday) == []


def test_whose_calendar_fetches_gets_one_mail(season, leader, monday):
    minutes_pass(monday)
    Feed.make(leader)
    third = nth(season, 2)
    season.change_from(third, mondays_at_one(season, third), by=leader)
    (only,) = to(leader, minutes_pass(monday))
    assert only.subject.endswith("de nye datoer")
    assert calendar_part(only) == ""


def test_whoever_keeps_the_dates_themselves_is_told_all_in_one_mail(team, leader, monday):
    season = make_series(team, meetings=4, in_calendar_already=True)
    minutes_pass(monday)
    second = nth(season, 1)
    heir = season.change_from(second, mondays_at_one(season, second), by=leader)
    (only,) = to(leader, minutes_pass(monday))
    assert calendar_part(only) == ""
    assert only.body.count("kl.\N{NO-BREAK SPACE}13.00") == heir.meetings.count()


def test_nobody_is_told_who_was_told_nothing(season, leader, monday):
    """Changed before the first mail went out: one mail, of what stands."""
    first = nth(season, 0)
    heir = season.change_from(first, mondays_at_one(season, first), by=leader)
    (only,) = [one for one in to(leader, minutes_pass(monday)) if calendar_part(one)]
    assert heir.uid in calendar_part(only)
    assert season.meetings.standing().count() == 0


def test_questions_answers_and_what_is_parked_survive(season, leader, monday):
    third, fourth = nth(season, 2), nth(season, 3)
    asked = third.propose("Hvordan siger vi nej?", by=leader)
    later = fourth.propose("Hvad lærte vi?", by=leader)
    third.compose_agenda()
    parked = third.park("Hvem har nøglen?", by=leader)
    third.answer(leader, True)
    heir = season.change_from(third, mondays_at_one(season, third), by=leader)
    asked.refresh_from_db()
    later.refresh_from_db()
    assert (asked.status, asked.position, asked.meeting) == ("waiting", None, nth(heir, 0))
    assert (later.status, later.meeting) == ("waiting", nth(heir, 1))
    assert parked.to_agenda().meeting.series == heir
    assert Answer.objects.get().meeting == third


def test_done_twice_is_done_once(season, leader):
    third = nth(season, 2)
    heir = season.change_from(third, mondays_at_one(season, third), by=leader)
    again = Series.objects.get(pk=season.pk)
    assert again.change_from(third, mondays_at_one(again, third), by=leader) == heir
    assert Series.objects.count() == 2
    assert season.plan() == []


def test_from_the_first_on_at_the_same_time_the_old_is_out_of_the_way(season, leader):
    first = nth(season, 0)
    heir = season.going_on_from(first)
    heir.interval_days = 7
    season.change_from(first, heir, by=leader)
    assert [one.starts_at for one in heir.meetings.order_by("starts_at")[:2]] == [
        first.starts_at,
        first.starts_at + timedelta(days=7),
    ]


def test_it_cannot_begin_among_what_stays_nor_run_into_the_next(season, team, leader):
    third = nth(season, 2)
    following = make_series(team, in_days(80), meetings=2)
    for values, words in [
        ({"starts_on": nth(season, 1).starts_at.date()}, "26. november 2026"),
        ({"ends_on": following.starts_on}, "28. januar 2027"),
    ]:
        heir = mondays_at_one(season, third, **values)
        with pytest.raises(ValidationError, match=words):
            heir.clean()
        with pytest.raises(ValidationError, match=words):
            season.change_from(third, heir, by=leader)
    season.refresh_from_db()
    assert season.ended_at is None
    assert season.meetings.standing().count() == 5


@pytest.mark.parametrize("gone", ["cancelled", "past"])
def test_not_from_a_meeting_that_is_not_to_come(season, leader, monday, gone):
    second = nth(season, 1)
    if gone == "cancelled":
        second.cancel(by=leader)
    else:
        monday.move_to(second.starts_at)
    with pytest.raises(ValidationError):
        season.change_from(second, mondays_at_one(season, second), by=leader)
    assert Series.objects.count() == 1


def test_a_season_without_a_single_date_is_refused(season, leader):
    third = nth(season, 2)
    christmas = mondays_at_one(
        season, third, starts_on=date(2026, 12, 25), ends_on=date(2026, 12, 26)
    )
    with pytest.raises(ValidationError):
        season.change_from(third, christmas, by=leader)
    assert season.meetings.standing().count() == 5


# ---- ended early


def test_the_rest_is_cancelled_with_one_mail_each_and_the_reason(season, team, leader, monday):
    box = CalendarClient(Manner.FORGETS)
    for one in to(leader, minutes_pass(monday)):
        if calendar_part(one):
            box.receive_mail(one.message())
    monday.shift(timedelta(days=4))
    waits = nth(season, 1).propose("Hvad nu?", by=leader)
    season.end(by=leader, reason="Vi lægger området om")
    season.end(by=leader, reason="To gange")
    mails = minutes_pass(monday)
    mine = [one for one in to(leader, mails) if "resten af møderækken" in one.subject]
    assert len(mine) == 1
    assert mine[0].body.count("Vi lægger området om") == 1
    box.receive_mail(mine[0].message())
    assert box.standing() == standing(season)
    assert len(standing(season)) == 1
    waits.refresh_from_db()
    assert (waits.status, waits.meeting) == ("waiting", None)


def test_an_ended_season_makes_room_for_another_on_the_same_dates(season, team, leader):
    season.end(by=leader)
    again = make_series(team, meetings=3)
    assert again != season
    assert again.meetings.standing().count() == 3
    with pytest.raises(ValidationError):
        make_series(team, in_days(10))


def test_nothing_to_come_is_nothing_to_end(season, leader, monday):
    monday.shift(timedelta(days=120))
    with pytest.raises(ValidationError):
        season.end(by=leader)


# ---- somewhere else


def test_another_place_for_all_that_is_to_come_said_once(season, leader, monday):
    box = CalendarClient(Manner.FORGETS)
    minutes_pass(monday)
    second = nth(season, 1)
    second.move(second.starts_at, by=leader, place="Biblioteket")
    minutes_pass(monday)
    monday.shift(timedelta(days=4))
    season.relocate("Kantinen", "", by=leader)
    minutes_pass(monday)
    mine = to(leader, mail.outbox)
    for one in mine:
        if calendar_part(one):
            box.receive_mail(one.message())
    last = next(one for one in mine if "et andet sted" in one.subject)
    assert last.body.count("Rådhuset") == last.body.count("Kantinen") == 1
    where = [place for _, _, place in sorted(box.standing())]
    assert where == ["Rådhuset", "Biblioteket", "Kantinen", "Kantinen", "Kantinen"]


def test_another_video_link_is_a_change_too(season, leader, monday):
    season.relocate("Rådhuset", "https://video.example.org/1", by=leader)
    minutes_pass(monday)
    season.relocate("Rådhuset", "https://video.example.org/2", by=leader)
    (only,) = to(leader, minutes_pass(monday))
    assert "nyt videolink" in only.subject
    assert only.body.count("https://video.example.org/2") == 1
    assert "URI:https://video.example.org/2" in calendar_part(only)


def test_there_and_back_again_is_silence(season, leader, monday):
    minutes_pass(monday)
    season.relocate("Kantinen", "", by=leader)
    season.relocate("Rådhuset", "", by=leader)
    assert minutes_pass(monday) == []


# ---- a last meeting beyond the season's end


def test_the_last_meeting_moved_beyond_the_end_is_followed_by_who_comes_and_goes(
    season, team, organisation, leader, monday
):
    minutes_pass(monday)
    last = nth(season, 4)
    was = last.starts_at
    last.move(was + timedelta(days=20), by=leader)
    minutes_pass(monday)
    monday.move_to(was + timedelta(days=5))
    assert season.ends_on < timezone.localdate()
    newcomer = make_user(organisation)
    team.appoint(newcomer)
    team.membership_of(leader).leave()
    mails = minutes_pass(monday)
    assert len([one for one in to(newcomer, mails) if calendar_part(one)]) == 1
    assert [one.subject for one in to(leader, mails)] == [f"Du er ikke længere med i {team}"]
    last.refresh_from_db()
    last.move(in_days(2), by=team.senior_manager)
    season.refresh_from_db()
    assert season.last_meeting_on == in_days(2).date()


def test_moved_beyond_the_end_and_back_again_leaves_no_trace(season, leader):
    last = nth(season, 4)
    was = last.starts_at
    last.move(was + timedelta(days=20), by=leader)
    last.move(was, by=leader)
    season.refresh_from_db()
    assert season.last_meeting_on is None


def test_a_meeting_that_has_begun_is_neither_moved_nor_cancelled_when_over(season, leader, monday):
    first = nth(season, 0)
    monday.move_to(first.starts_at + timedelta(minutes=10))
    with pytest.raises(ValidationError):
        first.move(in_days(3), by=leader)
    monday.move_to(first.ends_at)
    with pytest.raises(ValidationError):
        first.cancel(by=leader)


def test_not_onto_a_meeting_of_another_season_of_the_group(season, team, leader):
    following = make_series(team, in_days(80), meetings=1)
    with pytest.raises(ValidationError):
        nth(season, 4).move(following.meetings.get().starts_at, by=leader)
    assert Invitation.objects.filter(series=following).count() == 5
    assert Membership.objects.filter(group=team).count() == 4
    assert not Delivery.objects.filter(kind="meetings.changed").exists()


# ---- on the page


def page(response) -> str:
    return " ".join(response.content.decode().split())


def test_from_here_on_shows_what_it_does_before_it_is_done(client, season, leader, monday):
    minutes_pass(monday)
    third = nth(season, 2)
    client.force_login(season.group.senior_manager)
    assert reverse("meetings:from_here_on", args=[third.pk]) in page(
        client.get(season.get_absolute_url())
    )
    url = reverse("meetings:from_here_on", args=[third.pk])
    shown = page(client.get(url))
    assert "5 personer får to mails hver" in shown
    assert shown.count("<s>") == 3
    fields = {
        "starts_on": "2026-12-14",
        "ends_on": "2027-01-11",
        "time": "13:00",
        "place": "Kantinen",
        "interval_days": "7",
        "minutes": "90",
    }
    preview = client.post(url, fields | {"preview": "1"}, headers={"hx_request": "true"})
    assert page(preview).startswith('<section id="preview"')
    assert page(preview).count("kl. 13.00") == 5
    assert "Mandag den 14. december kl. 13.00" in page(preview)
    assert Series.objects.count() == 1
    for headers in ({}, {"hx_request": "true"}):  # the second time it is done already
        response = client.post(url, fields, headers=headers)
        to_the_new = season.successor.get_absolute_url()
        assert (response.headers.get("HX-Redirect") or response.headers["Location"]) == to_the_new
    old = page(client.get(season.get_absolute_url()))
    assert "Fra torsdag den 10. december mødes I på andre datoer" in old
    assert "aflyst" not in old
    assert season.get_absolute_url() in page(client.get(to_the_new))


def test_what_was_typed_is_kept_when_it_cannot_be(client, season):
    third = nth(season, 2)
    client.force_login(season.group.senior_manager)
    url = reverse("meetings:from_here_on", args=[third.pk])
    fields = {"starts_on": "2026-11-26", "time": "13:00", "place": "Kantinen"}
    response = client.post(url, fields | {"interval_days": "7", "minutes": "90"})
    assert response.status_code == 422
    assert "til og med 26. november 2026" in page(response)
    assert 'value="Kantinen"' in page(response)
    assert Series.objects.count() == 1


def test_the_place_of_all_and_the_end_of_all_on_their_pages(client, season, leader, monday):
    minutes_pass(monday)
    client.force_login(season.group.senior_manager)
    where = reverse("meetings:series_place", args=[season.pk])
    shown = page(client.get(where))
    assert "Det gælder for 5 møder" in shown
    assert "5 personer får én mail hver" in shown
    refused = client.post(where, {"place": "", "link": ""})
    assert (refused.status_code, "Hvor mødes I?" in page(refused)) == (422, True)
    assert client.post(where, {"place": "Kantinen"}).status_code == 302
    season.refresh_from_db()
    assert (season.place, season.link) == ("Kantinen", "")
    off = reverse("meetings:end_series", args=[season.pk])
    assert "Aflys alle 5 kommende møder?" in page(client.get(off))
    assert client.post(off, {"reason": "Området lægges om"}).status_code == 302
    assert client.post(off, {"reason": "Området lægges om"}).status_code == 302
    assert "Området lægges om" in page(client.get(season.get_absolute_url()))
    assert season.meetings.standing().count() == 0


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-12-25", "Juledag"),
        ("2026-12-24", "juleaftensdag"),
        ("2027-05-07", "fredagen efter Kristi himmelfart"),
        ("2026-11-20", "Personaledag"),
    ],
)
def test_moved_to_a_day_when_people_are_away_is_asked_once_more(client, season, day, why):
    ClosingPeriod.objects.create(
        organisation=season.group.organisation,
        name="Personaledag",
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 20),
    )
    meeting = nth(season, 0)
    client.force_login(season.group.senior_manager)
    url = reverse("meetings:time", args=[meeting.pk])
    asked = client.post(url, {"day": day, "time": "13:00"})
    assert asked.status_code == 422
    assert f"Den dag er {why}, og mange er væk." in page(asked)
    assert f'value="{day}"' in page(asked)
    meeting.refresh_from_db()
    assert not meeting.was_moved
    other = client.post(url, {"day": "2026-12-31", "time": "13:00", "anyway": day})
    assert other.status_code == 422  # another day than the one that was asked about
    assert client.post(url, {"day": day, "time": "13:00", "anyway": day}).status_code == 302
    meeting.refresh_from_db()
    assert f"{meeting.starts_at.date()}" == day


def test_a_long_break_is_pointed_out_on_the_seasons_page(client, season, leader):
    nth(season, 1).cancel(by=leader)
    client.force_login(season.group.senior_manager)
    assert page(client.get(season.get_absolute_url())).count("længe siden sidst") == 1


def test_one_line_says_how_many_hear_of_it(client, season, monday):
    client.force_login(season.group.senior_manager)
    url = reverse("meetings:cancellation", args=[nth(season, 0).pk])
    assert "så ingen får mail om det" in page(client.get(url))
    minutes_pass(monday)
    assert "5 personer får én mail hver" in page(client.get(url))


# ---- bad input


@pytest.mark.parametrize("break_", ["\r\nBcc: evil@example.org", "\nX-Evil: 1", "\rDTSTART:1"])
def test_a_line_break_in_a_title_or_place_makes_no_header_and_no_line(
    season, team, leader, monday, break_
):
    """As an import or a console could write it: forms take no line breaks."""
    team.name = f"Område{break_}"
    team.save()
    Meeting.objects.filter(series=season).update(place=f"Rådhuset{break_}")
    season.place = f"Kantinen{break_}"
    season.save()
    mails = minutes_pass(monday)
    assert to(leader, mails)
    for one in mails:
        sent = BytesParser(policy=policy.default).parsebytes(one.message().as_bytes())
        assert sent["Bcc"] is None
        assert sent["X-Evil"] is None
        assert one.recipients() == one.to
        if calendar_part(one):
            box = CalendarClient(Manner.STRICT)
            box.receive_mail(sent)  # judges the form of each line
            assert len(box.standing()) == 5
    assert not Delivery.objects.exclude(state="sent").exists()
