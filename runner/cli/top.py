"""Show the screen of a balancer again and again until q is pressed.

If the balancer cannot be reached, the screen says so and keeps its last status, and the loop goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.live import Live

from runner.cli.history import History
from runner.cli.screen import Screen
from runner.client import RunnerClient
from styles.errors import PainterError


async def look(client: RunnerClient, history: History) -> None:
    """Ask the balancer once."""
    try:
        history.found(await client.status())
    except PainterError as error:
        history.missed(error.detail or error.message)


async def watch(url: str, every: float, console: Console) -> None:
    """Draw the balancer at `url` every `every` seconds, until q, Ctrl-C or SIGTERM."""
    history = History(url)
    async with RunnerClient(url) as client:
        with Live(console=console, screen=True, auto_refresh=False) as live:

            async def redraw() -> None:
                while True:
                    await look(client, history)
                    live.update(Screen(history.seen(), fits=True), refresh=True)
                    await asyncio.sleep(every)

            drawing = asyncio.create_task(redraw())
            with _listening(drawing.cancel, live.refresh), contextlib.suppress(asyncio.CancelledError):
                await drawing


@contextlib.contextmanager
def _listening(stop: Callable[[], object], redraw: Callable[[], None]) -> Iterator[None]:
    """Call `stop` at a signal or at q, and redraw when the window changes its size."""
    loop = asyncio.get_running_loop()
    actions = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGWINCH: redraw}
    for number, action in actions.items():
        loop.add_signal_handler(number, action)
    try:
        with _keys(lambda keys: stop() if "q" in keys.lower() else None):
            yield
    finally:
        for number in actions:
            loop.remove_signal_handler(number)


@contextlib.contextmanager
def _keys(pressed: Callable[[str], object]) -> Iterator[None]:
    """Pass keys on as they are pressed, without Enter; none without a terminal."""
    if not sys.stdin.isatty():
        yield
        return
    loop, keyboard = asyncio.get_running_loop(), sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    tty.setcbreak(keyboard)
    loop.add_reader(keyboard, lambda: pressed(os.read(keyboard, 64).decode(errors="replace")))
    try:
        yield
    finally:
        loop.remove_reader(keyboard)
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
