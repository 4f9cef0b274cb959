"""Whom PostgreSQL runs as. It refuses to run as root, and root may be all we are."""

import ctypes
import os
import pwd
import struct
import sys
from pathlib import Path

PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Owner:
    """Ourselves; but for root it is nobody, or whose the data are already.

    That user keeps one right of root's, to pass by file permissions. So data and binaries stay
    where they are, also below a closed /root, no folder is opened up and no user is made.
    """

    def __init__(self, uid: int | None):
        self.uid = uid
        self.gid = pwd.getpwuid(uid).pw_gid if uid else None

    @classmethod
    def of(cls, folder: Path):
        if os.geteuid() != 0:
            return cls(None)
        uid = folder.stat().st_uid if folder.exists() else 0
        return cls(uid or pwd.getpwnam("nobody").pw_uid)

    def take(self, folder: Path):
        if self.uid:
            os.chown(folder, self.uid, self.gid)

    def become(self):
        """To be called between fork and exec."""
        if not self.uid:
            return
        if _libc:
            # Else the change of user, and initdb's access(2) later, would drop that right.
            _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        if _libc:
            _keep_passing_by_permissions()


def _keep_passing_by_permissions():
    bit = 1 << CAP_DAC_OVERRIDE
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    effective_permitted_inheritable = struct.pack("6I", bit, bit, bit, 0, 0, 0)
    _libc.capset(header, effective_permitted_inheritable)
    _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)
