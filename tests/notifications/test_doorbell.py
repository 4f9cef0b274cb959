"""The doorbell, and what goes on without it: with the broker dead or frozen no request fails."""

import contextlib
import signal
import socket
import threading

import pytest
from django.core.cache import cache
from django.urls import reverse

import notifications
from config.cache import ForgivingClient
from config.celery import app as celery_app
from config.run import WORKER
from notifications import doorbell
from notifications.models import Delivery
from tests.factories import make_meeting, make_organisation, make_team, make_user, ordinary_day
from tests.notifications.processes import python, valkey

CELERY = "from celery.__main__ import main; main()"


@pytest.fixture
def real_bell(monkeypatch):
    """Rings go to the broker instead of being done at once."""
    monkeypatch.setitem(celery_app.conf, "task_always_eager", False)
    monkeypatch.setattr(doorbell, "_away_until", 0.0)


@pytest.fixture
def move_broker(monkeypatch):
    def move(url: str) -> None:
        monkeypatch.setattr(celery_app, "_pool", None)
        monkeypatch.setattr(celery_app.amqp, "_producer_pool", None)
        monkeypatch.setitem(celery_app.conf, "broker_url", url)

    return move


@pytest.fixture(params=["dead", "frozen", "frozen while we talk"])
def broken(request, db, real_bell, move_broker, monkeypatch, settings):
    """Broker and cache are one Valkey, which is broken in one of three ways."""
    with valkey() as (server, url):
        monkeypatch.setattr(ForgivingClient, "_away_until", 0.0)
        move_broker(url.replace("unix", "redis+socket"))
        settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": url}}
        if request.param == "frozen while we talk":
            cache.set("hello", 1)
            notifications.ring()
        if request.param == "dead":
            server.kill()
            server.wait()
        else:
            server.send_signal(signal.SIGSTOP)
        yield server


def test_without_a_broker_a_meeting_is_still_cancelled_and_pages_still_work(
    broken, team, leader, client, caplog, django_capture_on_commit_callbacks
):
    meeting = make_meeting(team)
    client.force_login(team.senior_manager)
    with django_capture_on_commit_callbacks(execute=True) as rings:
        said = client.post(
            reverse("meetings:cancellation", args=[meeting.pk]), {"reason": "Snestorm"}, follow=True
        )
    meeting.refresh_from_db()
    assert (said.status_code, meeting.is_cancelled, len(rings)) == (200, True, 1)
    assert Delivery.objects.filter(kind="meetings.changed", state="due").count() == 5
    assert "the broker is away, beat will ring instead" in caplog.text
    assert "cache away, going on without it" in caplog.text
    assert client.get("/").status_code == 200


def test_one_failed_ring_is_enough_for_a_while(broken, caplog):
    for _ in range(20):
        doorbell._ring_now()
    assert caplog.text.count("the broker is away") == 1


def test_a_ring_knocks_once(real_bell, move_broker, caplog):
    """By itself kombu tries for six seconds, and the request waits."""
    knocks = []

    def slam():
        with contextlib.suppress(OSError):
            while True:
                door.accept()[0].close()
                knocks.append(1)

    with socket.create_server(("127.0.0.1", 0)) as door:
        doorkeeper = threading.Thread(target=slam)
        doorkeeper.start()
        move_broker(f"redis://127.0.0.1:{door.getsockname()[1]}/0")
        doorbell._ring_now()
        door.shutdown(socket.SHUT_RDWR)
        doorkeeper.join()
    assert knocks == [1]
    assert "the broker is away" in caplog.text


def test_a_cache_that_is_gone_is_an_empty_one(broken):
    assert cache.get("a", "nothing") == "nothing"
    assert cache.add("a", 1)
    cache.set("a", 1)
    cache.set_many({"a": 1})
    assert cache.get_many(["a"]) == {}
    assert not cache.touch("a")
    assert not cache.delete("a")
    assert "a" not in cache
    assert cache.incr("a") == 1
    cache.delete_many(["a"])
    cache.clear()


def test_when_it_is_back_it_is_used_again(broken, monkeypatch, caplog):
    doorbell._ring_now()
    assert cache.get("a") is None
    if broken.poll() is not None:
        return
    broken.send_signal(signal.SIGCONT)
    caplog.clear()
    monkeypatch.setattr(doorbell, "_away_until", 0.0)
    monkeypatch.setattr(ForgivingClient, "_away_until", 0.0)
    cache.set("a", 1)
    assert cache.get("a") == 1
    doorbell._ring_now()
    assert caplog.text == ""


def test_what_is_not_the_servers_fault_is_not_forgiven():
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nobody-has-this")


@pytest.mark.django_db(transaction=True)
def test_a_ring_reaches_a_real_worker_and_the_mail_arrives(post, real_bell):
    organisation = make_organisation()
    karen = make_user(organisation, email="karen@example.org")
    team = make_team(organisation, [karen])
    with python(CELERY, "-A", "config.celery", *WORKER.split(), mail_to=post.url) as worker:
        make_meeting(team, ordinary_day(organisation))
        post.wait_for(2)
    assert post.addresses == sorted([karen.email, team.senior_manager.email])
    assert worker.returncode == 0
    states = Delivery.objects.values_list("state", flat=True)
    assert list(states) == ["sent", "sent"]
