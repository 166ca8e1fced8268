"""Run a runner process: one device, and one connection to the balancer.

It has no mail, no credentials and no network. It restricts itself (`styles/sandbox/`) before it imports what
decodes photos. Then it reads its libraries and the style files, writes nothing, and opens no socket but the
one that it was given. It ends when its connection closes or its parent dies, so no process is left. It also
ends when the engine fails, since a failed device may stay so; the balancer then starts a fresh process.
Starts are frequent, so nothing is imported before it is needed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import runner
import styles
from runner.protocol.framing import READ_AHEAD
from styles.sandbox.sandbox import RUNNER, apply, log_protections
from styles.service import logs
from styles.service.child_processes import die_with_parent

if TYPE_CHECKING:
    from runner.process.engine import Engine

log = logging.getLogger(__name__)

S = TypeVar("S")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerSettings:
    """Hold the command line of a runner process."""

    socket: int  #: descriptor of the connection to the balancer
    parent: int  #: pid of the process that started it
    device: str
    threads: int
    cache: Path  #: folder of style files
    cache_bytes: int  #: models in memory


EngineFactory = Callable[[str, int], "Engine"]


def read_settings(settings: type[S], module: str, description: str) -> S:
    """Return the command line of the process that runs `module`."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=description)
    for name, kind in get_type_hints(settings).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, required=True)
    values: dict[str, Any] = vars(parser.parse_args())
    return settings(**values)


def _real_engine() -> EngineFactory:
    from runner.process.engine import Engine

    return Engine


def reopen_terminal() -> None:
    """Keep only the right to write to a terminal that the log goes to: a photo could read what is typed.

    The terminal of another user, as after `su`, cannot be opened again. Then the log is lost.
    """
    for number in (1, 2):
        if os.isatty(number):
            try:
                terminal = os.open(f"/proc/self/fd/{number}", os.O_WRONLY | os.O_NOCTTY)
            except OSError:
                terminal = os.open(os.devnull, os.O_WRONLY)
            os.dup2(terminal, number)
            os.close(terminal)


async def _serve(settings: RunnerSettings, connection: socket.socket, make_engine: EngineFactory) -> None:
    from runner.process.server import RunnerServer

    reader, writer = await asyncio.open_unix_connection(sock=connection, limit=READ_AHEAD)
    making = partial(make_engine, settings.device, settings.threads)
    server = RunnerServer(reader, writer, making, settings.cache_bytes, settings.threads)
    serving = asyncio.ensure_future(server.serve())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def main(
    import_engine: Callable[[], EngineFactory] = _real_engine,
    packages: Sequence[ModuleType] = (runner, styles),
) -> None:
    """Run until the balancer is gone or sends SIGTERM; never returns.

    `import_engine` is called in the sandbox, `packages` are what it may import beside installed ones.
    """
    description = "Paints what the balancer sends. `runner serve` starts it."
    settings = read_settings(RunnerSettings, "runner.process.main", description)
    die_with_parent(settings.parent, "balancer")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the balancer drains
    logs.set_up("runner", prefix=f"runner[{os.getpid()}] ")
    code = 0
    try:
        connection = socket.socket(fileno=settings.socket)
        with asyncio.Runner() as loop:
            loop.get_loop()  # makes a pair of sockets to wake it
            reopen_terminal()
            readable = [settings.cache, *(Path(package.__path__[0]) for package in packages)]
            held = apply(readable, RUNNER, on_gpu=settings.device.startswith("cuda"))
            log_protections(log, "photos are decoded", held, "send photos")
            loop.run(_serve(settings, connection, import_engine()))
    except Exception:
        log.exception("the runner ends")
        code = 1
    logging.shutdown()
    os._exit(code)  # a plain exit would wait for an engine that hangs


if __name__ == "__main__":
    main()
