"""What may go wrong, with real processes: count the rows, and the mails that arrived."""

import contextlib
import itertools
import os
import signal
import socket
import threading
import time
from datetime import timedelta

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import notifications
from config.cache import ForgivingClient
from config.run import WORKER
from networks.models import Membership, User
from notifications import delivery, doorbell
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import make_group, make_meeting, make_organisation, make_user, ordinary_day
from tests.notifications.processes import python, valkey
from tests.notifications.test_doorbell import CELERY, move_broker, real_bell  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)

DELIVER = """
import django; django.setup()
from notifications.delivery import deliver_due; deliver_due()
"""
# Says that it's there, waits for the gate to open, says how many it sent.
DELIVER_TOGETHER = """
import sys, time; from pathlib import Path
import django; django.setup()
from notifications.delivery import deliver_due
gate, said = map(Path, sys.argv[1:])
said.touch()
while not gate.exists(): time.sleep(0.005)
said.write_text(str(deliver_due()))
"""
PATIENCE = 30
LEASE_OVER = delivery.LEASE + timedelta(seconds=1)


def remind(people: int) -> None:
    """That many reminders are due now."""
    organisation = make_organisation()
    group = make_group(organisation)
    users = User.objects.bulk_create(
        [
            User(organisation=organisation, name=f"Leder {n}", email=f"leder{n}@example.org")
            for n in range(people)
        ]
    )
    Membership.objects.bulk_create(
        [
            Membership(
                group=group, user=user, agreement=group.agreement, affirmed_at=timezone.now()
            )
            for user in users
        ]
    )
    meeting = make_meeting(group, ordinary_day(organisation), has_agenda=False)
    Delivery.objects.all().delete()
    meeting.compose_agenda()
    Delivery.objects.update(due_at=timezone.now())


def states() -> dict[str, int]:
    found = list(Delivery.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def wait_until(true) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# ---- workers


def test_two_workers_race_for_a_thousand_and_each_mail_arrives_once(post, silent_bell, tmp_path):
    remind(1000)
    gate, said = tmp_path / "gate", [tmp_path / "one", tmp_path / "two"]
    with contextlib.ExitStack() as workers:
        for words in said:
            worker = python(DELIVER_TOGETHER, str(gate), str(words), mail_to=post.url)
            workers.enter_context(worker)
        wait_until(lambda: all(words.exists() for words in said))
        gate.touch()
        wait_until(lambda: all(words.read_text() for words in said))
    sent = [int(words.read_text()) for words in said]
    assert sum(sent) == 1000
    assert min(sent) > 0
    assert states() == {"sent": 1000}
    assert len(post.letters) == 1000
    assert {letter["Message-ID"] for letter in post.letters} == set(
        Delivery.objects.values_list("message_id", flat=True)
    )
    assert len(set(post.addresses)) == 1000


def test_killed_after_the_claim_nothing_was_sent_and_all_is_sent_once(post, silent_bell):
    remind(4)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # lets in, never greets
        address = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        with python(DELIVER, mail_to=address) as worker:
            silent.settimeout(PATIENCE)
            line, _ = silent.accept()
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
            line.close()
    assert states() == {"claimed": 4}
    assert deliver_due() == 0
    with time_machine.travel(timezone.now() + LEASE_OVER):
        assert deliver_due() == 4
    assert len(post.letters) == len(set(post.addresses)) == 4


@pytest.fixture
def commits_of_sent_wait():
    """Each commit that marks a row as sent waits for this lock: the mail server has said yes."""
    with connection.cursor() as cursor:
        cursor.execute("""
            CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER wait_here AFTER UPDATE ON notifications_delivery
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                WHEN (NEW.state = 'sent') EXECUTE FUNCTION wait_here();
            SELECT pg_advisory_lock(1);
        """)
        yield
        cursor.execute("""
            SELECT pg_advisory_unlock_all();
            DROP TRIGGER IF EXISTS wait_here ON notifications_delivery;
            DROP FUNCTION IF EXISTS wait_here;
        """)


def test_killed_between_the_yes_and_our_commit_the_second_copy_is_the_same_mail(
    post, silent_bell, commits_of_sent_wait
):
    remind(3)
    with python(DELIVER, mail_to=post.url) as worker:
        wait_until(_somebody_waits_for_the_lock)
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert len(post.letters) == 1
    with connection.cursor() as cursor:
        # Its server process notices when it comes to answer.
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
        cursor.execute("DROP TRIGGER wait_here ON notifications_delivery")
    assert states() == {"claimed": 3}
    with time_machine.travel(timezone.now() + LEASE_OVER):
        assert deliver_due() == 3
    assert states() == {"sent": 3}
    ids = [letter["Message-ID"] for letter in post.letters]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert ids.count(ids[0]) == 2


def _somebody_waits_for_the_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0


# ---- the broker


@pytest.fixture
def broker(real_bell, move_broker, monkeypatch, settings):  # noqa: F811
    """Broker and cache are one Valkey of our own; gives its process and address."""
    with valkey() as (server, url):
        monkeypatch.setattr(ForgivingClient, "_away_until", 0.0)
        move_broker(url.replace("unix", "redis+socket").replace("?db=", "?virtual_host="))
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": url}}
        yield server, url


def test_wiped_while_pages_are_used_nobody_is_signed_out_and_bells_still_ring(
    broker, client, caplog
):
    _, url = broker
    organisation = make_organisation()
    person = make_user(organisation)
    group = make_group(organisation, [person])
    meeting = make_meeting(group, ordinary_day(organisation))
    client.force_login(person)
    assert client.get("/").status_code == 200
    cache.set("a", 1)
    with redis.Redis.from_url(url) as line:
        line.flushall()
        assert cache.get("a") is None
        assert client.get("/").status_code == 200
        page = client.post(reverse("meetings:answer", args=[meeting.pk]), {"coming": "1"})
        assert page.status_code in (200, 302)
        notifications.ring()
        assert line.llen("mail") == 1
    assert "broker is away" not in caplog.text


def test_rings_of_three_hours_without_a_worker_send_each_mail_once(broker, post):
    _, url = broker
    remind(3)
    Delivery.objects.update(due_at=timezone.now() - timedelta(hours=3))
    for _ in range(180):
        notifications.ring()
    with worker_on(url, post):
        post.wait_for(3)
        wait_until(lambda: states() == {"sent": 3})
        with redis.Redis.from_url(url) as line:
            wait_until(lambda: line.llen("mail") == 0)
    assert len(post.letters) == 3


def test_a_worker_whose_broker_is_wiped_hears_the_next_ring(broker, post):
    _, url = broker
    with worker_on(url, post):
        remind(2)
        notifications.ring()
        post.wait_for(2)
        with redis.Redis.from_url(url) as line:
            line.flushall()
        Delivery.objects.update(state="due", sent_at=None)
        notifications.ring()
        post.wait_for(4)
    assert len(post.letters) == 4


def test_a_worker_whose_broker_freezes_hears_the_next_ring_when_it_thaws(broker, post, monkeypatch):
    server, url = broker
    with worker_on(url, post):
        remind(2)
        notifications.ring()
        post.wait_for(2)
        server.send_signal(signal.SIGSTOP)
        Delivery.objects.update(state="due", sent_at=None)
        notifications.ring()  # nobody hears it
        assert doorbell._away_until > 0
        server.send_signal(signal.SIGCONT)
        monkeypatch.setattr(doorbell, "_away_until", 0.0)
        notifications.ring()  # as beat does within the minute
        post.wait_for(4)
    assert len(post.letters) == 4


@contextlib.contextmanager
def worker_on(url: str, post):
    before = os.environ.get("REDIS_URL")
    os.environ["REDIS_URL"] = url
    try:
        with python(CELERY, "-A", "config.celery", *WORKER.split(), mail_to=post.url) as worker:
            yield worker
    finally:
        del os.environ["REDIS_URL"]
        if before is not None:
            os.environ["REDIS_URL"] = before


# ---- the mail server


def test_a_server_that_takes_its_time_gets_each_mail_once(post, silent_bell):
    remind(5)
    slow = threading.Event()
    post.at_data = lambda letter: slow.wait(0.1)
    assert deliver_due() == 5
    assert len(post.letters) == len(set(post.addresses)) == 5


def test_not_now_for_a_day_is_asked_again_with_growing_pauses_and_not_given_up(
    post, silent_bell, monday
):
    remind(2)
    Delivery.objects.update(due_at=timezone.now(), created_at=timezone.now())
    Delivery.objects.exclude(recipient__email="leder0@example.org").delete()
    post.answers["leder0@example.org"] = ["451 4.2.1 try later"] * 99
    begun, asked = timezone.now(), []
    while timezone.now() < begun + timedelta(days=1):
        deliver_due()
        asked.append(timezone.now() - begun)
        monday.move_to(Delivery.objects.get().due_at)
    pauses = [after - before for before, after in itertools.pairwise(asked)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(minutes=1), timedelta(hours=4))
    assert len(asked) < 15
    assert states() == {"due": 1}
    post.answers.clear()
    assert deliver_due() == 1
