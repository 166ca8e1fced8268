"""The filter, read as the kernel reads it: for a processor that is not at hand too."""

from __future__ import annotations

import errno
import socket
from functools import partial

import pytest

from styles.sandbox.seccomp import (
    ALLOW,
    ANSWER,
    ANY_BIT,
    AT_LEAST,
    CLONE_THREAD,
    EQUAL,
    FIRST_ARGUMENT,
    FOR_CUDA,
    KILL,
    LOAD,
    MASK,
    NUMBER,
    PRETEND,
    PROCESSOR,
    PROCESSORS,
    REFUSE,
    REFUSED,
    SECOND_ARGUMENT,
    THIRD_ARGUMENT,
    UNHEARD,
    UNKNOWN,
    Instruction,
    numbers,
    program,
)

PID = 4321
#: Of libc's headers: what a validation needs, on both processors.
NEEDED = {
    "x86_64": {"read": 0, "mmap": 9, "brk": 12, "rename": 82, "unlink": 87, "futex": 202, "openat": 257},
    "aarch64": {
        "read": 63,
        "mmap": 222,
        "brk": 214,
        "renameat": 38,
        "unlinkat": 35,
        "futex": 98,
        "openat": 56,
    },
}


def answer(lines: list[Instruction], audit: int, number: int, *arguments: int) -> int:
    """What a filter says to a call."""
    first, second, third = (argument & 0xFFFFFFFF for argument in (*arguments, 0, 0, 0)[:3])
    words = {PROCESSOR: audit, NUMBER: number}
    words |= {FIRST_ARGUMENT: first, SECOND_ARGUMENT: second, THIRD_ARGUMENT: third}
    at = loaded = 0
    while True:
        operation, if_true, if_false, operand = lines[at]
        at += 1
        match operation:
            case _ if operation == ANSWER:
                return operand
            case _ if operation == LOAD:
                loaded = words[operand]
            case _ if operation == MASK:
                loaded &= operand
            case _:
                tests = {
                    EQUAL: loaded == operand,
                    AT_LEAST: loaded >= operand,
                    ANY_BIT: bool(loaded & operand),
                }
                at += if_true if tests[operation] else if_false


@pytest.mark.parametrize("machine", PROCESSORS)
def test_calls(machine: str) -> None:
    processor = PROCESSORS[machine]
    lines = program(processor, PID)
    assert len(lines) < 4096  # the kernel's limit
    assert all(max(line[1:3]) < 256 for line in lines)  # a jump's

    def said(number: int, *arguments: int) -> int:
        return answer(lines, processor.audit, number, *arguments)

    assert {said(number) for number in NEEDED[machine].values()} == {ALLOW}
    assert {said(number) for number in numbers(REFUSED, processor.column)} == {REFUSE}
    assert said(processor.kill, PID) == said(processor.tgkill, PID) == ALLOW
    assert said(processor.kill, PID + 1) == said(processor.kill, -1) == said(processor.kill, 0) == REFUSE
    assert said(processor.tgkill, 1) == REFUSE
    assert said(processor.clone, 0x3D0F00 | CLONE_THREAD) == ALLOW
    assert said(processor.clone, 0x11) == REFUSE  # SIGCHLD: a process
    assert said(435) == UNKNOWN
    assert said(processor.prlimit, 0) == said(processor.affinity, 0) == ALLOW
    assert said(processor.prlimit, 1) == said(processor.affinity, 1) == REFUSE
    assert said(processor.prctl, 1) == REFUSE
    assert said(processor.prctl, 15) == ALLOW  # the name of a thread
    assert said(452) == PRETEND


@pytest.mark.parametrize("machine", PROCESSORS)
def test_on_a_gpu_what_cuda_needs_and_no_more(machine: str) -> None:
    processor = PROCESSORS[machine]
    lines = program(processor, PID, cuda=True)
    assert all(max(line[1:3]) < 256 for line in lines)

    def said(number: int, *arguments: int) -> int:
        return answer(lines, processor.audit, number, *arguments)

    named = numbers(REFUSED, processor.column), numbers(REFUSED, processor.column, FOR_CUDA)
    assert len(named[0]) - len(named[1]) == len(FOR_CUDA)
    assert {said(number) for number in named[1]} == {REFUSE}
    allowed = set(named[0]) - set(named[1]) - {processor.socket, processor.connect}
    assert {said(number) for number in allowed} == {ALLOW}
    assert said(processor.connect) == UNHEARD
    unix = partial(said, processor.socket, socket.AF_UNIX)
    kinds = {kind for kind in range(1, 11) if unix(kind | socket.SOCK_CLOEXEC) == ALLOW}
    assert kinds == {socket.SOCK_STREAM, socket.SOCK_SEQPACKET}
    assert {said(processor.socket, family, 1) for family in (0, 2, 10, 16)} == {REFUSE}


@pytest.mark.parametrize(("machine", "ioctl"), [("x86_64", 16), ("aarch64", 29)])
def test_nobody_types_into_the_terminal(machine: str, ioctl: int) -> None:
    processor = PROCESSORS[machine]
    said = partial(answer, program(processor, PID), processor.audit, ioctl, 2)
    assert {said(command) for command in (0x5412, 0x541C)} == {REFUSE}
    assert {said(command) for command in (0x5401, 0x5413, 0xC020462A)} == {
        ALLOW
    }  # its settings and size; a GPU


@pytest.mark.parametrize(("machine", "ioctl"), [("x86_64", 16), ("aarch64", 29)])
def test_no_socket_has_the_kernel_signal_another_process(machine: str, ioctl: int) -> None:
    processor = PROCESSORS[machine]
    said = partial(answer, program(processor, PID), processor.audit, ioctl, 3)
    assert {said(command) for command in (0x8901, 0x8902)} == {REFUSE}
    assert {said(command) for command in (0x5421, 0x541B)} == {ALLOW}  # FIONBIO, FIONREAD


#: (truncate, ftruncate, fcntl, openat) of libc's headers.
CHANGING = {"x86_64": (76, 77, 72, 257), "aarch64": (45, 46, 25, 56)}


@pytest.mark.parametrize("machine", PROCESSORS)
def test_what_an_older_landlock_lets_through(machine: str) -> None:
    processor = PROCESSORS[machine]
    lines = program(processor, PID)
    truncate, ftruncate, fcntl, openat = CHANGING[machine]

    def said(number: int, *arguments: int) -> int:
        return answer(lines, processor.audit, number, *arguments)

    assert (said(truncate), said(ftruncate)) == (REFUSE, ALLOW)
    assert {said(fcntl, 3, command) for command in (8, 10, 15, 1024, 1026)} == {REFUSE}
    assert {said(fcntl, 8, command) for command in (0, 1, 2, 3, 4, 9, 1030)} == {ALLOW}
    assert {said(openat, -100, 0, flags | 0o2000000) for flags in (0o1000, 0o1003)} == {REFUSE}
    assert {said(openat, 0o1000, 0, flags) for flags in (0, 0o101, 0o1101, 0o1102)} == {ALLOW}
    assert said(437) == UNKNOWN  # openat2
    if machine == "x86_64":
        assert (said(2, 0, 0o1000), said(2, 0, 0o1101), said(2, 0o1000, 0)) == (REFUSE, ALLOW, ALLOW)


def test_another_processor_s_calls_end_the_process() -> None:
    for machine, other in (("x86_64", "aarch64"), ("aarch64", "x86_64")):
        lines = program(PROCESSORS[machine], PID)
        assert answer(lines, PROCESSORS[other].audit, 0) == KILL
        assert answer(lines, 0x4000_0003, 0) == KILL  # 32-bit x86


def test_the_x32_road_is_closed() -> None:
    x86 = PROCESSORS["x86_64"]
    assert answer(program(x86, PID), x86.audit, 0x4000_0000 + 0) == REFUSE


def test_what_is_refused_looks_like_missing_rights() -> None:
    assert REFUSE & 0xFFFF == errno.EPERM
    assert UNKNOWN & 0xFFFF == errno.ENOSYS
    assert PRETEND & 0xFFFF == 0


def test_a_table_of_calls() -> None:
    assert numbers(("a 1 2  b 3 -1", "c 5 6"), 1) == [1, 3, 5]
    assert numbers(("a 1 2  b 3 -1", "c 5 6"), 2) == [2, 6]
