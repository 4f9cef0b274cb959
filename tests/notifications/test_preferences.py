"""Mails one can do without: at once, once a day, or never. And the links that stop them."""

import re
import threading
from datetime import UTC, timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connections
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting
from meetings.reconciling import reconcile
from networks.models import Organisation
from notifications import delivery, kinds, unsubscribe
from notifications.delivery import deliver_due
from notifications.models import Delivery, Preference
from tests.factories import in_days, make_meeting, make_organisation, make_team, make_user
from tests.notifications.post_office import free_port, mailer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def nice(note):
    """Messages one can do without: `nice["still_true"][version] = "moved"` ends one."""
    script = {"still_true": {}}

    def message(delivery, organisation):
        about, url = f"Nyt {delivery.version}", f"http://localhost:8000/{delivery.version}/"
        return kinds.Message(about, url, f"<p>{url}</p>", line=f"Linje & {about}.", url=url)

    kinds.register(
        "tests.nice",
        words="nyt",
        preference=kinds.CHOSEN,
        still_true=lambda delivery, _: script["still_true"].get(delivery.version, True),
        message=message,
        subjects=Organisation.objects.all,
    )
    yield script
    del kinds._kinds["tests.nice"]


def plan(person, *versions, kind="tests.nice"):
    for version in versions:
        Delivery.objects.plan(
            kind, person.organisation, version=version, to=[person], due_at=timezone.now()
        )


def choose(person, when, hour=None):
    Preference.objects.choose(person, when, hour)


def fates() -> dict[str, str]:
    rows = Delivery.objects.values_list("version", "state", "skip_reason")
    return {version: reason or state for version, state, reason in rows}


def bodies(letter) -> list[str]:
    parts = [letter.get_body((part,)).get_content() for part in ("plain", "html")]
    return [part.replace("\r\n", "\n") for part in parts]


# ---- at once, off


def test_who_chose_nothing_gets_them_at_once(leader, nice, post, monday):
    plan(leader, "1", "2")
    assert deliver_due() == 2
    assert [letter["Subject"] for letter in post.letters] == ["Nyt 1", "Nyt 2"]


def test_off_keeps_back_what_is_planned_already_and_not_what_must_reach(leader, nice, post, monday):
    plan(leader, "1")
    plan(leader, "2", kind="tests.note")
    choose(leader, "off")
    assert deliver_due() == 1
    assert fates() == {"1": "preference", "2": "sent"}


def test_on_again_sends_what_is_still_true_and_only_that(leader, nice, post, monday):
    choose(leader, "off")
    plan(leader, "1", "2")
    deliver_due()
    nice["still_true"]["2"] = "past"
    choose(leader, "at_once")
    assert deliver_due() == 1
    assert fates() == {"1": "sent", "2": "past"}


def test_what_is_off_is_not_looked_at_again_each_minute(team, leader, post, monday):
    meeting = make_meeting(team)
    choose(leader, "off")
    meeting.invite_proposals()
    deliver_due()
    reconcile()
    [row] = Delivery.objects.filter(kind="meetings.opening", recipient=leader)
    assert (row.state, row.skip_reason) == ("skipped", "preference")
    choose(leader, "at_once")
    post.letters.clear()
    assert deliver_due() == 1
    assert post.addresses == [leader.email]


def test_what_is_turned_on_after_the_agenda_closed_stays_unsent(team, leader, post, monday):
    meeting = make_meeting(team)
    choose(leader, "off")
    meeting.invite_proposals()
    deliver_due()
    Meeting.objects.get().compose_agenda()
    choose(leader, "at_once")
    deliver_due()
    [row] = Delivery.objects.filter(kind="meetings.opening", recipient=leader)
    assert (row.state, row.skip_reason) == ("skipped", "closed")


# ---- once a day


def test_the_days_messages_come_in_one_mail_at_the_hour_that_was_chosen(leader, nice, post, monday):
    choose(leader, "digest", 14)
    plan(leader, "1")
    assert deliver_due() == 0
    monday.shift(HOUR)
    plan(leader, "2", "3")
    plan(leader, "4", kind="tests.note")
    assert deliver_due() == 1  # what must reach doesn't wait
    monday.shift(3 * HOUR - timedelta(seconds=1))
    assert deliver_due() == 0
    monday.shift(timedelta(seconds=1))
    assert deliver_due() == 1
    letter = post.letters[-1]
    assert letter["Subject"] == "Nyt 1 (og 2 mere)"
    text, html = bodies(letter)
    for number in (1, 2, 3):
        assert f"Nyt {number}\nLinje & Nyt {number}.\n{settings.SITE_URL}/{number}/" in text
        assert f'<a href="{settings.SITE_URL}/{number}/">Nyt {number}</a>' in html
        assert f"Linje &amp; Nyt {number}." in html
    assert set(fates().values()) == {"sent"}
    assert letter["Message-ID"] == Delivery.objects.get(version="1").message_id
    assert deliver_due() == 0


def test_what_comes_after_the_hour_waits_until_the_next_day(leader, nice, post, monday):
    choose(leader, "digest", 9)
    plan(leader, "1")
    deliver_due()
    monday.shift(22 * HOUR + timedelta(minutes=59))
    assert deliver_due() == 0
    monday.shift(timedelta(minutes=1))
    assert deliver_due() == 1


def test_a_digest_waits_over_the_weekend_where_hours_are_kept(leader, nice, post, monday):
    leader.organisation.keeps_hours = True
    leader.organisation.save()
    choose(leader, "digest", 8)
    monday.shift(4 * DAY)
    plan(leader, "1")
    deliver_due()
    held = Delivery.objects.get().held_until.astimezone(leader.organisation.zone)
    assert (held.weekday(), held.hour, held.date() - timezone.localdate()) == (0, 8, 3 * DAY)


def test_without_anything_true_there_is_no_digest(leader, nice, post, monday):
    choose(leader, "digest", 14)
    plan(leader, "1", "2")
    deliver_due()
    nice["still_true"] = {"1": "moved", "2": "left"}
    monday.shift(4 * HOUR)
    assert deliver_due() == 0
    assert (post.letters, fates()) == ([], {"1": "moved", "2": "left"})


def test_the_only_true_one_comes_as_itself(leader, nice, post, monday):
    choose(leader, "digest", 14)
    plan(leader, "1", "2")
    deliver_due()
    nice["still_true"] = {"1": "moved"}
    monday.shift(4 * HOUR)
    assert deliver_due() == 1
    assert post.letters[0]["Subject"] == "Nyt 2"


def test_a_digest_is_late_rather_than_lost_or_in_parts(leader, nice, post, monday, settings):
    choose(leader, "digest", 14)
    plan(leader, "1", "2")
    deliver_due()
    settings.MAILERS = mailer(free_port())
    monday.shift(4 * HOUR)
    assert deliver_due() == 0
    settings.MAILERS = mailer(post.port)
    monday.shift(timedelta(minutes=1))
    assert deliver_due() == 1
    assert (len(post.letters), set(fates().values())) == (1, {"sent"})


def test_an_address_that_is_refused_fails_each_message_of_the_digest(leader, nice, post, monday):
    choose(leader, "digest", 14)
    plan(leader, "1", "2")
    deliver_due()
    post.answers[leader.email] = ["550 5.1.1 nobody here"] * 2
    monday.shift(4 * HOUR)
    assert deliver_due() == 0
    assert set(fates().values()) == {"failed"}


@pytest.mark.parametrize(("when", "fate"), [("at_once", "sent"), ("off", "preference")])
def test_who_leaves_the_digest_need_not_wait_for_it(leader, nice, post, monday, when, fate):
    choose(leader, "digest", 14)
    plan(leader, "1")
    deliver_due()
    choose(leader, when)
    deliver_due()
    assert fates() == {"1": fate}


def test_another_hour_holds_for_what_waits_already(leader, nice, post, monday):
    choose(leader, "digest", 16)
    plan(leader, "1")
    deliver_due()
    choose(leader, "digest", 11)
    assert deliver_due() == 0
    monday.shift(HOUR)
    assert deliver_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_digest(nice, post, monday, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 1)
    person = make_user(make_organisation())
    choose(person, "digest", 14)
    plan(person, "1", "2", "3")
    deliver_due()
    monday.shift(4 * HOUR)
    start, sent = threading.Barrier(2), []

    def work():
        start.wait()
        sent.append(deliver_due())
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (sum(sent), len(post.letters), set(fates().values())) == (1, 1, {"sent"})


@pytest.mark.django_db(transaction=True)
def test_turned_on_while_a_worker_keeps_it_back_nothing_is_lost(nice, post, monday, monkeypatch):
    person = make_user(make_organisation())
    choose(person, "off")
    plan(person, "1")
    skip, threads = delivery._skip, []

    def on_again():
        choose(person, "at_once")
        connections.close_all()

    def slow_skip(row, reason):
        threads.append(threading.Thread(target=on_again))
        threads[0].start()
        threads[0].join(0.3)
        return skip(row, reason)

    monkeypatch.setattr(delivery, "_skip", slow_skip)
    deliver_due()
    threads[0].join()
    deliver_due()
    assert fates() == {"1": "sent"}


def test_the_database_refuses_a_digest_by_night_and_a_second_choice(leader):
    choose(leader, "digest", 16)
    with pytest.raises(IntegrityError, match="one_preference_per_person_and_class"):
        Preference.objects.create(person=leader)


@pytest.mark.parametrize("hour", [0, 6, 17, 24])
def test_the_database_refuses_such_an_hour(leader, hour):
    with pytest.raises(IntegrityError, match="digest_within_working_hours"):
        choose(leader, "digest", hour)


def test_a_kind_that_reserves_can_not_be_chosen():
    with pytest.raises(ValueError, match="reserves nothing"):
        kinds.register(
            "tests.wrong",
            preference=kinds.CHOSEN,
            still_true=None,
            message=None,
            subjects=None,
            before=print,
        )


# ---- a real digest


def test_the_openings_of_two_rooms_in_one_mail(organisation, leader, team, network, post, monday):
    choose(leader, "digest", 14)
    for group, days in ((team, 4), (network, 5)):
        make_meeting(group, in_days(days)).invite_proposals()
    deliver_due()
    monday.shift(4 * HOUR)
    post.letters.clear()
    deliver_due()
    [letter] = post.letters
    text = letter.get_body(("plain",)).get_content()
    for group in (team, network):
        assert f"{group} mødes " in text
    assert "Lone" not in text
    assert text.count("?ask=1") == 2


# ---- the way out


@pytest.fixture
def opened(team, leader, post, monday):
    """The mail that asks what to talk about, as it lay in the box."""
    make_meeting(team).invite_proposals()
    deliver_due()
    return next(
        letter
        for letter in post.letters
        if letter["To"] == leader.email and letter["List-Unsubscribe"]
    )


def way_out(letter) -> str:
    return re.fullmatch(r"<http://localhost:8000(/unsubscribe/\S+/)>", letter["List-Unsubscribe"])[
        1
    ]


def test_chosen_mails_and_only_they_say_how_to_stop_them(opened, post):
    assert opened["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text, html = bodies(opened)
    assert settings.SITE_URL + "/unsubscribe/" in text
    assert f'href="{settings.SITE_URL}/unsubscribe/' in html
    others = [letter for letter in post.letters if "tale om" not in letter["Subject"]]
    assert others
    assert {letter["List-Unsubscribe"] for letter in others} == {None}
    for letter in others:
        assert "/unsubscribe/" not in letter.get_body(("plain",)).get_content()


@pytest.mark.parametrize("site", ["https://p.dk", "https://pejling.a-long-name-indeed.example.org"])
def test_the_link_in_the_header_is_whole(leader, nice, settings, site):
    settings.SITE_URL = site
    plan(leader, "1")
    row = Delivery.objects.get()
    mail = delivery.as_mail(row, kinds.Message("Æbler" * 30, "t", "h"))
    raw = mail.message().as_bytes().decode("ascii")
    line = next(line for line in raw.splitlines() if line.startswith("List-Unsubscribe:"))
    assert line == f"List-Unsubscribe: <{unsubscribe.link(leader.pk, kinds.CHOSEN)}>"


def test_a_scanner_may_open_it_ten_times(opened, leader, client):
    for _ in range(10):
        response = client.get(way_out(opened))
        assert response.status_code == 200
        assert client.head(way_out(opened)).status_code == 200
    assert not Preference.objects.exists()
    assert "sessionid" not in client.cookies
    assert leader.name not in response.content.decode()
    assert client.get("/me/").status_code == 302


def test_a_mail_programs_one_click(opened, leader):
    strict = Client(enforce_csrf_checks=True)
    for _ in range(3):
        response = strict.post(way_out(opened), {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    assert Preference.objects.get().person == leader
    assert Preference.objects.get().is_off
    assert strict.get("/me/").status_code == 302


def test_the_pages_own_button_and_the_way_back(opened, leader, nice, client):
    choose(leader, "digest", 11)
    page = client.post(way_out(opened)).content.decode()
    assert "Nu kommer de ikke mere" in page
    assert 'name="when" value="digest"' in page
    plan(leader, "1")
    deliver_due()
    assert fates()["1"] == "preference"
    client.post(way_out(opened), {"when": "digest"})
    preference = Preference.objects.get()
    assert (preference.when, preference.hour) == ("digest", 11)
    assert Delivery.objects.get(version="1").state == "due"


@pytest.mark.parametrize("when", ["", "never", "\x00", "x" * 5000])
def test_an_answer_that_is_none_means_off(leader, client, when):
    client.post(f"/unsubscribe/{unsubscribe.token(leader.pk, kinds.CHOSEN)}/", {"when": when})
    assert Preference.objects.get().is_off


def forged(leader) -> list[str]:
    real = unsubscribe.token(leader.pk, kinds.CHOSEN)
    signed = unsubscribe._signer.sign
    return [
        real[:-1] + ("A" if real[-1] != "A" else "B"),
        real.replace(str(leader.pk), str(leader.pk + 1), 1),
        real.swapcase(),
        "x",
        "æ" * 300,
        "%00",
        signed("0-chosen"),
        signed(f"{leader.pk}-must_reach"),
        signed(f"{leader.pk}-"),
    ]


def test_a_forged_link_changes_nothing_and_leads_to_ones_own_page(leader, client):
    for token in forged(leader):
        for method in (client.get, client.post):
            response = method(f"/unsubscribe/{token}/")
            assert (token, response.status_code) == (token, 404)
            assert 'href="/me/#mails"' in response.content.decode()
    assert not Preference.objects.exists()


def test_a_link_wears_out_after_sixty_days(opened, client, monday):
    monday.shift(60 * DAY - HOUR)
    assert client.get(way_out(opened)).status_code == 200
    monday.shift(2 * HOUR)
    for method in (client.get, client.post):
        response = method(way_out(opened))
        assert response.status_code == 410
        assert 'href="/me/#mails"' in response.content.decode()
    assert not Preference.objects.exists()


def test_the_page_speaks_the_language_of_whose_mail_it_was(leader, client):
    leader.language = "en"
    leader.save()
    page = client.get(f"/unsubscribe/{unsubscribe.token(leader.pk, kinds.CHOSEN)}/")
    assert '<html lang="en">' in page.content.decode()


def test_the_link_of_who_has_left_is_worn_out(leader, client):
    leader.left_at = timezone.now()
    leader.save()
    link = f"/unsubscribe/{unsubscribe.token(leader.pk, kinds.CHOSEN)}/"
    assert client.post(link).status_code == 404


def test_the_senior_manager_too(db, post, monday):
    team = make_team(make_organisation(), 1)
    choose(team.senior_manager, "off")
    make_meeting(team).invite_proposals()
    deliver_due()
    rows = Delivery.objects.filter(kind="meetings.opening").values_list("recipient", "state")
    assert dict(rows)[team.senior_manager_id] == "skipped"


@pytest.mark.parametrize(
    ("before", "hour_in_utc"),
    [("2027-03-27T12:00:00+01:00", 7), ("2026-10-24T12:00:00+02:00", 8)],
)
def test_the_digest_keeps_its_hour_when_the_clock_changes(leader, nice, post, before, hour_in_utc):
    choose(leader, "digest", 9)
    with time_machine.travel(before, tick=False) as clock:
        plan(leader, "1", "2")
        assert deliver_due() == 0
        due = Delivery.objects.values_list("due_at", flat=True).distinct().get()
        assert (due.astimezone(UTC).hour, due.astimezone(leader.organisation.zone).hour) == (
            hour_in_utc,
            9,
        )
        clock.move_to(due - timedelta(seconds=1))
        assert deliver_due() == 0
        clock.move_to(due)
        assert deliver_due() == 1
