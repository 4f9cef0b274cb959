"""python -m config.embedded [--data DIR] COMMAND ARGS...: run a command with the servers up."""

import os
import signal
import subprocess
import sys

from config.child import die_with_parent
from config.embedded import services


def main(argv: list[str]) -> int:
    data = None
    if argv[:1] == ["--data"]:
        data, argv = argv[1], argv[2:]
    if not argv:
        sys.exit(__doc__)
    with services(data):
        return _run(argv)


def _run(command: list[str]) -> int:
    parent, child, early = os.getpid(), None, []

    def hand_on(signum, _frame=None):
        if not child:  # it is just being started, and may be at work already
            return early.append(signum)
        # Ctrl-C at a terminal reaches the command by itself.
        if signum != signal.SIGINT or not sys.stdin.isatty():
            child.send_signal(signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, hand_on)
    child = subprocess.Popen(command, preexec_fn=lambda: die_with_parent(parent=parent))
    for signum in early:
        hand_on(signum)
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
