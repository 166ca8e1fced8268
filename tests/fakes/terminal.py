"""A terminal with a program in it: what it shows, keys to press, and a window to pull larger."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

#: What a program writes to have a screen of its own, and to leave it again.
ALONE, BACK = "\x1b[?1049h", "\x1b[?1049l"


class Terminal:
    """`async with Terminal(command) as terminal`; at the end the program is killed if it still runs."""

    def __init__(self, command: Sequence[str], *, columns: int = 80, lines: int = 24) -> None:
        self._command = command
        self._size = (columns, lines)
        self._shown = ""
        self._came = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._keyboard, self._screen = pty.openpty()
        self.resize(*self._size)
        self._before = self.settings()
        self._program = self._start()
        asyncio.get_running_loop().add_reader(self._keyboard, self._read)
        return self

    def _start(self) -> subprocess.Popen[bytes]:
        sizes = ("COLUMNS", "LINES", "NO_COLOR")
        return subprocess.Popen(
            self._command,
            stdin=self._screen,
            stdout=self._screen,
            stderr=self._screen,
            env={name: value for name, value in os.environ.items() if name not in sizes} | {"TERM": "xterm"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - its Ctrl-C
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._program.kill()
        await self.ended()
        asyncio.get_running_loop().remove_reader(self._keyboard)
        os.close(self._keyboard)
        os.close(self._screen)

    def _read(self) -> None:
        self._shown += os.read(self._keyboard, 1 << 16).decode(errors="replace")
        self._came.set()

    def settings(self) -> list[Any]:
        """Whether keys are echoed, and the like."""
        return termios.tcgetattr(self._screen)

    @property
    def is_as_before(self) -> bool:
        """Whether the settings are what the program found."""
        return self.settings() == self._before

    def resize(self, columns: int, lines: int) -> None:
        """The window has another size."""
        fcntl.ioctl(self._keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def press(self, keys: str) -> None:
        """As a person does."""
        os.write(self._keyboard, keys.encode())

    async def until(self, words: str, seconds: float = 30) -> str:
        """Returns once these words come that have not been waited for before. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while words not in self._shown:
                self._came.clear()
                await self._came.wait()
        before, _, self._shown = self._shown.partition(words)
        return before

    async def ended(self) -> int:
        """Waits for the program's end; its exit status."""
        return await asyncio.to_thread(self._program.wait, 30)
