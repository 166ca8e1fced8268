"""The commands `runner serve` and `runner status`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from runner.client import RunnerClient
from runner.config import Config
from styles.config import ConfigError, load
from styles.errors import PainterError

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The balancer: takes photos over HTTP, and has them painted by the runner processes it looks after.",
)

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]


@app.command()
def serve(config: ConfigFile = Path("config.toml")) -> None:
    """Run the balancer with its runner processes, until Ctrl-C or SIGTERM.

    It listens where [balancer] says and paints on the devices of [runner]. Styles come from the registry.
    The first signal finishes what is being painted; the second ends everything at once.
    """
    from runner.app import serve as serve_until_signal

    with _one_line_errors():
        settings = load(config, Config)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s balancer %(message)s")
        asyncio.run(serve_until_signal(settings))


@app.command()
def status(config: ConfigFile = Path("config.toml")) -> None:
    """Show the queue and the runners of the balancer that is running."""
    with _one_line_errors():
        answer = asyncio.run(_status(load(config, Config).balancer.url))
        Console().print(_table(answer))


async def _status(url: str) -> dict[str, Any]:
    async with RunnerClient(url) as client:
        return await client.status()


def _table(status: dict[str, Any]) -> Table:
    title = "{queued} waiting, {in_flight} being painted, {painted} painted".format(**status)
    table = Table("runner", "device", "pid", "state", "styles", "memory", "restarts", title=title)
    for runner in status["runners"]:
        memory = f"{runner['memory'] / (1 << 20):.0f} MiB"
        cells = (runner["name"], runner["device"], runner["pid"] or "-", runner["state"])
        table.add_row(*map(str, cells), str(len(runner["resident"])), memory, str(runner["restarts"]))
    return table


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """What the person at the terminal can mend is told in one line, with exit status 2 or 1."""
    try:
        yield
    except ConfigError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except (PainterError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
