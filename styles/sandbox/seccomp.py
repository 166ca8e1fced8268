"""Restrict this process's system calls by seccomp, called by ctypes (seccomp(2)).

A refused call returns EPERM, as if it needed root. So libraries that merely try continue, such as OpenVINO's
telemetry, which opens a socket. The filter refuses what reaches another process, the network or the machine,
and what leaves something behind. It does so even where Landlock is too old (Debian 12 has version 2).
Landlock alone decides which files may be opened. Reading, writing, memory and threads stay allowed.

A list of allowed calls would be stronger. But it differs with every version of libc and OpenVINO, and its
mistakes would refuse good styles.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct
from collections.abc import Collection, Sequence
from typing import NamedTuple

from styles.service.child_processes import PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG

PR_SET_SECCOMP = 22
MODE_FILTER = 2
CLONE_THREAD = 0x10000
#: Bit of the calls of the x32 interface on x86_64, another way to the same calls.
X32_BIT = 0x4000_0000

#: Answers of a filter: continue, return an errno, end the process by SIGSYS.
ALLOW, ERRNO, KILL = 0x7FFF_0000, 0x0005_0000, 0x8000_0000
REFUSE = ERRNO | errno.EPERM
#: The call does nothing and returns success.
PRETEND = ERRNO
#: As on a kernel before 5.3: libc then makes threads by `clone`, and opens files by `openat`.
UNKNOWN = ERRNO | errno.ENOSYS
#: As for an address without a listener.
UNHEARD = ERRNO | errno.ECONNREFUSED

#: BPF operations: load a word of the call's description; jump if equal, at least, or any bit is set; answer.
LOAD, EQUAL, AT_LEAST, ANY_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
#: BPF operation: keep some bits.
MASK = 0x54
#: Offsets in that description (struct seccomp_data) of the number, the processor and the arguments. Of an
#: argument it is the lower half, since both processors are little endian.
NUMBER, PROCESSOR, FIRST_ARGUMENT, SECOND_ARGUMENT, THIRD_ARGUMENT = 0, 4, 16, 24, 32
#: Commands of fcntl by which a readable file has the kernel signal another process, also by SIGKILL:
#: F_SETOWN, F_SETSIG, F_SETOWN_EX. Landlock covers this from version 6.
SIGNAL_BY_FILE = (8, 10, 15)
#: Commands of fcntl to a readable file or folder (F_SETLEASE, F_NOTIFY) that delay another process which
#: opens it to write, and watch changes to it.
WATCHING = (1024, 1026)
#: Commands of ioctl to a socket (FIOSETOWN, SIOCSPGRP) that do the same, by SIGIO.
OWNING = (0x8901, 0x8902)
#: Commands to a terminal (TIOCSTI, TIOCLINUX) that put words into its input, for the shell to obey. A runner
#: inherits the terminal for its log.
TYPING = (0x5412, 0x541C)
#: Flags of open: the kind of access (O_ACCMODE) and O_TRUNC, and those values that truncate without the right
#: to write. Landlock covers these from version 3. The same on both processors.
OPENING, TRUNCATING = 0o1003, (0o1000, 0o1003)

#: Refused calls: name, number on x86_64, number on aarch64; -1 where there is none.
REFUSED = (
    # the network, and other processes by it
    "socket 41 198  socketpair 53 199  connect 42 203  bind 49 200  listen 50 201  accept 43 202",
    "accept4 288 242",
    # other programs and processes
    "execve 59 221  execveat 322 281  fork 57 -1  vfork 58 -1  ptrace 101 117  process_vm_readv 310 270",
    "process_vm_writev 311 271  process_madvise 440 440  process_mrelease 448 448  kcmp 312 272",
    "pidfd_open 434 434  pidfd_getfd 438 438  pidfd_send_signal 424 424  tkill 200 130",
    "rt_sigqueueinfo 129 138  rt_tgsigqueueinfo 297 240  migrate_pages 256 238  move_pages 279 239",
    # leaving the process group, by which the parent ends it, and a higher priority
    "setpgid 109 154  setsid 112 157  setpriority 141 140  ioprio_set 251 30  sched_setscheduler 144 119",
    "sched_setparam 142 118  sched_setattr 314 274",
    # large parts of the kernel that no style needs and that have had vulnerabilities
    "io_uring_setup 425 425  io_uring_enter 426 426  io_uring_register 427 427  bpf 321 280",
    "userfaultfd 323 282  perf_event_open 298 241  add_key 248 217  request_key 249 218  keyctl 250 219",
    "fanotify_init 300 262  name_to_handle_at 303 264  open_by_handle_at 304 265  lookup_dcookie 212 18",
    "modify_ldt 154 -1",
    # other views of the file systems
    "mount 165 40  umount2 166 39  pivot_root 155 41  chroot 161 51  mount_setattr 442 442",
    "open_tree 428 428  move_mount 429 429  fsopen 430 430  fsconfig 431 431  fsmount 432 432",
    "fspick 433 433  quotactl 179 60  quotactl_fd 443 443  swapon 167 224  swapoff 168 225",
    "unshare 272 97  setns 308 268",
    # settings of the machine
    "reboot 169 142  kexec_load 246 104  kexec_file_load 320 294  init_module 175 105  acct 163 89",
    "finit_module 313 273  delete_module 176 106  settimeofday 164 170  clock_settime 227 112",
    "clock_adjtime 305 266  adjtimex 159 171  sethostname 170 161  setdomainname 171 162",
    "syslog 103 116  iopl 172 -1  ioperm 173 -1  vhangup 153 58",
    # memory that no limit counts, or that outlives the process; for other users' the numbers are enough
    "memfd_create 319 279  memfd_secret 447 447  shmget 29 194  shmat 30 196  shmctl 31 195",
    "semget 64 190  semop 65 193  semtimedop 220 192  semctl 66 191  msgget 68 186  msgsnd 69 189",
    "msgrcv 70 188  msgctl 71 187  mq_open 240 180  mq_unlink 241 181",
    # news of what others do to files, for which the right to look at a folder is enough
    "inotify_init 253 -1  inotify_init1 294 26  inotify_add_watch 254 27",
    # changes to files that Landlock does not cover; `truncate` from version 3. `ftruncate` stays allowed: it
    # needs a file that is open for writing, which Landlock has allowed
    "truncate 76 45  chown 92 -1  fchown 93 55  lchown 94 -1  fchownat 260 54  setxattr 188 5",
    "lsetxattr 189 6",
    "fsetxattr 190 7  setxattrat 463 463  removexattr 197 14  lremovexattr 198 15  fremovexattr 199 16",
    "removexattrat 466 466  file_setattr 469 469  utime 132 -1  utimes 235 -1  futimesat 261 -1",
    "utimensat 280 88",
)
#: Landlock does not cover `chmod`, so a taken-over process could open the registry's files to others. A style
#: file is made readable for all when written, which is not needed: the store copies it anyway.
PRETENDED = ("chmod 90 -1  fchmod 91 52  fchmodat 268 53  fchmodat2 452 452",)
#: Calls replaced by older ones: their flags lie in memory, where no filter sees them.
HIDING = ("clone3 435 435  openat2 437 437",)
#: Refused calls of which CUDA needs a part to start. It listens on an abstract unix socket, by which other
#: processes could share its memory. `accept` stays refused, so it serves no process; `connect` finds no
#: listener. A bound socket could be a file, but Landlock lets none be made.
FOR_CUDA = frozenset({"memfd_create", "bind", "listen", "socket", "connect"})


class Processor(NamedTuple):
    """Hold the differences between the two known processors."""

    audit: int  #: the processor's number in a call's description
    column: int  #: of the tables above
    kill: int  #: from here on the numbers of system calls
    tgkill: int
    clone: int
    prctl: int
    fcntl: int
    openat: int
    open: int  #: -1 where there is no such call
    prlimit: int
    affinity: int
    ioctl: int
    socket: int
    connect: int


PROCESSORS = {
    "x86_64": Processor(0xC000_003E, 1, 62, 234, 56, 157, 72, 257, 2, 302, 203, 16, 41, 42),
    "aarch64": Processor(0xC000_00B7, 2, 129, 131, 220, 167, 25, 56, -1, 261, 122, 29, 198, 203),
}

Instruction = tuple[int, int, int, int]


def program(machine: Processor, pid: int, *, cuda: bool = False) -> list[Instruction]:
    """Build the filter for the process `pid`, as (operation, steps if true, steps if false, operand).

    `cuda`: allow what CUDA needs.
    """
    lines: list[Instruction] = [
        (LOAD, 0, 0, PROCESSOR),
        (EQUAL, 1, 0, machine.audit),
        (ANSWER, 0, 0, KILL),  # 32-bit calls have other numbers, for which nothing below holds
        (LOAD, 0, 0, NUMBER),
    ]
    if machine.audit == PROCESSORS["x86_64"].audit:
        lines += [(AT_LEAST, 0, 1, X32_BIT), (ANSWER, 0, 0, REFUSE)]
    for calls, answer in ((REFUSED, REFUSE), (PRETENDED, PRETEND), (HIDING, UNKNOWN)):
        for number in numbers(calls, machine.column, FOR_CUDA if cuda else frozenset()):
            lines += [(EQUAL, 0, 1, number), (ANSWER, 0, 0, answer)]
    if cuda:
        lines += _unix_only(machine.socket)
        # NVIDIA's libraries ask a daemon that need not run. They give up if they may not ask.
        lines += [(EQUAL, 0, 1, machine.connect), (ANSWER, 0, 0, UNHEARD)]
    for number in (machine.kill, machine.tgkill):  # `abort` signals its own process
        lines += _if_first_argument(number, EQUAL, pid)
    lines += _if_first_argument(machine.clone, ANY_BIT, CLONE_THREAD)  # threads, but no processes
    for number in (machine.prlimit, machine.affinity):  # 0 is the caller
        lines += _if_first_argument(number, EQUAL, 0)
    lines += _unless(machine.prctl, FIRST_ARGUMENT, [PR_SET_PDEATHSIG])  # or it could outlive its parent
    lines += _unless(machine.fcntl, SECOND_ARGUMENT, (*SIGNAL_BY_FILE, *WATCHING))
    lines += _unless(machine.ioctl, SECOND_ARGUMENT, (*OWNING, *TYPING))
    lines += _unless(machine.openat, THIRD_ARGUMENT, TRUNCATING, of=OPENING)
    if machine.open >= 0:
        lines += _unless(machine.open, SECOND_ARGUMENT, TRUNCATING, of=OPENING)
    return [*lines, (ANSWER, 0, 0, ALLOW)]


def numbers(calls: Sequence[str], column: int, without: Collection[str] = ()) -> list[int]:
    """Return the numbers of a table of calls on one processor, except the calls named in `without`."""
    words = " ".join(calls).split()
    named = zip(words[::3], map(int, words[column::3]), strict=True)
    return [number for name, number in named if number >= 0 and name not in without]


def _if_first_argument(number: int, test: int, operand: int) -> list[Instruction]:
    return [
        (EQUAL, 0, 4, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (test, 1, 0, operand),
        (ANSWER, 0, 0, REFUSE),
        (ANSWER, 0, 0, ALLOW),
    ]


def _unix_only(number: int) -> list[Instruction]:
    """Allow unix sockets that must be connected before they send; others would send to any unix socket."""
    return [
        (EQUAL, 0, 8, number),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 0, 5, socket.AF_UNIX),
        (LOAD, 0, 0, SECOND_ARGUMENT),
        (MASK, 0, 0, 0xF),  # the rest are flags
        (EQUAL, 1, 0, socket.SOCK_SEQPACKET),
        (EQUAL, 0, 1, socket.SOCK_STREAM),
        (ANSWER, 0, 0, ALLOW),
        (ANSWER, 0, 0, REFUSE),
    ]


def _unless(number: int, argument: int, refused: Sequence[int], of: int = 0xFFFF_FFFF) -> list[Instruction]:
    """Refuse a call where the bits `of` its argument equal one of the `refused`."""
    lines: list[Instruction] = [(LOAD, 0, 0, argument), (MASK, 0, 0, of)]
    for operand in refused:
        lines += [(EQUAL, 0, 1, operand), (ANSWER, 0, 0, REFUSE)]
    lines.append((ANSWER, 0, 0, ALLOW))
    return [(EQUAL, 0, len(lines), number), *lines]


def is_available() -> bool:
    """Return whether `install` can do its work here."""
    libc = ctypes.CDLL(None, use_errno=True)
    ctypes.set_errno(0)
    libc.prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0)  # a kernel with seccomp misses the filter
    return platform.machine() in PROCESSORS and ctypes.get_errno() == errno.EFAULT


class _FilterProgram(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("lines", ctypes.c_void_p))


def install(*, cuda: bool = False) -> tuple[str, ...]:
    """Install the filter for this thread and all that it starts, and return the protections that hold.

    None hold on other processors, or where the kernel lacks seccomp.
    """
    machine = PROCESSORS.get(platform.machine())
    if machine is None:
        return ()
    lines = program(machine, os.getpid(), cuda=cuda)
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    filter = _FilterProgram(len(lines), ctypes.addressof(packed))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)  # without it only root may install a filter
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.byref(filter), 0, 0):
        return ()
    return ("seccomp",)
