"""The commands `registry serve` and `registry list`."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registry.client import RegistryClient
from registry.config import Config
from styles.config import load
from styles.contract import StyleSummary
from styles.terminal import one_line_errors

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # or [registry] in a help text is taken for markup and vanishes
    help="The registry: keeps every version of every style, and shows them as pages and over HTTP.",
)

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]


@app.command()
def serve(config: ConfigFile = Path("config.toml")) -> None:
    """Run the registry until Ctrl-C or SIGTERM.

    It listens where [registry] says and keeps its files in the folder `data`. As it starts, it publishes
    the shipped styles that it does not have yet. The gallery is at its root: open it in a browser.
    """
    from registry.app import serve as serve_until_signal

    with one_line_errors(sqlite3.Error):
        settings = load(config, Config)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s registry %(message)s")
        asyncio.run(serve_until_signal(settings))


@app.command("list")
def list_styles(config: ConfigFile = Path("config.toml")) -> None:
    """Show the styles of the registry that is running."""
    with one_line_errors(sqlite3.Error):
        styles = asyncio.run(_styles(load(config, Config).registry.url))
        Console().print(_table(styles))


async def _styles(url: str) -> list[StyleSummary]:
    async with RegistryClient(url) as client:
        return await client.styles()


def _table(styles: Sequence[StyleSummary]) -> Table:
    table = Table("style", "title", "artist", "year", "versions", title=f"{len(styles)} styles")
    for style in styles:
        aliases = ", ".join(f"{alias} {version}" for alias, version in sorted(style.aliases.items()))
        cells = (style.name, style.title, style.artist, style.year, aliases)
        table.add_row(*map(Text, cells))  # as text: a title may hold what rich would take for markup
    return table
