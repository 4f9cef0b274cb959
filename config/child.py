"""A child process that writes to its own log and goes when its parent goes."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(signum: int = signal.SIGTERM, parent: int | None = None) -> None:
    """Have the kernel signal this process when its parent ends, even by kill -9 (Linux only)."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signum)
    if parent and os.getppid() != parent:
        os._exit(1)


class Child:
    """Only for processes without threads: what runs between fork and exec is Python."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        *,
        stop_with: int = signal.SIGTERM,
        prepare: Callable[[], None] | None = None,
        **kwargs,
    ):
        self.name, self.log, self.stop_with = name, log, stop_with
        parent = os.getpid()

        def bind():
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            if prepare:
                prepare()
            # After a change of user, which would clear it.
            die_with_parent(stop_with, parent)

        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bind,
                **kwargs,
            )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def stop(self, patience: float = 3) -> None:
        """Ask, wait, insist; and leave nothing of its process group."""
        if self.running:
            self.process.send_signal(self.stop_with)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        self.kill()
        self.process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 15) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""
