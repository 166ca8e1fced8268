"""Have a style learnt from a photo of a painting, and publish it, by `registry learn`.

The registry passes the painting to its balancer, where the style is learnt. So this command needs no torch,
and may be ended by Ctrl-C, also during the trial: then the job is cancelled. Else what is learnt is never
thrown away: if it cannot be published, the page goes on from there.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from registry.cli.push import report, token
from registry.client_learning import LearningClient
from registry.client_learning_values import LearningStatus, PaintingToLearn
from registry.client_upload import Published
from registry.config import RegistryConfigFile
from styles.errors import BadOption, PainterError, Permanent, RegistryUnavailable, Temporary
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load
from styles.service.units import age

#: Seconds between two lines where the output goes to no terminal.
LINE_SECONDS = 20.0
#: Seconds between two looks at a job whose events broke off, and how many of them in a row may find nobody. A
#: balancer that was killed has its jobs again within a minute.
PAUSE_SECONDS, MOST_LOOKS = 2.0, 60


def learn(
    painting: Annotated[Path, typer.Argument(metavar="PAINTING", help="A photo or a scan of a painting.")],
    name: Annotated[str, typer.Option("--name", help="What people write to have photos painted so.")],
    title: Annotated[str, typer.Option("--title", help="What lists and answers show.")] = "",
    artist: Annotated[str, typer.Option("--artist", help="Who made the painting.")] = "",
    minutes: Annotated[
        float, typer.Option("--minutes", help="Minutes to learn: 5 if left out, 30 at most.")
    ] = 0.0,
    preview: Annotated[
        Path | None, typer.Option("--preview", metavar="FILE", help="Save a photo in the new style there.")
    ] = None,
    stage: Annotated[bool, typer.Option("--stage", help="Publish it without going live.")] = False,
    url: Annotated[str, typer.Option("--url", help="The registry, if not that of the configuration.")] = "",
    config: ConfigFile = CONFIG,
) -> None:
    """Learn a style from a painting, and publish it: some minutes, and everybody can ask for it.

    The painting is found in its photo, with a wall around it or slanted. The token is that of
    REGISTRY_UPLOAD_TOKEN, with the scope to publish.
    """
    with one_line_errors():
        settings = None if url else load(config, RegistryConfigFile)
        address = url or (settings.registry.url if settings else "")
        client = LearningClient(address, token())
        title = title or _title(name)
        wanted = PaintingToLearn(
            painting=painting.read_bytes(),
            key=secrets.token_hex(16),
            name=name,
            title=title,
            artist=artist,
            minutes=minutes,
        )
        card = {key: value for key, value in (("title", title), ("artist", artist)) if value}
        card["alias"] = "staged" if stage else "live"
        lines = asyncio.run(_learn(client, wanted, card, preview, settings.mail.address if settings else ""))
    for line in lines:
        typer.echo(line)


async def _learn(
    client: LearningClient, wanted: PaintingToLearn, card: dict[str, str], preview: Path | None, address: str
) -> list[str]:
    """Return the lines for the artist. Raises a `PainterError` with the reason."""
    try:
        status = await client.begin(wanted)
    except RegistryUnavailable as error:
        reason = f"The registry at {client.url} gives no answer: is it running, or is it another --url?"
        raise BadOption(reason, error.detail) from error
    page = f"{client.url}/learn#{status.id}"
    try:
        status = await _watch(client, status)
    except Temporary as error:  # the job goes on without this command
        raise BadOption(f"{error.message} The painting is learnt all the same: see {page}.") from error
    except BaseException:  # Ctrl-C as well
        with contextlib.suppress(PainterError):
            await client.cancel(status.id)
        raise
    if status.state != "done":
        with contextlib.suppress(PainterError):
            await client.cancel(status.id)
        raise status.problem or Permanent("Nothing was learnt: somebody has cancelled it.")
    try:
        if preview:
            await asyncio.to_thread(preview.write_bytes, await client.picture(status.id, "preview"))
        published = await _publish(client, status.id, card)
    except (PainterError, OSError) as error:
        reason = error.message if isinstance(error, PainterError) else f"{preview}: {error.strerror}."
        raise BadOption(
            f"{reason} What was learnt is kept for an hour: publish it on {page}, under another name too."
        ) from error
    except BaseException:  # Ctrl-C during the trial
        await _stop(client, status.id, page)
        raise
    with contextlib.suppress(PainterError):
        await client.cancel(status.id)  # it is published, so the balancer may forget it
    return report(published, client.url, address)


async def _stop(client: LearningClient, id: str, page: str) -> None:
    """Throw away what was learnt before it is published, or say why that is too late."""
    try:
        await client.cancel(id)
        left = await client.status(id)
    except Temporary as error:
        typer.echo(f"{error.message} What was learnt may be published all the same: see {page}.", err=True)
    except PainterError as error:
        typer.echo(error.message, err=True)
    else:
        if left and left.state == "done":  # its publication ended before
            typer.echo(f"It is published already, as {left.name}: retire it on its page.", err=True)


async def _publish(client: LearningClient, id: str, card: dict[str, str]) -> Published:
    """Publish what was learnt, though balancer or registry restart meanwhile: the style is known again."""
    for _ in range(MOST_LOOKS):
        with contextlib.suppress(Temporary):
            return await client.accept(id, **card)
        await asyncio.sleep(PAUSE_SECONDS)
    return await client.accept(id, **card)


async def _watch(client: LearningClient, status: LearningStatus) -> LearningStatus:
    """Show the progress of a job until it has ended, and return its last status."""
    console = Console(stderr=True)
    clock = asyncio.get_running_loop().time
    said, said_at, fewest = "", clock() - LINE_SECONDS, status.position
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(describe(status), total=1.0)
        async for seen in _events(client, status.id):
            status = seen
            fewest = min(fewest, status.position)
            words = describe(status, fewest)
            progress.update(task, completed=status.share, description=words)
            line = f"{words}, {status.share:.0%}"
            is_time = clock() >= said_at + LINE_SECONDS or status.is_final
            if not console.is_terminal and is_time and line != said:
                typer.echo(line, err=True)
                said, said_at = line, clock()
    return status


async def _events(client: LearningClient, id: str) -> AsyncIterator[LearningStatus]:
    """Yield the status of a job until it has ended, though balancer or registry restart meanwhile."""
    looks = 0
    while True:
        try:
            async for status in client.events(id):
                looks = 0
                yield status
                if status.is_final:
                    return
        except Temporary:
            if looks >= MOST_LOOKS:
                raise
        looks += 1
        await asyncio.sleep(PAUSE_SECONDS)


def _title(name: str) -> str:
    """Return a name as a title, as it was written: with a capital in front."""
    words = " ".join(name.replace("-", " ").split())
    return words[:1].upper() + words[1:]


def describe(status: LearningStatus, fewest: int | None = None) -> str:
    """Describe the state of a job in a few words; `fewest` jobs have been before it at some time."""
    left = f", {age(status.seconds_left)} left" if status.seconds_left is not None else ""
    if status.state == "queued":
        why = ", as people with fewer paintings today come first"
        is_overtaken = fewest is not None and status.position > fewest
        waiting = f"Waiting for {status.position} before it" if status.position else "Waiting"
        return f"{waiting}{why * is_overtaken}{left}"
    if status.state == "running":
        return f"{status.phase.capitalize() or 'Working'}{left}"
    return {"done": "Learnt", "failed": "Failed", "cancelled": "Cancelled"}[status.state]
