"""Loaded before the settings: the tests run as the demo does, on servers of their own."""

import atexit
import contextlib
import os
import tempfile

from config.embedded import services

os.environ["DEMO"] = "1"
for name in ("EMAIL_URL", "SITE_URL", "DEBUG"):
    os.environ.pop(name, None)
_folder = tempfile.TemporaryDirectory(prefix="pejling-mail-")
os.environ["MAIL_FOLDER"] = _folder.name + "/mail"

# With several workers each has a database of its own by pytest-django; the queue can be wiped and
# frozen, so each has that to itself as well.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker:
    os.environ.pop("REDIS_URL", None)

_services = contextlib.ExitStack()
_services.enter_context(services(f".local/test{_worker}"))
atexit.register(_services.close)
