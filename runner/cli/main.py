"""Define the commands `runner serve`, `runner status`, `runner top` and `runner restart`."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Annotated, Any

import typer
from rich.console import Console

from runner.cli.history import History
from runner.cli.restart import restart as restart_runners
from runner.cli.screen import Screen
from runner.client import RunnerClient
from runner.config import RunnerConfigFile
from styles.errors import BalancerUnavailable
from styles.service.cli import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load

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
    After the first Ctrl-C or SIGTERM the runners finish their batches; the second ends everything at once. A
    runner that dies or hangs is started again. Each device has `processes` runners, and under load up to
    `processes_max`. A runner that stays heavier than `recycle_bytes` is replaced while photos are painted.
    `runner restart` replaces all of them in the same way.
    """
    from runner.app import serve as serve_until_signal

    with one_line_errors():
        settings = load(config, RunnerConfigFile)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s balancer %(message)s")
        asyncio.run(serve_until_signal(settings))


@app.command()
def status(config: ConfigFile = CONFIG) -> None:
    """Show the queue and the runners, as they are now: one frame of `runner top`."""
    with one_line_errors():
        _once(load(config, RunnerConfigFile).balancer.url, raw=False)


@app.command()
def top(
    every: Annotated[
        float, typer.Option(min=0.1, max=3600, metavar="SECONDS", help="How often to look.")
    ] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Show one frame and end, for scripts.")] = False,
    raw: Annotated[
        bool, typer.Option("--json", help="Print what /v1/status says, as it is, and end.")
    ] = False,
    config: ConfigFile = CONFIG,
) -> None:
    """Watch the balancer: who waits, how fast it paints, and what its runners hold.

    Ends with q or Ctrl-C. While the balancer cannot be reached it says so, and goes on looking for it.

    A mark ■ is a batch that a runner holds, □ one that it could hold besides. The times are those of the last
    minute: half of the photos took no longer than p50, 95 % no longer than p95.

    With --once or --json, and where the output is no terminal, the exit status is 1 if it cannot be reached.
    """
    with one_line_errors():
        url = load(config, RunnerConfigFile).balancer.url
        console = Console()
        if raw or once or not console.is_terminal:
            _once(url, raw=raw)
        else:
            from runner.cli.top import watch

            asyncio.run(watch(url, every, console))


def _once(url: str, *, raw: bool) -> None:
    """Print the status now. Raises `BalancerUnavailable`."""

    async def ask() -> dict[str, Any]:
        async with RunnerClient(url) as client:
            return await client.status()

    answer = asyncio.run(ask())
    if raw:
        typer.echo(json.dumps(answer, indent=2))
    else:
        history = History(url)
        history.found(answer)
        if missing := history.seen().missing:
            raise BalancerUnavailable(missing)
        Console().print(Screen(history.seen()))


@app.command()
def restart(config: ConfigFile = CONFIG) -> None:
    """Put a fresh process in the place of each runner, one after the other, while photos are painted.

    A fresh process loads the styles of the old one before it takes over. The old one then finishes its
    batches. No photo fails, and none waits for a start. Without memory for both, the old one ends first, and
    photos wait. Where no fresh process comes up, the old one stays. With nothing to paint it takes a second
    or two for each runner. Under load it takes longer: the fresh process shares the cores with those that
    paint, and the old one has batches to finish. Run it on the balancer's machine, as the same user. SIGUSR1
    to the balancer does the same.
    """
    with one_line_errors():
        asyncio.run(restart_runners(load(config, RunnerConfigFile), typer.echo))
