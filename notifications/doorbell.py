"""The doorbell: tells a worker that something may be due.

It may ring never, once or twice without harm, since beat rings each minute anyway. So it never
fails or delays a request: no retry, a socket timeout of half a second, and after one failure
it's left alone for a while.
"""

import logging
import time
from functools import partial

from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EXPIRES = 55  # seconds: shorter than beat's minute, so that rings don't pile up
LEFT_ALONE = 5  # seconds

_away_until = 0.0


def ring(task=None) -> None:
    """Ring after the commit of the running transaction, or at once where there is none.

    Without a task it's the postman's bell. A task takes no arguments: it looks for what is to do.
    """
    transaction.on_commit(partial(_ring_now, task), robust=True)


def _ring_now(task=None):
    from notifications.tasks import deliver

    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        (task or deliver).apply_async(expires=EXPIRES, retry=False)
    except (OperationalError, OSError) as error:
        _away_until = time.monotonic() + LEFT_ALONE
        logger.warning("the broker is away, beat will ring instead: %s", error)
