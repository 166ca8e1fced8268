"""Define the commands `runner serve`, `runner status`, `runner top` and `runner restart`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from runner.cli.balancers import BalancersScreen
from runner.cli.restart import restart as restart_runners
from runner.cli.top import look_at_all, watch
from runner.client import RunnerClient
from runner.config import RunnerConfigFile
from styles.errors import BalancerUnavailable, PainterError
from styles.service.command_line import CONFIG, ConfigFile, load_service, one_line_errors
from styles.service.config import load

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
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
        settings = load_service(config, RunnerConfigFile, "balancer")
        asyncio.run(serve_until_signal(settings))


@app.command()
def status(config: ConfigFile = CONFIG) -> None:
    """Show the queue and the runners of each balancer, as they are now: one frame of `runner top`."""
    with one_line_errors():
        _once(load(config, RunnerConfigFile).balancer.all_urls)


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

    Ends with q or Ctrl-C. While the balancer cannot be reached it says so, and goes on looking for it. Of
    several balancers in [balancer] urls each has a line, and one is shown in full; n goes on to the next.

    A mark ■ is a batch that a runner holds, □ one that it could hold besides. The times are those of the last
    minute: half of the photos took no longer than p50, 95 % no longer than p95.

    With --once or --json, and where the output is no terminal, the exit status is 1 if one cannot be reached.
    With --json, several balancers are one object by their addresses.
    """
    with one_line_errors():
        urls = load(config, RunnerConfigFile).balancer.all_urls
        console = Console()
        if raw:
            _print_json(urls)
        elif once or not console.is_terminal:
            _once(urls)
        else:
            asyncio.run(watch(urls, every, console))


def _print_json(urls: Sequence[str]) -> None:
    """Print the status of one balancer as it is, and of several by their URLs; null if one is not reached.

    Raises `BalancerUnavailable` if one cannot be reached.
    """

    async def ask(url: str) -> dict[str, Any] | PainterError:
        try:
            async with RunnerClient(url) as client:
                return await client.status()
        except PainterError as error:
            return error

    async def ask_all() -> list[dict[str, Any] | PainterError]:
        return await asyncio.gather(*map(ask, urls))

    answers = dict(zip(urls, asyncio.run(ask_all()), strict=True))
    errors = {url: answer for url, answer in answers.items() if isinstance(answer, PainterError)}
    if len(errors) < len(urls):
        found = answers | dict.fromkeys(errors)
        typer.echo(json.dumps(found if len(urls) > 1 else found[urls[0]], indent=2))
    _require_none({url: error.detail or error.message for url, error in errors.items()})


def _once(urls: Sequence[str]) -> None:
    """Print the balancers as they are now. Raises `BalancerUnavailable` if one cannot be reached."""
    balancers = asyncio.run(look_at_all(urls))
    missing = {seen.url: seen.missing for seen in balancers if seen.missing}
    if len(missing) < len(balancers):
        Console().print(BalancersScreen(balancers))
    _require_none(missing)


def _require_none(missing: Mapping[str, str]) -> None:
    if missing:
        raise BalancerUnavailable("; ".join(f"{url}: {reason}" for url, reason in missing.items()))


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
