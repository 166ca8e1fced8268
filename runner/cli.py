"""The commands `runner serve`, `runner status` and `runner restart`."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from runner.client import RunnerClient
from runner.config import Config
from runner.restarting import restart as restart_runners
from styles.config import load
from styles.terminal import CONFIG, ConfigFile, one_line_errors

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    help="The balancer: takes photos over HTTP, and has them painted by the runner processes it looks after.",
)


@app.command()
def serve(config: ConfigFile = CONFIG) -> None:
    """Run the balancer with its runner processes.

    It listens where [balancer] says and paints on the devices of [runner]. Styles come from the registry.
    The first Ctrl-C or SIGTERM finishes what is being painted; the second ends everything at once.
    """
    from runner.app import serve as serve_until_signal

    with one_line_errors():
        settings = load(config, Config)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s balancer %(message)s")
        asyncio.run(serve_until_signal(settings))


@app.command()
def status(config: ConfigFile = CONFIG) -> None:
    """Show the queue and the runners, as they are now."""
    with one_line_errors():
        answer = asyncio.run(_status(load(config, Config).balancer.url))
        Console().print(_table(answer))


@app.command()
def restart(config: ConfigFile = CONFIG) -> None:
    """Put a fresh process in the place of each runner, one after the other, while photos are painted.

    Each is started and loads the styles that the old one holds before it takes over; the old one then
    finishes what it was given. No photo fails, and none waits for it. Where no fresh process comes up, the
    old one stays. It takes a second or two for each runner. Run it on the balancer's machine, as the same
    user; SIGUSR1 to the balancer does the same.
    """
    with one_line_errors():
        asyncio.run(restart_runners(load(config, Config), typer.echo))


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
