"""Receive frames in place, for a process that only sends them on.

A frame of up to `READ_AHEAD` lies in one buffer from its first byte to its last, and goes on from there
uncopied. Streams would copy each byte twice and allocate 256 kB for each reading. By them a photo of 200 KB
took 0.7 ms of a launcher's processor time, and by this half of that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

from runner.protocol.framing import READ_AHEAD, WireError, frame_start

#: Takes the header of a frame, and all its bytes. It returns whether the bytes are needed after the call.
#: Raises `WireError` for a frame that must not come.
Take = Callable[[Mapping[str, Any], memoryview], bool]


class FrameReceiver(asyncio.BufferedProtocol):
    """Receive the frames of one connection until it ends."""

    transport: asyncio.Transport

    def __init__(self, take: Take, end: Callable[[str], None], source: FrameReceiver | None = None) -> None:
        """`end` is called with the reason when no frame comes any more, at least once.

        `source` is read from only while this connection has room for what is written to it.
        """
        #: Is set when the connection has closed.
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Is set while the connection takes what is written to it.
        self.room = asyncio.Event()
        self.room.set()
        self._take = take
        self._end = end
        self._source = source
        self._buffer = memoryview(bytearray(READ_AHEAD))
        self._filled = 0
        self._start: tuple[Mapping[str, Any], int] | None = None  # of the frame that has begun

    def adopt(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a connection over from its streams, which must have read nothing ahead."""
        self.transport = cast(asyncio.Transport, writer.transport)
        self.transport.set_protocol(self)
        if reader.at_eof() or reader.exception() or self.transport.is_closing():
            self.transport.abort()
            self.connection_lost(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the transport."""
        self.transport = cast(asyncio.Transport, transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the room behind the bytes that have come."""
        return self._buffer[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Hand each frame on that is whole."""
        self._filled += nbytes
        try:
            self._take_frames()
        except WireError as error:
            self._end(str(error))
            self.transport.abort()

    def _take_frames(self) -> None:
        begin, needed = 0, False
        while True:
            data = self._buffer[begin : self._filled]
            self._start = self._start or frame_start(data)
            if self._start is None or len(data) < self._start[1]:
                break
            header, size = self._start
            needed |= self._take(header, data[:size])
            begin += size
            self._start = None
        self._keep(begin, needed)

    def _keep(self, begin: int, needed: bool) -> None:
        """Move the bytes of an unfinished frame to the beginning, and have room behind them.

        A buffer whose bytes are `needed` is left to the transport that writes them.
        """
        rest, size = self._buffer[begin : self._filled], READ_AHEAD
        while size <= len(rest):  # grows as the bytes come, not by what a header says
            size *= 2
        if needed or size != len(self._buffer):
            self._buffer = memoryview(bytearray(size))
        elif not begin:
            return
        self._buffer[: len(rest)] = rest
        self._filled = len(rest)

    def eof_received(self) -> bool:
        """Close the connection, since its other end has."""
        self._end("the stream ends within a frame" if self._filled else "the connection has closed")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Note the end of the connection."""
        self._end(f"the connection broke: {exc}" if exc else "the connection has closed")
        self.room.set()
        if not self.closed.done():
            self.closed.set_result(None)

    def pause_writing(self) -> None:
        """Let the source wait."""
        self.room.clear()
        if self._source:
            self._source.transport.pause_reading()

    def resume_writing(self) -> None:
        """Read from the source again."""
        self.room.set()
        if self._source:
            self._source.transport.resume_reading()
