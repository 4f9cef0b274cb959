"""The counters of a round of taps while it is open: in Valkey only, and of nobody in particular.

In the database each tap would leave a version of a row beside the name that tapped. Here a number
rises, and nothing says whose. Who has tapped stands in the database (`TapRound.tapped`), what was
tapped stands here, and no command, row or line holds both. Valkey keeps it in memory: it is to
write nothing to disk (docs/architecture.md).

It may be wiped or restarted at any time. Then the counters are gone, or don't add up to how many
have tapped, and the round is simply tapped again.
"""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

STEPS = 5
KEPT = 48 * 3600  # seconds: a round is closed by midnight

# Counts only where a round was begun, so that nothing is counted on top of what was wiped.
COUNT = """
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
local sum = 0
for _, number in ipairs(redis.call('HVALS', KEYS[1])) do sum = sum + tonumber(number) end
return sum
"""


class Away(Exception):
    """Valkey can't be reached just now."""


def begin(round: int) -> None:
    """All five from nothing."""
    with _client().pipeline(transaction=True) as together:
        together.delete(_key(round))
        together.hset(_key(round), mapping={str(step): 0 for step in range(1, STEPS + 1)})
        together.expire(_key(round), KEPT)
        _ask(together.execute)


def count(round: int, step: int) -> int | None:
    """One more at that step. Answers how many there are together, None if there are no counters."""
    together = _ask(_client().eval, COUNT, 1, _key(round), step)
    return None if together < 0 else together


def totals(round: int) -> list[int] | None:
    """How many at each step; None if there are no counters."""
    found = _ask(_client().hgetall, _key(round))
    steps = range(1, STEPS + 1)
    return [int(found.get(str(step).encode(), 0)) for step in steps] if found else None


def forget(round: int) -> None:
    _ask(_client().delete, _key(round))


def _key(round: int) -> str:
    return f"taps:{round}"


_clients: dict[str, redis.Redis] = {}


def _client() -> redis.Redis:
    if settings.REDIS_URL not in _clients:
        never = Retry(NoBackoff(), 0)  # what is sent again may be counted twice
        options = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "retry": never}
        _clients[settings.REDIS_URL] = redis.Redis.from_url(settings.REDIS_URL, **options)
    return _clients[settings.REDIS_URL]


def _ask(command, *args):
    try:
        return command(*args)
    except (redis.RedisError, OSError) as error:
        raise Away from error
