"""The outbox against a real mail server: planned once, sent once, whatever goes wrong."""

import os
import signal
import socket
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connections
from django.utils import timezone

from notifications import delivery
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_meeting, make_organisation, make_team, make_user, ordinary_day
from tests.notifications.post_office import free_port, mailer
from tests.notifications.processes import python

DELIVER = """
import django; django.setup()
from notifications.delivery import deliver_due; deliver_due()
"""


@pytest.fixture
def people(organisation):
    return [make_user(organisation, f"Leder {n}", email=f"{n}@example.org") for n in range(1, 5)]


def plan(organisation, people, version="1", due_at=None, **values):
    due_at = due_at or timezone.now()
    Delivery.objects.plan(
        "tests.note", organisation, version=version, to=people, due_at=due_at, **values
    )


def states() -> dict[str, str]:
    return dict(Delivery.objects.values_list("recipient__email", "state"))


# ---- planning


def test_once_per_person_and_version(organisation, people):
    for _ in range(3):
        plan(organisation, people)
    plan(organisation, people, version="2")
    assert Delivery.objects.count() == 2 * len(people)


def test_the_database_refuses_a_second_row(organisation, people):
    plan(organisation, people[:1])
    row = Delivery.objects.get()
    row.pk, row.message_id = None, "<another@example.org>"
    with pytest.raises(IntegrityError, match="one_delivery_per_person_and_version"):
        row.save(force_insert=True)


def test_what_was_skipped_and_is_planned_again_is_due_again(organisation, people, note, post):
    plan(organisation, people)
    note["still_true"] = "moved"
    deliver_due()
    reasons = Delivery.objects.values_list("state", "skip_reason").distinct()
    assert (list(reasons), post.letters) == ([("skipped", "moved")], [])
    note["still_true"] = True
    plan(organisation, people)
    assert deliver_due() == len(people)


def test_what_was_sent_and_is_planned_again_stays_sent(organisation, people, note, post):
    for _ in range(2):
        plan(organisation, people)
        deliver_due()
    assert len(post.letters) == len(people)


def test_a_push_moves_what_waits_whatever_its_version(organisation, people, monday):
    later = timezone.now() + timedelta(minutes=5)
    plan(organisation, people, version="1")
    plan(organisation, people, version="2", due_at=later, push=True)
    rows = Delivery.objects.values_list("version", "due_at")
    assert list(rows) == [("1", later)] * len(people)


@pytest.mark.parametrize("gone", ["claimed", "sent", "failed"])
def test_a_push_comes_too_late_for_what_is_on_its_way_and_plans_another(
    organisation, people, note, post, gone
):
    plan(organisation, people[:1])
    delivery.claim()
    if gone != "claimed":
        Delivery.objects.update(state=gone)
    plan(organisation, people[:1], version="2", push=True)
    rows = Delivery.objects.order_by("version").values_list("version", "state")
    assert list(rows) == [("1", gone), ("2", "due")]


def test_old_rows_are_dropped_after_90_days_what_waits_is_kept(organisation, people, monday):
    plan(organisation, people)
    Delivery.objects.filter(recipient__in=people[1:]).update(state="sent")
    monday.shift(timedelta(days=90))
    delivery.tidy()
    assert Delivery.objects.count() == len(people)
    monday.shift(timedelta(seconds=1))
    delivery.tidy()
    assert states() == {"1@example.org": "due"}


# ---- sending


def test_mails_arrive_as_text_and_html_over_one_connection(organisation, people, note, post):
    plan(organisation, people)
    assert deliver_due() == 4
    assert (len(post.letters), post.connections) == (4, 1)
    letter = post.letters[0]
    assert letter["To"] == "1@example.org"
    assert letter["Subject"] == f"Hilsen fra {organisation}"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_body(("plain",)).get_content().strip() == "Kære Leder 1"
    assert letter.get_body(("html",)).get_content().strip() == "<p>Kære Leder 1</p>"
    fixed = set(Delivery.objects.values_list("message_id", flat=True))
    assert {letter["Message-ID"] for letter in post.letters} == fixed
    assert deliver_due() == 0


def test_what_is_not_due_yet_waits_and_what_was_due_hours_ago_goes(
    organisation, people, note, post, monday
):
    plan(organisation, people, due_at=timezone.now() + timedelta(seconds=1))
    assert deliver_due() == 0
    monday.shift(timedelta(hours=3))
    assert deliver_due() == 4


def test_an_address_that_is_refused_fails_alone(organisation, people, note, post):
    post.answers["2@example.org"] = ["550 5.1.1 nobody here"]
    plan(organisation, people)
    assert deliver_due() == 3
    assert post.addresses == ["1@example.org", "3@example.org", "4@example.org"]
    row = Delivery.objects.get(state="failed")
    assert row.recipient.email == "2@example.org"
    assert row.last_error == "550 5.1.1 nobody here"


def test_not_now_is_tried_again_after_a_pause(organisation, people, note, post, monday):
    post.answers["2@example.org"] = ["451 come back later"] * 2
    plan(organisation, people)
    deliver_due()
    deliver_due()
    assert (len(post.letters), states()["2@example.org"]) == (3, "due")
    monday.shift(timedelta(minutes=1))
    deliver_due()
    monday.shift(timedelta(minutes=4))
    deliver_due()
    assert len(post.letters) == 3
    monday.shift(timedelta(minutes=1))
    deliver_due()
    assert post.addresses == sorted(person.email for person in people)


def test_a_bug_in_one_message_does_not_hold_up_the_others(
    organisation, people, note, post, monday, caplog
):
    note["broken"] = ["1@example.org"]
    plan(organisation, people)
    assert deliver_due() == 3
    assert states()["1@example.org"] == "due"
    assert "ZeroDivisionError" in caplog.text
    note["broken"] = []
    monday.shift(timedelta(minutes=1))
    assert deliver_due() == 1


def test_who_has_left_or_whose_organisation_rehearses_gets_nothing(db, note, post):
    rehearsing = make_organisation(begun=False)
    leader, secretary = make_user(rehearsing), make_user(rehearsing, is_secretariat=True)
    gone = make_user(make_organisation(), left_at=timezone.now())
    plan(rehearsing, [leader, secretary, gone])
    assert deliver_due() == 1
    assert post.addresses == [secretary.email]
    reasons = dict(Delivery.objects.values_list("recipient", "skip_reason"))
    assert reasons == {leader.pk: "rehearsal", secretary.pk: "", gone.pk: "left"}


# ---- the mail server goes


def test_nobody_listens_and_nothing_is_lost_however_long(
    organisation, people, note, post, settings, monday
):
    settings.MAILERS = mailer(free_port())
    plan(organisation, people)
    for _ in range(3):
        assert deliver_due() == 0
        monday.shift(timedelta(days=2))
    assert set(states().values()) == {"due"}
    settings.MAILERS = mailer(post.port)
    assert deliver_due() == 4
    assert post.addresses == sorted(person.email for person in people)


def test_a_server_that_is_away_is_not_asked_again_for_each_batch(
    organisation, people, note, settings, monkeypatch, caplog
):
    monkeypatch.setattr(delivery, "BATCH", 1)
    settings.MAILERS = mailer(free_port())
    plan(organisation, people)
    deliver_due()
    assert caplog.text.count("the mail server is away") == 1
    assert Delivery.objects.filter(last_error="").count() == 3


@pytest.mark.parametrize("broken", ["hang up", "421 closing down"])
def test_a_line_that_breaks_in_the_middle_loses_and_doubles_nothing(
    organisation, people, note, post, monday, broken
):
    post.answers["2@example.org"] = [broken]
    plan(organisation, people)
    assert deliver_due() == 1
    monday.shift(timedelta(minutes=1))
    assert deliver_due() == 3
    assert post.addresses == sorted(person.email for person in people)


def test_a_message_that_breaks_the_line_each_time_does_not_hold_up_the_others(
    organisation, people, note, post, monday
):
    post.answers["1@example.org"] = ["hang up"] * 99
    plan(organisation, people)
    for _ in range(4):
        deliver_due()
        monday.shift(timedelta(minutes=1))
    assert post.addresses == ["2@example.org", "3@example.org", "4@example.org"]
    assert states()["1@example.org"] == "due"


def test_a_server_that_falls_silent_is_left_and_nothing_is_lost(
    organisation, people, note, post, settings, monday
):
    plan(organisation, people)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # lets in, never greets
        settings.MAILERS = mailer(silent.getsockname()[1], timeout=0.2)
        assert deliver_due() == 0
    assert set(states().values()) == {"due"}
    settings.MAILERS = mailer(post.port)
    monday.shift(timedelta(minutes=1))
    assert deliver_due() == 4


def test_a_server_that_falls_silent_in_the_middle(organisation, people, note, post, settings):
    awake = threading.Event()
    post.at_data = lambda letter: awake.wait(5) if letter["To"] == "2@example.org" else None
    settings.MAILERS = mailer(post.port, timeout=0.2)
    plan(organisation, people)
    assert deliver_due() == 1
    awake.set()
    assert list(states().values()).count("due") == 3


# ---- several workers


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_message_once(note, post, monkeypatch):
    monkeypatch.setattr(delivery, "BATCH", 7)
    organisation = make_organisation()
    plan(organisation, [make_user(organisation) for _ in range(40)])
    sent, start = [], threading.Barrier(2)

    def work():
        start.wait()
        sent.append(deliver_due())
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(sent) == len(post.letters) == len(set(post.addresses)) == 40
    assert all(sent)


def test_a_claim_is_another_workers_until_its_lease_is_over(
    organisation, people, note, post, monday
):
    plan(organisation, people)
    lost = delivery.claim()
    assert deliver_due() == 0
    monday.shift(delivery.LEASE + timedelta(seconds=1))
    assert deliver_due() == 4
    assert delivery.send_batch(lost) == (0, True)  # the worker wasn't dead, only slow
    assert len(post.letters) == 4


@pytest.mark.django_db(transaction=True)
def test_what_a_slow_worker_has_in_hand_is_left_to_it_even_after_the_lease(note, post, monday):
    organisation = make_organisation()
    plan(organisation, [make_user(organisation)])
    in_hand, go_on = threading.Event(), threading.Event()
    post.at_data = lambda letter: (in_hand.set(), go_on.wait(20))

    def work():
        deliver_due()
        connections.close_all()

    slow = threading.Thread(target=work)
    slow.start()
    assert in_hand.wait(20)
    monday.shift(delivery.LEASE * 2)
    assert deliver_due() == 0
    go_on.set()
    slow.join()
    assert (len(post.letters), set(states().values())) == (1, {"sent"})


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_leaves_its_messages_to_others(post, silent_bell):
    organisation = make_organisation()
    team = make_team(organisation, 3)
    make_meeting(team, ordinary_day(organisation))
    reached, go_on = threading.Event(), threading.Event()
    post.at_data = lambda letter: (reached.set(), go_on.wait(20))
    with python(DELIVER, mail_to=post.url) as worker:
        assert reached.wait(30)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert set(Delivery.objects.values_list("state", flat=True)) == {"claimed"}
    post.at_data = None
    go_on.set()
    assert deliver_due() == 0
    with time_machine.travel(timezone.now() + delivery.LEASE + timedelta(seconds=1)):
        assert deliver_due() == 4
    expected = sorted(team.participants().values_list("email", flat=True))
    assert sorted(set(post.addresses)) == expected
    # The one second copy that can't be helped bears the same Message-ID as the first.
    assert len(post.letters) == 5
    assert len({letter["Message-ID"] for letter in post.letters}) == 4
