"""Publish a style file, or the folder that the trainer wrote, by `registry push`.

    FILE                the weights; a style.toml beside a weights.safetensors fills in missing options
    FOLDER              weights.safetensors and style.toml in it

A network of many styles is published once for each of the `--values`, under NAME-7 for 7.
The token comes from the environment, since every process of the machine can see a command line.
"""

from __future__ import annotations

import asyncio
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn

from registry.blobs.blob import digest_of
from registry.client import RegistryClient
from registry.client_upload import Publication, Published, UploadRefused
from registry.config import TOKEN, RegistryConfigFile
from registry.http.card_fields import LIMITS
from registry.store.style_versions import LIVE, STAGED
from styles.contract import Card
from styles.errors import BadOption, RegistryUnavailable
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load

WEIGHTS, CARD = "weights.safetensors", "style.toml"
#: Several values: each number of a range, for one input that may be named.
RANGE = re.compile(r"(\s*[^;]+=)?\s*(\d{1,4})\s*-\s*(\d{1,4})\s*", re.ASCII)


def _text(option: str, help: str) -> Any:
    return typer.Option(option, metavar="TEXT", help=help)


def push(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The weights, or a folder of the trainer's.")],
    name: Annotated[str, _text("--name", "What people write: small letters, digits, hyphens.")] = "",
    title: Annotated[str, _text("--title", "What lists and answers show.")] = "",
    artist: Annotated[str, _text("--artist", "Who made the painting.")] = "",
    year: Annotated[str, _text("--year", "And when.")] = "",
    licence: Annotated[str, _text("--licence", "Under which the style may be used.")] = "",
    description: Annotated[str, _text("--description", "A sentence or two.")] = "",
    other_names: Annotated[str, _text("--other-names", "By which mails ask too, with commas between.")] = "",
    tags: Annotated[str, _text("--tags", "Movements such as cubism, with commas between.")] = "",
    pixel_range: Annotated[str, _text("--pixel-range", "0..1, 0..255 or -1..1; tried out if left out.")] = "",
    values: Annotated[
        list[str] | None, _text("--values", "Baked into an ONNX network of many styles: 7, or 0-25 for 26.")
    ] = None,
    alias: Annotated[
        str, _text("--alias", "What moves to the version; with another than live it waits.")
    ] = LIVE,
    stage: Annotated[bool, typer.Option("--stage", help="The same as --alias staged.")] = False,
    url: Annotated[str, _text("--url", "The registry, if not that of the configuration.")] = "",
    config: ConfigFile = CONFIG,
) -> None:
    """Publish a style: it is tried, and if it paints, it is live, or with --stage waits to be.

    FILE is a style file of this project, a state dict of pytorch/examples' fast_neural_style, or ONNX. A name
    that exists already gets a new version. The token is that of REGISTRY_UPLOAD_TOKEN.

    An ONNX network with a second input is published with values for it: --values 7, --values 3:0.5,12:0.5, or
    all of its numbers. With --values 0-25, or with several --values, each is a style of its own: NAME-0 and
    so on.
    """
    with one_line_errors():
        settings = None if url else load(config, RegistryConfigFile)
        address = url or (settings.registry.url if settings else "")
        publication = build_publication(file, name, context.params, STAGED if stage else alias)
        publications = list(each(publication, values or []))
        if len(publications) > 1:
            raise typer.Exit(asyncio.run(_push_each(address, publications, token())))
        published = asyncio.run(_push(address, publications[0], token()))
    for line in report(published, address, settings.mail.address if settings else ""):
        typer.echo(line)


def build_publication(file: Path, name: str, given: Mapping[str, str], alias: str = LIVE) -> Publication:
    """Build the publication from the `given` options by name, and else from the card beside the weights.

    Raises `BadOption` for an invalid card, or without a name.
    """
    weights = file / WEIGHTS if file.is_dir() else file
    card = weights.with_name(CARD) if weights.name == WEIGHTS else None
    stated = _card(card) if card and card.exists() else {}
    name = name or stated.get("name", "")
    if not name:
        raise BadOption("Name the style by --name: that is what people will write.")
    fields = {key: given.get(key) or stated.get(key, "") for key in LIMITS if key != "values"}
    stated = {key: text for key, text in fields.items() if text}
    return Publication(name=name, weights=weights, alias=alias, fields=stated)


def each(publication: Publication, values: Sequence[str]) -> Iterator[Publication]:
    """Make a publication of each choice of values; of several, under names and titles of their own."""
    choices = [choice for text in values for choice in _choices(text)]
    if not choices:
        yield publication
    for choice in choices:
        fields = {**publication.fields, "values": choice}
        if len(choices) == 1:
            yield replace(publication, fields=fields)
            continue
        chosen = re.sub(r"[^;=\s]+\s*=\s*", "", choice)  # without the inputs' names
        if title := fields.get("title"):
            fields["title"] = f"{title} {chosen}"
        name = "-".join((publication.name, *re.findall("[a-z0-9]+", chosen.lower())))
        yield replace(publication, name=name, fields=fields)


def _choices(text: str) -> list[str]:
    """List the choices of an option: one, or each number of a range."""
    if not (found := RANGE.fullmatch(text)):
        return [text]
    first, last = int(found[2]), int(found[3])
    return [f"{found[1] or ''}{number}" for number in range(first, last + 1)] or [text]


def report(published: Published, url: str, address: str) -> list[str]:
    """Return the lines for the artist."""
    is_live, trial = published.alias == LIVE, f"The trial took {published.seconds:.1f} s."
    state = "live" if is_live else f"staged as {published.name}@{published.alias}"
    lines = [
        f"{published.name}, version {published.version}, is {state}. {trial}",
        *published.notes,
        f"Preview: {url.rstrip('/')}{published.preview}",
        f"Page:    {url.rstrip('/')}/styles/{published.name}",
    ]
    if not is_live:
        lines.append(
            f"To make it live: registry promote {published.name} {published.version}, or on its page"
        )
    if address:
        subject = published.name if is_live else f"{published.name}@{published.alias}"
        lines.append(f"By mail: a photo to {address} with the subject “{subject}”")
    return lines


def _card(file: Path) -> dict[str, str]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
        card = Card.from_mapping(values)
    except (ValueError, TypeError) as error:
        raise BadOption(f"{file} is no card: {error}") from error
    stated = {key: getattr(card, key, "") for key in ("name", *LIMITS)}
    return {key: _line(value) for key, value in stated.items() if key in values}


def _line(value: str | tuple[str, ...]) -> str:
    """Return a field as the form has it: the entries of a list with commas between them."""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def token() -> str:
    """Return the token of the environment. Raises `BadOption`."""
    secret = os.environ.get(TOKEN, "").strip()
    if not secret:
        raise BadOption(f"Set {TOKEN} to your token; whoever runs the registry gives you one.")
    return secret


async def _push_each(url: str, publications: Sequence[Publication], token: str) -> int:
    """Publish a file in several ways, and go on after a refusal. It is sent once.

    Returns the exit status, 1 if one is refused.
    """
    refused, upload = 0, ""
    for number, publication in enumerate(publications, 1):
        try:
            published = await _push(url, replace(publication, upload=upload), token)
            typer.echo(f"{number} of {len(publications)}: {report(published, url, '')[0]}")
        except UploadRefused as error:
            refused += 1
            typer.echo(
                f"{number} of {len(publications)}: {publication.name} is refused. {error.message}", err=True
            )
        upload = upload or await asyncio.to_thread(digest_of, publication.weights)
    typer.echo(f"{len(publications) - refused} of {len(publications)} styles are published.")
    return 1 if refused else 0


async def _push(url: str, publication: Publication, token: str) -> Published:
    size = publication.weights.stat().st_size

    def show(sent: int) -> None:
        described = "Sending" if sent < size else "On trial: it paints its photos"
        progress.update(task, completed=sent, description=described)

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = Console(stderr=True)
    # Output to no terminal is for a program, and has only the one sentence.
    hidden = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task("Sending", total=size)
        async with RegistryClient(url) as client:
            try:
                return await client.push(publication, token, show)
            except RegistryUnavailable as error:
                reason = f"The registry at {url} gives no answer: is it running, or is it another --url?"
                raise BadOption(reason, error.detail) from error
