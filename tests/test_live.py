"""Following by polling: unchanged without session and database, and Redis may go at any time."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config import live
from meetings.models import Room
from tests.factories import make_meeting

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def room(team, leader):
    meeting = make_meeting(team)
    room = Room.start(meeting, by=leader, at=meeting.starts_at)
    live._write(f"room:{room.pk}", room.as_board())
    return room


@pytest.fixture
def token(room, leader):
    return live.token("room", room.pk, leader.pk)


def poll(client, token, version) -> tuple[int, int]:
    """The status of the answer, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/live/{token}/?v={version}")
    return response.status_code, len(queries)


def test_unchanged_is_answered_without_session_and_database(client, token, room):
    poll(client, token, room.version)  # the first one makes sure
    assert poll(client, token, room.version) == (204, 0)
    assert client.cookies == {}


def test_changed_says_what_it_is_now(
    client, token, room, leader, django_capture_on_commit_callbacks
):
    poll(client, token, room.version)
    with django_capture_on_commit_callbacks(execute=True):
        room.next(by=leader)
    response = client.get(f"/live/{token}/?v=1")
    said = response.json()
    assert (said["version"], said["state"]["step"]) == (2, 1)
    assert response["Cache-Control"] == "no-store"
    assert poll(client, token, 2) == (204, 0)


def test_the_wiped_redis_is_filled_again_by_the_first_who_asks(client, token, room):
    cache.clear()
    status, queries = poll(client, token, room.version)
    assert (status, queries > 0) == (204, True)
    assert poll(client, token, room.version) == (204, 0)


def test_with_redis_dead_the_database_answers_once_in_a_while(client, token, room, monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(live, "_client", None)
    monkeypatch.setattr(live, "_away_until", 0.0)
    assert poll(client, token, room.version)[0] == 204
    assert poll(client, token, room.version) == (204, 0)
    monkeypatch.undo()


def test_who_was_removed_follows_no_more(
    client, token, room, team, leader, django_capture_on_commit_callbacks
):
    poll(client, token, room.version)
    with django_capture_on_commit_callbacks(execute=True):
        team.memberships.get(user=leader).leave()
    assert poll(client, token, room.version)[0] == 410


def test_whatever_way_somebody_was_removed_the_database_is_asked_soon(client, token, room, leader):
    poll(client, token, room.version)
    room.meeting.group.memberships.filter(user=leader).delete()
    live._ask("delete", f"live:room:{room.pk}:sure")  # what half a minute does
    assert poll(client, token, room.version)[0] == 410


def test_a_token_is_for_one_person_one_room_one_day(client, token, room, outsider, monday):
    assert poll(client, live.token("room", room.pk, outsider.pk), 1)[0] == 410
    assert poll(client, live.token("room", room.pk + 1, outsider.pk), 1)[0] == 410
    monday.shift(live.DAY + 1)
    assert poll(client, token, 1)[0] == 410


@pytest.mark.parametrize("wrong", ["x", "room.1.1.f.ffffffff.AAAA", "å", "." * 5, "a" * 9000])
def test_what_is_not_ours_is_not_there(client, db, wrong):
    assert client.get(f"/live/{wrong}/").status_code == 404


def test_a_changed_token_is_not_ours(client, token):
    kind, key, who, _role, until, signature = token.split(".")
    assert poll(client, ".".join([kind, key, who, "l", until, signature]), 1)[0] == 404


def test_nothing_can_be_posted(client, token):
    assert client.post(f"/live/{token}/").status_code == 405


def test_an_older_version_never_replaces_a_newer_one(client, token, room):
    board = room.as_board()
    live._write(f"room:{room.pk}", live.Board(7, board.state, board.people))
    live._write(f"room:{room.pk}", live.Board(6, board.state, board.people))
    live._ask("set", f"live:room:{room.pk}:sure", "0", ex=9)
    assert poll(client, token, 7) == (204, 0)


def test_the_leading_device_shows_that_it_is_alive_by_asking(client, room, leader):
    assert live.leads("room", room.pk) is None
    poll(client, live.token("room", room.pk, leader.pk, leads=True), 1)
    assert live.leads("room", room.pk) == str(leader.pk)


def test_no_words_lie_in_redis(client, room, leader, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        room.next(by=leader)
    packed = live._ask("get", f"live:room:{room.pk}").decode()
    assert "Siden sidst" not in packed
    assert leader.name not in packed
