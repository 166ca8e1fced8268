"""A runner process that speaks the wire by itself, and lies; for `LocalFleet(module=…)`.

The first word of the file `mode` beside its cache's folder says as what it starts:

    dead         ends at once
    mute         never answers while it is warmed
    confused     answers that with nonsense
    heavy        says that it weighs 2 GB and has painted a thousand batches
    fine         or no file: paints by inverting bytes

A batch is answered by what its first photo begins with:

    FEW          with an outcome too few
    REPORT       without a report
    ID           for a request whose number is a list
    NOISE        with bytes that are no frame
    HUGE         with a part of more bytes than there may be
    TORN         with half an answer, and then it closes the connection
    PULL         with a request for a file that does not exist
    PULLS        with requests for more files than it may
    HANG         never; those behind it neither
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

from runner.fleet.style_file_pulls import MOST_PULLS
from runner.protocol.framing import MAX_PART, Frame, encode, read_frame

HEAVY = {"resident": [], "memory": 2_000_000_000, "batches": 1000}
LIGHT = {"resident": [], "memory": 1_000_000, "batches": 1}


class Liar:
    """One process."""

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._report = HEAVY if mode == "heavy" else LIGHT

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (frame := await read_frame(reader)) is not None:
            answer = self._warmed(frame) if frame.header["op"] == "warm" else self._painted(frame)
            writer.write(answer)
            await writer.drain()
            if frame.parts and frame.parts[0].startswith(b"TORN"):
                break
            if frame.parts and frame.parts[0].startswith(b"HANG"):
                await asyncio.Event().wait()
        os._exit(0)

    def _warmed(self, frame: Frame) -> bytes:
        if self._mode == "mute":
            return b""
        report = None if self._mode == "confused" else self._report
        return _bytes({"report": report, "id": frame.header["id"]})

    def _painted(self, frame: Frame) -> bytes:
        lines = [{"seconds": 0.0}] * len(frame.parts)
        header: dict[str, Any] = {"outcomes": lines, "report": self._report, "id": frame.header["id"]}
        parts = [part for photo in frame.parts for part in (bytes(255 - byte for byte in photo), b"")]
        match frame.parts[0].split(b":")[0]:
            case b"FEW":
                return _bytes({**header, "outcomes": lines[1:]}, parts[2:])
            case b"REPORT":
                return _bytes({**header, "report": 7}, parts)
            case b"ID":
                return _bytes({**header, "id": [0]}, parts)
            case b"NOISE":
                return b"no frame at all, as anybody can see"
            case b"HUGE":
                return _bytes(header, parts).replace(b'"parts":[', b'"parts":[%d,' % (MAX_PART + 1))
            case b"TORN":
                return _bytes(header, parts)[:-1]
            case b"PULL":
                return _bytes({"pull": 7})
            case b"PULLS":
                return b"".join(_bytes({"pull": f"sha256:{n:064x}"}) for n in range(MOST_PULLS + 1))
            case b"HANG":
                return b""
        return _bytes(header, parts)


def _bytes(header: dict[str, Any], parts: list[bytes] | None = None) -> bytes:
    return b"".join(encode(Frame(header, parts or [])))


async def _serve() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--socket", type=int)
    parser.add_argument("--cache", type=Path)
    told, _ = parser.parse_known_args()
    file = told.cache.parent / "mode"
    mode = file.read_text() if file.exists() else "fine"
    if mode == "dead":
        sys.exit("told so")
    connection = socket.socket(fileno=told.socket)
    await Liar(mode).converse(*await asyncio.open_unix_connection(sock=connection))


if __name__ == "__main__":
    asyncio.run(_serve())
