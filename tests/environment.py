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

_services = contextlib.ExitStack()
_services.enter_context(services(".local/test"))
atexit.register(_services.close)
