"""What the operator's commands share: the store that the config names, who acts, and how tables are shown.

They open the folder themselves rather than ask the registry over HTTP, so they work before its first start,
while it runs, and when it does not; it sees what they do at once. Who may write to the folder needs no token.
"""

from __future__ import annotations

import getpass
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from registry.config import RegistryConfigFile
from registry.store.store import Store
from registry.store.tokens import OPERATOR
from styles.service.cli import one_line_errors
from styles.service.config import load
from styles.service.sanitize import plain

ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]
CONFIG = Path("config.toml")
StyleName = Annotated[str, typer.Argument(metavar="NAME", help="The style's name.")]
#: A table is that wide where it goes to no terminal, characters: no line is broken for who searches it.
WIDE = 200


@contextmanager
def opened(config: Path) -> Iterator[Store]:
    """The store of a config file; what a person can mend becomes one line and an exit status."""
    with one_line_errors(sqlite3.Error):
        settings = load(config, RegistryConfigFile)
        with Store(settings.registry.data, sweep=False, default=settings.styles.default) as store:
            yield store


def acting() -> str:
    """Who the audit trail names: whose login it is. No token has such a name, so nobody can pass for it."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (KeyError, OSError):  # a container's user need not have a name; KeyError before Python 3.13
        return f"{OPERATOR} (command line)"


def show(title: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Prints a table."""
    # What people upload may hold what rich takes for markup, and what a terminal obeys.
    table = Table(*columns, title=title, title_justify="left")
    for line in lines:
        table.add_row(*(Text(plain(text)) for text in line))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def minute(at: str) -> str:
    """A moment of the tables to the minute; "" stays."""
    return at[:16].replace("T", " ")
