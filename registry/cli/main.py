"""Define the `registry` command: `serve`, `list`, and the commands of the other modules.

    styles.py    promote, rollback, retire and others             on the database itself
    tokens.py    token add, token list, token revoke              on the database itself
    migrate.py   migrate                                          on two databases themselves
    backup.py    backup, restore                                  on the database itself
    push.py      push                                             by HTTP
    learn.py     learn                                            by HTTP

`list` also asks by HTTP, so that it shows what other clients see.
"""

from __future__ import annotations

import asyncio
import sqlite3

import typer

from registry.cli import backup as backup_commands
from registry.cli import styles as style_commands
from registry.cli import tokens as token_commands
from registry.cli.common import show
from registry.cli.learn import learn
from registry.cli.migrate import migrate
from registry.cli.push import push
from registry.client import RegistryClient
from registry.config import RegistryConfigFile
from styles.contract import StyleSummary
from styles.service.command_line import CONFIG, ConfigFile, load_service, one_line_errors
from styles.service.config import load

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,  # else rich removes [registry] from a help text as markup
    help="The registry: keeps every version of every style, and shows them as pages and over HTTP.",
)


@app.command()
def serve(config: ConfigFile = CONFIG) -> None:
    """Run the registry until Ctrl-C or SIGTERM.

    It listens where [registry] says and keeps its files in the folder `data`, or in the database that
    `database` names. As it starts, it publishes the shipped styles that it does not have yet. The gallery is
    at its root: open it in a browser.
    """
    from registry.app import serve as serve_until_signal

    with one_line_errors(sqlite3.Error):
        settings = load_service(config, RegistryConfigFile, "registry")
        asyncio.run(serve_until_signal(settings))


@app.command("list")
def list_styles(config: ConfigFile = CONFIG) -> None:
    """Show the styles of the registry that is running."""
    with one_line_errors(sqlite3.Error):
        styles = asyncio.run(_styles(load(config, RegistryConfigFile).registry.url))
    columns = ("style", "title", "artist", "year", "versions")
    show(f"{len(styles)} styles", columns, map(_line, styles))


async def _styles(url: str) -> list[StyleSummary]:
    async with RegistryClient(url) as client:
        return await client.styles()


def _line(style: StyleSummary) -> tuple[str, ...]:
    versions = ", ".join(f"{alias} {version}" for alias, version in sorted(style.aliases.items()))
    return (style.name, style.title, style.artist, style.year, versions)


app.command()(push)
app.command()(learn)
app.command()(migrate)
app.command()(backup_commands.backup)
app.command()(backup_commands.restore)
app.add_typer(style_commands.app)
app.add_typer(token_commands.app, name="token")
