"""Open the store, name the operator and print tables, for the operator's commands.

The commands open the database themselves and do not ask the registry by HTTP. So they work before its first
start, while it runs, and while it does not. A running registry sees their changes at once. Whoever may write
to the database needs no token.
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
from registry.store.access.roles import OPERATOR, Writer
from registry.store.store import Store
from styles.service.command_line import one_line_errors, private_files
from styles.service.config import load
from styles.service.sanitize import plain

StyleName = Annotated[str, typer.Argument(metavar="NAME", help="The style's name.")]
#: Width of a table that goes to no terminal, characters, so that no line is broken for a search.
WIDE = 200


@contextmanager
def opened(config: Path) -> Iterator[Store]:
    """Open the store of a config file. Errors that a person can mend become one line and an exit status."""
    with one_line_errors(sqlite3.Error), private_files():
        settings = load(config, RegistryConfigFile)
        with Store(settings.registry.location, sweep=False, default=settings.styles.default) as store:
            yield store


def acting() -> Writer:
    """Return the writer of a command, named in the audit trail by the login.

    No token can have such a name.
    """
    try:
        return Writer(f"{getpass.getuser()} (command line)")
    except (KeyError, OSError):  # a container's user may have no name; KeyError before Python 3.13
        return Writer(f"{OPERATOR} (command line)")


def show(title: str, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    # Uploaded text may contain rich's markup, and a terminal's control sequences.
    table = Table(*columns, title=title, title_justify="left")
    for line in lines:
        table.add_row(*(Text(plain(text)) for text in line))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def minute(at: str) -> str:
    """Shorten a time to the minute; "" stays."""
    return at[:16].replace("T", " ")
