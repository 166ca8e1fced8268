"""Frames that are received in place, over real sockets and by hand."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from runner.protocol.frame_receiver import FrameReceiver
from runner.protocol.framing import READ_AHEAD, Frame, WireError, encode
from tests.fakes.runner.streams import both_ends
from tests.fakes.waiting import until


def raw(frame: Frame) -> bytes:
    return b"".join(encode(frame))


class Taken:
    """What a receiver hands on."""

    def __init__(self) -> None:
        self.frames: list[tuple[Mapping[str, Any], bytes]] = []
        self.held: list[memoryview] = []  # still needed after the call
        self.reasons: list[str] = []
        self.needed = False
        self.receiver = FrameReceiver(self.take, self.reasons.append)

    def take(self, header: Mapping[str, Any], frame: memoryview) -> bool:
        if "forbidden" in header:
            raise WireError("it is forbidden")
        self.frames.append((header, bytes(frame)))
        self.held.append(frame)
        return self.needed

    def feed(self, data: bytes, step: int) -> None:
        """By hand, at most `step` bytes at a time."""
        while data:
            room = self.receiver.get_buffer(-1)
            count = min(step, len(room), len(data))
            room[:count] = data[:count]
            self.receiver.buffer_updated(count)
            data = data[count:]


async def connected(taken: Taken) -> socket.socket:
    ours, theirs = socket.socketpair()
    await asyncio.get_running_loop().create_unix_connection(lambda: taken.receiver, sock=ours)
    return theirs


FRAMES = [Frame({"n": 1}, [b"abc", b"", b"de"]), Frame({"n": 2}), Frame({"n": 3, "ü": "é"}, [bytes(100)])]


async def test_frames_are_the_same_wherever_they_are_split() -> None:
    whole = b"".join(map(raw, FRAMES))
    for end in range(len(whole) + 1):
        taken = Taken()
        taken.feed(whole[:end], end or 1)
        taken.feed(whole[end:], len(whole))
        assert [frame for _, frame in taken.frames] == list(map(raw, FRAMES))
        assert [dict(header) for header, _ in taken.frames] == [frame.header for frame in FRAMES]


async def test_byte_by_byte() -> None:
    taken = Taken()
    taken.feed(b"".join(map(raw, FRAMES)), 1)
    assert [frame for _, frame in taken.frames] == list(map(raw, FRAMES))


@pytest.mark.parametrize("size", [READ_AHEAD - 30, READ_AHEAD, READ_AHEAD + 1, 5 * READ_AHEAD + 7])
async def test_a_frame_larger_than_the_buffer_and_the_next_one(size: int) -> None:
    frames = [raw(Frame({"n": 1}, [os.urandom(size)])), raw(Frame({"n": 2}, [b"next"]))]
    taken = Taken()
    taken.feed(b"".join(frames), 300_000)
    assert [frame for _, frame in taken.frames] == frames
    assert len(taken.receiver.get_buffer(-1)) == READ_AHEAD  # it has shrunk again


async def test_a_large_header_grows_the_buffer() -> None:
    frame = raw(Frame({"text": "x" * (READ_AHEAD - 40)}, [b"photo"]))
    taken = Taken()
    taken.feed(frame, 200_000)
    assert [f for _, f in taken.frames] == [frame]


async def test_bytes_that_are_needed_later_are_not_overwritten() -> None:
    taken = Taken()
    taken.needed = True
    frames = [raw(Frame({"n": n}, [os.urandom(1000)])) for n in range(9)]
    taken.feed(b"".join(frames), 1500)
    assert list(map(bytes, taken.held)) == frames


async def test_bytes_that_are_not_needed_share_one_buffer() -> None:
    taken = Taken()
    for n in range(3):
        taken.feed(raw(Frame({"n": n})), 100)
    assert len(set(map(bytes, taken.held))) == 1


async def test_over_a_socket_until_it_closes() -> None:
    taken = Taken()
    theirs = await connected(taken)
    frames = [raw(Frame({"n": n}, [os.urandom(n * 300_000)])) for n in range(5)]
    await asyncio.to_thread(theirs.sendall, b"".join(frames))
    await until(lambda: len(taken.frames) == 5)
    assert [frame for _, frame in taken.frames] == frames
    theirs.close()
    await taken.receiver.closed
    assert taken.reasons[0] == "the connection has closed"


async def test_an_end_within_a_frame_is_said() -> None:
    taken = Taken()
    theirs = await connected(taken)
    theirs.sendall(raw(FRAMES[0])[:-1])
    theirs.close()
    await taken.receiver.closed
    assert taken.reasons[0] == "the stream ends within a frame"
    assert not taken.frames


@pytest.mark.parametrize(
    "bad", [b"\xff" * 4, b"\0\0\0\2[]", raw(Frame({"forbidden": 1}))], ids=["length", "header", "refused"]
)
async def test_after_a_bad_frame_nothing_is_taken(bad: bytes) -> None:
    taken = Taken()
    theirs = await connected(taken)
    theirs.sendall(raw(FRAMES[1]) + bad + raw(FRAMES[1]))
    await taken.receiver.closed
    assert len(taken.frames) == 1
    assert taken.reasons[0] != "the connection has closed"
    theirs.close()


async def test_the_source_waits_while_there_is_no_room_to_write() -> None:
    source, target = Taken(), Taken()
    target.receiver = FrameReceiver(target.take, target.reasons.append, source=source.receiver)
    ends = [await connected(source), await connected(target)]
    target.receiver.transport.write(bytes(8_000_000))
    assert not source.receiver.transport.is_reading()
    await asyncio.to_thread(_read, ends[1], 8_000_000)
    await until(source.receiver.transport.is_reading)
    for end in ends:
        end.close()
    await asyncio.wait([source.receiver.closed, target.receiver.closed])


def _read(end: socket.socket, count: int) -> None:
    while count:
        count -= len(end.recv(count))


@pytest.mark.parametrize("how", ["closed", "aborted"])
async def test_a_connection_that_has_ended_cannot_be_adopted(how: str) -> None:
    taken = Taken()
    (reader, writer), (_, theirs) = await both_ends()
    closing: Callable[[], None] = theirs.close if how == "closed" else writer.transport.abort
    closing()
    await until(reader.at_eof)
    taken.receiver.adopt(reader, writer)
    await taken.receiver.closed
    assert taken.reasons[0] == "the connection has closed"
    theirs.close()


async def test_a_connection_is_adopted_from_its_streams() -> None:
    taken = Taken()
    (reader, writer), (_, theirs) = await both_ends()
    taken.receiver.adopt(reader, writer)
    theirs.write(raw(FRAMES[0]))
    await until(lambda: taken.frames)
    theirs.close()
    await taken.receiver.closed
