"""A cache that may be gone: an error is a miss, and a dead or frozen server is left alone a while.

Django's own Redis cache raises, and `cached_db` sessions raise with it.
"""

import logging
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

LEFT_ALONE = 5  # seconds, so that a frozen server costs one socket timeout and not one a call


class ForgivingClient(RedisCacheClient):
    _away_until = 0.0

    def _try(self, name, missing, *args, **kwargs):
        if time.monotonic() < self._away_until:
            return missing
        try:
            return getattr(super(), name)(*args, **kwargs)
        except (RedisError, OSError) as error:
            type(self)._away_until = time.monotonic() + LEFT_ALONE
            logger.warning("cache away, going on without it: %s", error)
            return missing

    def add(self, key, value, timeout):
        # "Added" is the answer that lets callers go on.
        return self._try("add", True, key, value, timeout)

    def get(self, key, default):
        return self._try("get", default, key, default)

    def set(self, key, value, timeout):
        return self._try("set", None, key, value, timeout)

    def touch(self, key, timeout):
        return self._try("touch", False, key, timeout)

    def delete(self, key):
        return self._try("delete", False, key)

    def get_many(self, keys):
        return self._try("get_many", {}, keys)

    def has_key(self, key):
        return self._try("has_key", False, key)

    def incr(self, key, delta):
        return self._try("incr", 1, key, delta)

    def set_many(self, data, timeout):
        return self._try("set_many", None, data, timeout)

    def delete_many(self, keys):
        return self._try("delete_many", None, keys)

    def clear(self):
        return self._try("clear", False)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = ForgivingClient
