"""Screens that follow something as it happens, by asking every two seconds.

What is followed is a *board*: a meeting's live room, a theme day. A board has a version that rises
with each change, a small state, and people who may follow it. It is known by a kind and a key.

An app that has boards does four things:

1. It says how a board is read from the database, in its `AppConfig.ready()`:

       live.register("room", load)      # load(key: str) -> Board | None

   `load` may be called outside of any request and transaction; None means there is no such board
   any more.
2. Its verbs raise the version in the same transaction as the change, and publish:

       live.publish("room", room.pk, room.as_board())          # after the commit, robustly

3. Its page hands each device a token and the version it shows, and loads `js/live.js`:

       live.token("room", room.pk, who=user.pk)                # leads=True on the chair's device
       <div id="room" data-live="{% url 'live' token %}" data-version="{{ room.version }}"
            data-refresh="{{ the address that answers this region }}">

   The script asks `/live/<token>/?v=<version>`. 204: nothing new. 200: JSON with `version`, `state`
   and `now` (the server's clock, in seconds); the script then fetches the region anew, through the
   person's session, so that language and access are decided where they always are. 410: this
   person follows no more (removed, token worn out, board gone); the script loads the page anew.
   The header Live-Asleep says that the leading device hasn't been heard of for ASLEEP seconds.
4. If it wants to know whether the leading device is alive: `live.leads(kind, key)` answers who
   gave a sign of life within ASLEEP seconds, else None. A page without script says it with
   `live.seen(kind, key, who)`.

`state` lies in Redis for half a day: figures and keys, never words that are confidential. `people`
are those whose tokens count (as strings), None means everybody who holds one. Who has no account
gets a `who` of the app's own making.

A poll touches neither session nor database: one MGET. Every SURE seconds one poll of a board reads
it from the database again, so that whatever Redis lost or a crash left unpublished comes right by
itself, and whoever was removed in whatever way stops. `doubt(who)` makes the very next poll of that
person do so; call it where somebody leaves. Redis away or wiped: the database
answers, once every couple of seconds a process and board.
"""

import base64
import hmac
import json
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

DAY = 24 * 3600  # seconds a token lasts; a meeting or a theme day is over by then
KEPT = 12 * 3600  # seconds a board stays in Redis after its last change
SURE = 30  # seconds for which what Redis says is taken for what the database says
ASLEEP = 120  # seconds without a sign of life from the leading device
RENEWED = 0.1  # the share of its polls by which the leading device says again that it is alive
WITHOUT = 2  # seconds a process remembers a board while Redis is away
LEFT_ALONE = 5  # seconds a dead or frozen Redis is left alone
PREFIX = "/live/"

# Written by whoever is newest, not by whoever is last: two commits may publish in either order.
NEWER = """
local there = redis.call('GET', KEYS[1])
if there and tonumber(string.match(there, '^%d+')) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""


@dataclass(frozen=True)
class Board:
    version: int
    state: dict = field(default_factory=dict)
    people: frozenset[str] | None = None

    def admits(self, who: str) -> bool:
        return self.people is None or who in self.people

    def packed(self) -> str:
        people = None if self.people is None else sorted(self.people)
        return f"{self.version} {json.dumps([people, self.state], separators=(',', ':'))}"

    @classmethod
    def unpacked(cls, packed: bytes) -> "Board":
        version, _, rest = packed.partition(b" ")
        people, state = json.loads(rest)
        return cls(int(version), state, None if people is None else frozenset(people))


@dataclass(frozen=True)
class Token:
    kind: str
    key: str
    who: str
    leads: bool
    until: int

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.key}"


_loaders: dict[str, Callable[[str], Board | None]] = {}


def register(kind: str, load: Callable[[str], Board | None]) -> None:
    _loaders[kind] = load


def publish(kind: str, key, board: Board) -> None:
    """Show it to everybody who follows, after the commit. Never fails or delays the request."""
    transaction.on_commit(lambda: _write(f"{kind}:{key}", board), robust=True)


def doubt(who) -> None:
    """This person left something: after the commit their polls ask the database who may follow."""
    transaction.on_commit(lambda: _ask("set", f"live:doubt:{who}", "1", ex=SURE), robust=True)


# ---- tokens


def token(kind: str, key, who, leads: bool = False) -> str:
    """What a device follows one board with: signed, for a day, for this person."""
    said = f"{kind}.{key}.{who}.{'l' if leads else 'f'}.{int(time.time()) + DAY:x}"
    return f"{said}.{_sign(said)}"


@lru_cache(maxsize=20_000)
def _read(text: str) -> Token | None:
    """The token, if it is one of ours. That it may have worn out is asked each time."""
    said, _, signature = text.rpartition(".")
    parts = said.split(".")
    if len(parts) != 5 or not hmac.compare_digest(signature, _sign(said)):
        return None
    kind, key, who, role, until = parts
    return Token(kind, key, who, role == "l", int(until, 16))


def _sign(said: str) -> str:
    digest = salted_hmac("config.live", said, algorithm="sha256").digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# ---- the poll


class LiveMiddleware:
    """Answers polls before anything that costs: sessions, sign-in, languages, security headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(PREFIX):
            return poll(request, request.path_info[len(PREFIX) :].rstrip("/"))
        return self.get_response(request)


@login_not_required
@transaction.non_atomic_requests
def poll(request, token: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        return _answer(405, headers={"Allow": "GET, HEAD"})
    known = _read(token) if token.isascii() else None
    if known is None:
        return _answer(404)
    board, led = _board(known) if known.until > time.time() else (None, False)
    if board is None or not board.admits(known.who):
        return _answer(410)
    headers = {} if led else {"Live-Asleep": "1"}
    if request.META.get("QUERY_STRING") == f"v={board.version}":
        return _answer(204, headers=headers)
    body = {"version": board.version, "state": board.state, "now": round(time.time(), 3)}
    return _answer(200, json.dumps(body), headers | {"Content-Type": "application/json"})


def _answer(status: int, body: str = "", headers: dict | None = None) -> HttpResponse:
    always = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, status=status, headers=always | (headers or {}))


def _board(known: Token) -> tuple[Board | None, bool]:
    """The board, and whether its leading device is alive. From Redis; from the database when Redis
    doesn't know, or hasn't been sure for a while.
    """
    keys = [f"live:{known.name}{part}" for part in ("", ":sure", ":leads")]
    found = _ask("mget", [*keys, f"live:doubt:{known.who}"])
    if found is None:
        return _without_redis(known), True
    packed, sure, leader, doubted = found
    if known.leads and (leader != known.who.encode() or random.random() < RENEWED):
        seen(known.kind, known.key, known.who)
    led = known.leads or leader is not None
    # Of those who ask at the same moment one goes to the database.
    if packed is None or doubted or (sure is None and _sure(known)):
        return _read_again(known), led
    return Board.unpacked(packed), led


def _sure(known: Token) -> bool:
    """For the next while, whoever asked first; False for the others."""
    return bool(_ask("set", f"live:{known.name}:sure", "1", nx=True, ex=SURE))


def _read_again(known: Token) -> Board | None:
    _sure(known)
    board = _load(known)
    if board is None:
        _ask("delete", f"live:{known.name}")
    else:
        _write(known.name, board)
    return board


def _load(known: Token) -> Board | None:
    load = _loaders.get(known.kind)
    return load(known.key) if load else None


_remembered: dict[str, tuple[float, Board | None]] = {}


def _without_redis(known: Token) -> Board | None:
    now = time.monotonic()
    at, board = _remembered.get(known.name, (-WITHOUT, None))
    if now - at >= WITHOUT:
        if len(_remembered) > 5_000:
            _remembered.clear()
        board = _load(known)
        _remembered[known.name] = (now, board)
    return board


# ---- signs of life


def seen(kind: str, key, who) -> None:
    """The leading device of this board is alive."""
    _ask("set", f"live:{kind}:{key}:leads", str(who), ex=ASLEEP)


def leads(kind: str, key) -> str | None:
    """Who gave a sign of life from the leading device within ASLEEP seconds."""
    who = _ask("get", f"live:{kind}:{key}:leads")
    return who.decode() if who else None


# ---- Redis, which may be gone

_client: redis.Redis | None = None
_away_until = 0.0


def _ask(command: str, *args, **kwargs):
    """What Redis answers; None also when it is away, and then it is left alone for a while."""
    global _client, _away_until
    if time.monotonic() < _away_until:
        return None
    if _client is None:
        once_more = Retry(NoBackoff(), 1)  # on a new connection, if the server was restarted
        options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": once_more}
        _client = redis.Redis.from_url(settings.REDIS_URL, **options)
    try:
        return getattr(_client, command)(*args, **kwargs)
    except (redis.RedisError, OSError) as error:
        _away_until = time.monotonic() + LEFT_ALONE
        logger.warning("Redis away, following goes on by the database: %s", error)
        return None


def _write(name: str, board: Board) -> None:
    _remembered.pop(name, None)
    _ask("eval", NEWER, 1, f"live:{name}", board.version, board.packed(), KEPT)
