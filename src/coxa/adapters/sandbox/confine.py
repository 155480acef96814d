"""What the process gives up, as far as the system lets it; what it could not give up is said.

Linux has all of it. Elsewhere the limits of POSIX are what there is.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from coxa.adapters.child_processes import call
from coxa.specs.uploads import UploadRules

_MB = 1 << 20
# <linux/prctl.h>, <linux/sched.h>
_NO_NEW_PRIVS = 38
_NEW_USER, _NEW_NET, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
# <linux/landlock.h>; the numbers of the calls are the same on every architecture
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_ABI_ONLY, _PATH_BENEATH = 1, 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_READS = _READ_FILE | _READ_DIR
#: How many of the rights to files each version of Landlock knows.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NOW = 16
_TCP, _ABI_WITH_TCP = 3, 4
_SCOPES, _ABI_WITH_SCOPES = 3, 6
_O_PATH = 0o10000000


def limit(rules: UploadRules) -> None:
    """Memory, time, files; and no picture of its memory is left when it crashes."""
    bounds = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: int(rules.addresses_mb * _MB),
        resource.RLIMIT_CPU: int(rules.time_s * (os.cpu_count() or 1)),
        resource.RLIMIT_FSIZE: int(rules.file_mb * _MB),
        resource.RLIMIT_NOFILE: rules.open_files,
    }
    for which, bound in bounds.items():
        _, most = resource.getrlimit(which)
        least = bound if most == resource.RLIM_INFINITY else min(bound, most)
        with suppress(ValueError, OSError):  # macOS knows some of them by name only
            resource.setrlimit(which, (least, least))
    # A write beyond the limit is refused, not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with suppress(OSError):
        os.nice(rules.nice)


def cut_off() -> list[str]:
    """Leave the network and give up ever getting more rights; before any thread is started.

    Returns:
        What is in force.
    """
    if sys.platform != "linux":
        return []
    done = []
    if call("prctl", _NO_NEW_PRIVS, 1, 0, 0, 0):
        done.append("no new rights")
    user, group = os.getuid(), os.getgid()
    if call("unshare", _NEW_USER | _NEW_NET | _NEW_IPC):
        with suppress(OSError):  # only how its own files look to it
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
        done.append("no network")
    return done


def keep_to(folder: Path, readable: Iterable[Path]) -> list[str]:
    """See no file but those named, write in one folder only, reach no other process and no port.

    Args:
        folder: where it may write.
        readable: what it needs to read.

    Returns:
        What is in force; empty: this system has no Landlock.
    """
    version = _landlock_version()
    if version < 1:
        return []
    rights = (1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_NOW)) - 1
    told = struct.pack("=Q", rights)
    if version >= _ABI_WITH_TCP:
        told += struct.pack("=Q", _TCP)
    if version >= _ABI_WITH_SCOPES:
        told += struct.pack("=Q", _SCOPES)
    libc = ctypes.CDLL(None, use_errno=True)
    ruleset = libc.syscall(_CREATE, told, ctypes.c_size_t(len(told)), 0)
    if ruleset < 0:
        return []
    try:
        allowed = [(folder, rights & ~_EXECUTE), (Path("/dev/null"), _READ_FILE | _WRITE_FILE)]
        allowed += [(one, _READS) for one in readable]
        for path, what in allowed:
            _allow(libc, ruleset, path, what)
        restricted = libc.syscall(_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)
    named = ["own folder only"]
    named += ["no ports"] if version >= _ABI_WITH_TCP else []
    named += ["no other process"] if version >= _ABI_WITH_SCOPES else []
    return named if restricted else []


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, what: int) -> None:
    try:
        handle = os.open(path, _O_PATH | os.O_CLOEXEC)
    except OSError:  # nothing to be allowed
        return
    try:
        if not path.is_dir():
            what &= _EXECUTE | _WRITE_FILE | _READ_FILE
        rule = struct.pack("=Qi", what, handle)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(handle)


def _landlock_version() -> int:
    if sys.platform != "linux":
        return 0
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(_CREATE, None, ctypes.c_size_t(0), _ABI_ONLY))
