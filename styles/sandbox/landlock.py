"""Restrict this process's file access by Landlock, called by ctypes (landlock(7), Linux 5.13).

A restriction holds for the calling thread and all that it starts, and cannot be undone. So it must come
before other threads. Landlock does not cover `stat`, `chmod` and similar calls. Before version 3 it does not
cover truncation, and before version 6 signals. Of those, `styles/sandbox/seccomp.py` refuses all that
changes something or reaches another process.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from styles.service.child_processes import PR_SET_NO_NEW_PRIVS

#: System calls. These three have the same numbers on all processors.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1

WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_REG = (1 << bit for bit in (1, 2, 3, 5, 8))
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
#: Number of file rights that each version knows. Version 1 has execute to make_sym. Refer (between folders),
#: truncate, and commands to devices follow.
FILE_BITS = {1: 13, 2: 14, 3: 15, 5: 16}
#: Rights that a rule on a file may name; the others are for folders.
OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
READ = READ_FILE | READ_DIR
#: Rights over ordinary files only: no links, which lead elsewhere, no sockets and no devices.
WRITE = READ | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE
#: Rights over files that exist: devices, to which commands may be sent, and files of /proc.
OPERATE = READ | WRITE_FILE | TRUNCATE | IOCTL_DEV
PROC = Path("/proc")
#: From version 4: binding and connecting TCP sockets, which no rule here allows again.
NET, NET_VERSION = 0b11, 4
#: From version 6: no abstract unix socket and no signal across the border.
SCOPE, SCOPE_VERSION = 0b11, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # what `_pack_` implies; later Pythons require it
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi_version() -> int:
    """Return the version of the kernel's interface; 0 where it is missing or turned off."""
    found: int = _libc().syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    return max(0, found)


def restrict(
    readable: Sequence[Path], writable: Sequence[Path] = (), operable: Sequence[Path] = ()
) -> tuple[str, ...]:
    """Allow reading below `readable` and ordinary files below `writable`, and refuse all else.

    Below `operable` existing files and devices may be written, but none made. Missing or closed paths are
    skipped. Returns the protections that hold from now on, none without Landlock. Raises OSError.
    """
    has = abi_version()
    if not has:
        return ()
    files = (1 << max(bits for since, bits in FILE_BITS.items() if since <= has)) - 1
    net = NET if has >= NET_VERSION else 0
    scope = SCOPE if has >= SCOPE_VERSION else 0
    attributes = _Ruleset(files, net, scope)
    size = 8 if has < NET_VERSION else 16 if has < SCOPE_VERSION else 24  # older kernels know fewer fields
    ruleset = _call(CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0)
    try:
        for paths, rights in ((readable, READ), (writable, WRITE), (operable, OPERATE)):
            for path in paths:
                _allow(ruleset, path, rights & files)
        # The kernel requires this first: no setuid program may give the rights back.
        _checked(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return ("landlock: files", *["landlock: tcp"] * bool(net), *["landlock: signals"] * bool(scope))


def _allow(ruleset: int, path: Path, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):  # this process can read nothing there
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= OF_A_FILE
        rule = _Rule(rights, parent)
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        # A rule holds for an inode. /proc may drop one that no open file uses, and make another one later.
        if not path.is_relative_to(PROC):
            os.close(parent)


def _call(number: int, *arguments: object) -> int:
    return _checked(_libc().syscall(number, *arguments))


def _checked(result: int) -> int:
    """Return the result of a call. Raises OSError if it is an error."""
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
