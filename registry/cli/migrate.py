"""Move a registry to another database, or to another way to keep its files, by `registry migrate`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from registry.config import RegistryConfigFile
from registry.store.transfer import move
from styles.service.command_line import one_line_errors, private_files
from styles.service.config import load
from styles.service.progress import progress_bar

_FROM = "The configuration file of the registry as it is."
_TO = "A copy of it, in which [registry] names the new database."


def migrate(
    source: Annotated[Path, typer.Argument(metavar="FROM", help=_FROM)],
    target: Annotated[Path, typer.Argument(metavar="TO", help=_TO)],
) -> None:
    r"""Move everything to another database: SQLite to PostgreSQL, or back.

    Styles, their history, tokens and logins move, and the files with them, to where `database`, `blobs` and
    `data` of the second configuration say. For example, with a copy new.toml of config.toml in which
    [registry] has database = "postgresql://registry@db.example/registry":

    \b
      PGPASSWORD=... registry migrate config.toml new.toml

    Stop the registries first: a move lets no registry publish. The target must be empty. Every row and the
    hash of every file are compared before the move counts. If it fails, nothing is in the target, and the
    same command can be given again. The source is not changed: delete it when you no longer want to go back.
    """
    with one_line_errors(sqlite3.Error), private_files():
        old, new = (load(file, RegistryConfigFile).registry.location for file in (source, target))
        with progress_bar("Moving") as progress:
            moved = move(old, new, progress)
    versions, files = moved.rows["version"], moved.rows["blob"]
    typer.echo(
        f"Moved {moved.rows['style']} styles in {versions} versions, {files} files of {moved.bytes:,} bytes, "
        f"{moved.rows['event']} events, {moved.rows['audit']} entries of the audit trail, "
        f"{moved.rows['token']} tokens and {moved.rows['session']} logins. "
        f"All were compared. Start the registry with {target}."
    )
