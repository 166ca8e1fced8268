"""Landlock: a process takes away from itself what files it may open, by ctypes (landlock(7), Linux 5.13).

    restrict      from here on only these files, no TCP, no signal to others, as far as the kernel can
    version       what the kernel can: the number of its interface, 0 for nothing

It holds for the calling thread and for what that starts, and it cannot be undone: call it before there are
other threads. It says nothing of `stat`, `chmod` and the like, before version 3 nothing of
truncating, and before version 6 nothing of signals; of those, `registry/sandbox/seccomp.py` refuses what
changes something or reaches another process.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

#: System calls; these three have the same numbers on all processors.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
CREATE_RULESET_VERSION = 1
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS = 38

WRITE_FILE, READ_FILE, READ_DIR, REMOVE_FILE, MAKE_REG, TRUNCATE = (1 << bit for bit in (1, 2, 3, 5, 8, 14))
#: Bits of the rights over files that a version of the interface knows: execute to make_sym with the first,
#: then refer (between folders), truncate, and commands to devices.
FILE_BITS = {1: 13, 2: 14, 3: 15, 5: 16}
#: A rule on a file may name no rights over folders.
OF_A_FILE = WRITE_FILE | READ_FILE | TRUNCATE
READ = READ_FILE | READ_DIR
#: Ordinary files only: neither links, which lead elsewhere, nor sockets or devices.
WRITE = READ | WRITE_FILE | REMOVE_FILE | MAKE_REG | TRUNCATE
#: From version 4: binding and connecting TCP sockets, which no rule here allows again.
NET, NET_VERSION = 0b11, 4
#: From version 6: no abstract unix socket and no signal across the border.
SCOPE, SCOPE_VERSION = 0b11, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scope", ctypes.c_uint64))


class _Rule(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"  # what `_pack_` means; later Pythons want it said
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """The version of the kernel's interface; 0 where it has none or has it turned off."""
    found: int = _libc().syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION)
    return max(0, found)


def restrict(readable: Sequence[Path], writable: Sequence[Path]) -> tuple[str, ...]:
    """Allows to read below `readable`, and to make and write plain files below `writable`; nothing else.

    Paths that do not exist are left out. Gives what holds from now on, nothing where the kernel has no
    landlock. Raises OSError.
    """
    has = version()
    if not has:
        return ()
    files = (1 << max(bits for since, bits in FILE_BITS.items() if since <= has)) - 1
    net = NET if has >= NET_VERSION else 0
    scope = SCOPE if has >= SCOPE_VERSION else 0
    attributes = _Ruleset(files, net, scope)
    size = (
        8 if has < NET_VERSION else 16 if has < SCOPE_VERSION else 24
    )  # an older kernel knows a shorter one
    ruleset = _call(CREATE_RULESET, ctypes.byref(attributes), ctypes.c_size_t(size), 0)
    try:
        for paths, rights in ((readable, READ), (writable, WRITE)):
            for path in paths:
                with suppress(FileNotFoundError):
                    _allow(ruleset, path, rights & files)
        _no_new_privileges()
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return ("landlock: files", *["landlock: tcp"] * bool(net), *["landlock: signals"] * bool(scope))


def _allow(ruleset: int, path: Path, rights: int) -> None:
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            rights &= OF_A_FILE
        rule = _Rule(rights, parent)
        _call(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(parent)


def _no_new_privileges() -> None:
    """No setuid program gives them back; the kernel wants this said first."""
    if _libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _call(number: int, *arguments: object) -> int:
    result: int = _libc().syscall(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
