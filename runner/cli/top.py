"""Show the screen of the balancers again and again until q is pressed.

If a balancer cannot be reached, the screen says so and keeps its last status, and the loop goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.live import Live

from runner.cli.balancers import BalancersScreen
from runner.cli.history import History, RecordedStatus
from runner.client import RunnerClient
from styles.errors import PainterError

#: Keys that choose the next balancer: n, Tab.
NEXT = ("n", "N", "\t")


async def look(client: RunnerClient, history: History) -> None:
    """Ask a balancer for its status once, and record the answer."""
    try:
        history.found(await client.status())
    except PainterError as error:
        history.missed(error.detail or error.message)


async def look_at_all(urls: Sequence[str]) -> list[RecordedStatus]:
    """Ask each balancer once."""
    histories = [History(url) for url in urls]
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(RunnerClient(url)) for url in urls]
        await asyncio.gather(*map(look, clients, histories))
    return [history.seen() for history in histories]


async def watch(urls: Sequence[str], every: float, console: Console) -> None:
    """Draw the balancers at `urls` every `every` seconds, until q, Ctrl-C or SIGTERM."""
    histories = [History(url) for url in urls]
    chosen = 0
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(RunnerClient(url)) for url in urls]
        live = stack.enter_context(Live(console=console, screen=True, auto_refresh=False))

        def draw() -> None:
            live.update(BalancersScreen([each.seen() for each in histories], chosen), refresh=True)

        async def redraw() -> None:
            while True:
                await asyncio.gather(*map(look, clients, histories))
                draw()
                await asyncio.sleep(every)

        def pressed(keys: str) -> None:
            nonlocal chosen
            if "q" in keys.lower():
                drawing.cancel()
            elif keys in NEXT:
                chosen = (chosen + 1) % len(histories)
                draw()

        drawing = asyncio.create_task(redraw())
        with _listening(drawing.cancel, live.refresh, pressed), contextlib.suppress(asyncio.CancelledError):
            await drawing


@contextlib.contextmanager
def _listening(
    stop: Callable[[], object], redraw: Callable[[], None], pressed: Callable[[str], None]
) -> Iterator[None]:
    """Call `stop` at a signal, `pressed` with keys, and redraw when the window changes its size."""
    loop = asyncio.get_running_loop()
    actions = {signal.SIGINT: stop, signal.SIGTERM: stop, signal.SIGWINCH: redraw}
    for number, action in actions.items():
        loop.add_signal_handler(number, action)
    try:
        with _keys(pressed):
            yield
    finally:
        for number in actions:
            loop.remove_signal_handler(number)


@contextlib.contextmanager
def _keys(pressed: Callable[[str], None]) -> Iterator[None]:
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
