"""The focus person's notes: sealed, theirs alone, and gone when their time has come."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings import sealing
from meetings.models import Case, CaseCount, Notes, Sparring
from meetings.reconciling import reconcile
from notifications.delivery import deliver_due
from notifications.models import Delivery, Preference
from tests.factories import in_days, make_series
from wellbeing.models import Guidepost, Theme

pytestmark = pytest.mark.usefixtures("monday")

QUESTION, WORDS = "Hvordan siger jeg det?", "Sig det højt, før det gør ondt"
BOTH_DOORS = pytest.mark.parametrize("headers", [{}, {"hx_request": "true"}], ids=["page", "htmx"])


@pytest.fixture
def meeting(network):
    """Today's, with another five weeks ahead."""
    series = make_series(network, in_days(1), meetings=4, interval_days=35)
    return series.meetings.order_by("starts_at").first()


@pytest.fixture
def talk(network, meeting, leader, monday):
    """Held at the meeting, with notes."""
    monday.move_to(meeting.starts_at)
    return talked(network, meeting, leader)


def talked(network, meeting, focus_person, **ending) -> Sparring:
    Case.objects.bring(network, by=focus_person, question=QUESTION, wants="test")
    talk = Sparring.objects.prepare(meeting, by=focus_person)
    talk.take("focus", focus_person)
    talk.start(by=focus_person)
    Notes.objects.write(talk, WORDS)
    talk.close(**ending)
    return Sparring.objects.for_page().get(pk=talk.pk)


def at(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person, name, talk, data=None, **headers):
    return at(person).post(reverse(f"meetings:{name}", args=[talk.pk]), data or {}, headers=headers)


def page(person, talk) -> str:
    return at(person).get(reverse("meetings:notes", args=[talk.pk])).content.decode()


def is_gone() -> bool:
    return not Case.objects.exists() and not Notes.objects.exists()


# ---- sealed


def test_what_lies_in_the_database_says_nothing(talk, leader):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM meetings_notes")
        row = str(cursor.fetchone())
    assert WORDS not in row
    assert "ondt" not in row
    assert WORDS in page(leader, talk)


@BOTH_DOORS
def test_the_focus_person_writes_on(talk, leader, headers):
    answer = post(leader, "notes", talk, {"notes": "Mere"}, **headers)
    assert answer.status_code in (200, 302)
    assert Notes.objects.get().text == "Mere"
    too_long = post(leader, "notes", talk, {"notes": "å" * 10_001}, **headers)
    assert too_long.status_code == 422
    assert "Kan du sige det med 10000 tegn?" in too_long.content.decode()
    assert Notes.objects.get().text == "Mere"
    post(leader, "notes", talk, {"notes": " "}, **headers)
    assert Notes.objects.count() == 0


def test_a_seal_opens_in_its_own_row_only(network, meeting, leader, talk, monday):
    monday.shift(timedelta(hours=1))
    other = talked(network, meeting, network.memberships.get(role="facilitator").user)
    theirs, mine = Notes.objects.get(sparring=other), Notes.objects.get(sparring=talk)
    Notes.objects.filter(pk=mine.pk).update(sealed=theirs.sealed)
    html = page(leader, talk)
    assert "Noterne kan ikke åbnes." in html
    assert WORDS not in html


def test_keys_are_rotated(talk, leader, settings, capsys):
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, old]
    assert WORDS in page(leader, talk)
    call_command("rotate_field_keys")
    assert capsys.readouterr().out.startswith("1 ")
    settings.FIELD_KEYS = [new]
    assert WORDS in page(leader, talk)
    settings.FIELD_KEYS = [old]
    assert "Noterne kan ikke åbnes." in page(leader, talk)
    call_command("rotate_field_keys")
    assert capsys.readouterr().out.startswith("0 ")
    with pytest.raises(sealing.Unreadable):
        sealing.reseal(Notes.objects.get().sealed)


# ---- theirs alone


def test_nobody_else_finds_them(talk, leader, network, secretariat):
    for member in network.memberships.exclude(user=leader):
        assert at(member.user).get(reverse("meetings:notes", args=[talk.pk])).status_code == 404
        assert WORDS not in at(member.user).get("/me/notes/").content.decode()
    for name in ("notes", "keeping", "letting_go", "outcome"):
        assert post(secretariat, name, talk).status_code == 404
        assert post(member.user, name, talk).status_code == 404
    assert QUESTION in at(leader).get("/me/notes/").content.decode()


def test_they_stay_ones_own_after_one_has_left_the_group(talk, leader, network):
    network.membership_of(leader).leave()
    reconcile()
    assert WORDS in page(leader, talk)


# ---- how long


def test_question_and_notes_are_really_deleted_a_week_after_the_next_meeting(talk, monday):
    following = talk.group.series.get().meetings.order_by("starts_at")[1]
    assert talk.gone_at == following.ends_at + timedelta(days=7)
    monday.move_to(talk.gone_at - timedelta(minutes=1))
    reconcile()
    assert not is_gone()
    monday.shift(timedelta(minutes=1))
    reconcile()
    reconcile()
    assert is_gone()
    assert Sparring.objects.get().focus_person_id  # whose turn it was is remembered


def test_it_follows_the_next_meeting_where_that_goes(talk, leader, monday):
    following = talk.group.series.get().meetings.order_by("starts_at")[1]
    following.move(following.starts_at + timedelta(days=3), by=leader)
    moved = Sparring.objects.for_page().get()
    assert moved.gone_at == following.ends_at + timedelta(days=7)
    following.cancel(by=leader)
    assert Sparring.objects.for_page().get().gone_at > moved.gone_at


def test_at_most_ninety_days_where_no_meeting_follows(talk, leader, monday):
    for meeting in talk.group.series.get().meetings.order_by("starts_at")[1:]:
        meeting.cancel(by=leader)
    monday.move_to(talk.closed_at + timedelta(days=90))
    reconcile()
    assert is_gone()


def test_kept_as_long_as_the_focus_person_wants_and_by_them_alone(talk, leader, network, monday):
    post(leader, "keeping", talk)
    monday.move_to(talk.closed_at + timedelta(days=200))
    reconcile()
    assert WORDS in page(leader, talk)
    other = network.memberships.get(role="facilitator").user
    url = reverse("meetings:talks", args=[talk.meeting_id])
    assert QUESTION not in at(other).get(url).content.decode()
    assert QUESTION in at(leader).get(url).content.decode()
    post(leader, "letting_go", talk)
    assert is_gone()
    post(leader, "notes", talk, {"notes": WORDS})
    assert is_gone()


def test_whoever_leaves_the_organisation_leaves_no_notes_behind(talk, leader):
    leader.left_at = timezone.now()
    leader.save(update_fields=["left_at"])
    reconcile()
    assert is_gone()


def test_a_warning_a_week_before_without_a_word_of_it(talk, leader, monday, mailoutbox):
    deliver_due()
    mailoutbox.clear()
    monday.move_to(talk.gone_at - timedelta(days=7, minutes=1))
    reconcile()
    assert not Delivery.objects.filter(kind="meetings.notes_going").exists()
    monday.shift(timedelta(minutes=1))
    reconcile()
    reconcile()
    deliver_due()
    mails = [mail for mail in mailoutbox if "slettet" in mail.subject]
    assert [mail.to for mail in mails] == [[leader.email]]
    words = mails[0].subject + mails[0].body + mails[0].alternatives[0].content
    assert reverse("meetings:notes", args=[talk.pk]) in words
    assert WORDS not in words
    assert QUESTION not in words


def test_no_warning_of_what_is_kept_or_isnt_wanted(talk, leader, monday):
    Preference.objects.choose(leader, when="off")
    monday.move_to(talk.gone_at - timedelta(days=7))
    for _minute in range(2):
        reconcile()
        deliver_due()
    going = Delivery.objects.filter(kind="meetings.notes_going")
    assert [(one.state, one.skip_reason) for one in going] == [("skipped", "preference")]
    going.delete()
    talk.keep()
    reconcile()
    assert not going.exists()


# ---- what stays


def test_all_that_stays_is_one_more_for_a_guidepost(network, meeting, leader):
    guidepost = Guidepost.objects.create(
        organisation=network.organisation, wording="Vi spørger", theme=Theme.SAFETY
    )
    talk = talked(network, meeting, leader, guidepost=guidepost)
    talk.close(guidepost=guidepost)
    talk.forget()
    assert [(c.organisation, c.guidepost, c.number) for c in CaseCount.objects.all()] == [
        (network.organisation, guidepost, 1)
    ]


@BOTH_DOORS
def test_the_focus_person_tells_the_group_what_became_of_it(talk, leader, network, headers, monday):
    post(leader, "outcome", talk, {"outcome": "Vi sagde det højt"}, **headers)
    other = network.memberships.get(role="facilitator").user
    url = reverse("meetings:talks", args=[talk.meeting_id])
    assert "Vi sagde det højt" in at(other).get(url).content.decode()
    assert post(leader, "outcome", talk, {"outcome": "å" * 301}, **headers).status_code in (
        200,
        422,
    )
    monday.move_to(talk.closed_at + timedelta(days=91))
    reconcile()
    assert Sparring.objects.get().outcome == ""


@pytest.mark.parametrize(("asks_again", "on"), [(1, [1]), (2, [2]), (0, [])])
def test_when_do_we_ask_again(network, meeting, leader, monday, asks_again, on):
    monday.move_to(meeting.starts_at)
    talked(network, meeting, leader, asks_again=asks_again)
    other = network.memberships.get(role="facilitator").user
    words = f"Vi spørger {leader} igen"
    meetings = meeting.series.meetings.order_by("starts_at")
    found = [
        number
        for number, one in enumerate(meetings)
        if words in at(other).get(reverse("meetings:talks", args=[one.pk])).content.decode()
    ]
    assert found == on
