"""A worker process that does what the upload tells it to.

It is `registry.validation.worker_process` in all but the examination.

`ValidationPool(..., module="tests.fakes.registry.worker_process")`. The sandbox and the limits are the real
ones. An upload that begins with

    PASS         is kept as it is; its notes are the process's id and the pixel range that was told
    TORCH        passes as a style that came in torch's own file
    ENV          passes too; its notes are the names of the process's environment
    REFUSE       is refused
    SCRAWL       is refused in words that are not for a log
    HANG         never ends
    SPIN         computes for ever
    EAT          takes memory for ever
    BREAK        raises what no one expects
    NATIVE       raises what OpenVINO raises when memory is out
    CRASH        ends as a fault in native code does
    KILLED       ends as by the system's out-of-memory killer
    CHATTER      prints a hundred megabytes, and passes
    BABBLE       says an answer that is none
    FLOOD        says an answer that is too long
    CHAT         says an answer, and then goes on talking
    LIE          says an answer whose words are not those agreed on
    NOTHING      passes without a file
"""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from registry.validation.protocol import KEPT, PREVIEW, UPLOAD
from registry.validation.worker_process import main
from styles.contract import PixelRange
from styles.errors import BadCheckpoint

if TYPE_CHECKING:
    from styles.importing.importer import ImportedStyle

PREVIEW_BYTES = b"\xff\xd8\xff a preview"


def check_style(workdir: Path, told: PixelRange | None, values: str) -> ImportedStyle:
    """Obeys."""
    content, architecture = (workdir / UPLOAD).read_bytes(), "onnx"
    notes: tuple[str, ...] = (str(os.getpid()), str(told))
    match content.split(b"\n")[0].decode():
        case "ENV":
            notes = tuple(sorted(os.environ))
        case "TORCH":
            architecture = "transformer-net"
        case "REFUSE":
            raise BadCheckpoint("It is bad.", "quite bad")
        case "SCRAWL":
            raise BadCheckpoint("It is bad.", "one line\nanother \x1b[2J")
        case "HANG":
            threading.Event().wait()
        case "SPIN":
            while True:
                pass
        case "EAT":
            eaten = []
            while True:
                eaten.append(bytearray(10_000_000))
        case "BREAK":
            raise KeyError("weights")
        case "NATIVE":
            raise RuntimeError("Exception from src/inference: std::bad_alloc")
        case "CRASH":
            os.abort()
        case "KILLED":
            os.kill(os.getpid(), signal.SIGKILL)
        case "CHATTER":
            for _ in range(1000):
                os.write(1, b"\x1b[2J" + bytes(100_000))
            os.write(1, b"\nthe end\n")
        case "BABBLE":
            return _say(b"what?\n")
        case "FLOOD":
            return _say(b"x" * 1_000_000)
        case "CHAT":
            return _say(b'{"refused": "It is bad."}\n', b"x" * 10_000_000)
        case "LIE":
            return _say(b'{"passed": {"format": "../../etc"}}\n')
        case "NOTHING":
            return _passed(notes)
    (workdir / KEPT).write_bytes(content)
    (workdir / PREVIEW).write_bytes(PREVIEW_BYTES)
    return _passed(notes, architecture)


def _passed(notes: tuple[str, ...], architecture: str = "onnx") -> ImportedStyle:
    from styles.importing.importer import ImportedStyle  # after the sandbox is closed

    return ImportedStyle(format="onnx", architecture=architecture, pixel_range="0..255", notes=notes)


def _say(*lines: bytes) -> ImportedStyle:
    """Writes on the descriptor of the answers, past the code that writes them."""
    for link in list(Path("/proc/self/fd").iterdir()):
        if int(link.name) > 2 and link.is_symlink() and str(link.readlink()).startswith(("pipe:", "socket:")):
            for line in lines:
                os.write(int(link.name), line)
    threading.Event().wait()
    raise AssertionError


if __name__ == "__main__":
    main(check_style=check_style)
