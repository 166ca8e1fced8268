"""Back up the registry and restore it, by `registry backup` and `registry restore`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from registry.config import RegistryConfigFile
from registry.store import backup as store_backup
from registry.store.transfer import MoveReport
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors, private_files
from styles.service.config import load
from styles.service.progress import progress_bar
from styles.service.units import size

StoreBackup = Annotated[
    Path, typer.Argument(metavar="BACKUP", help="The file of the backup, such as styles.tar.")
]
WrittenBackup = Annotated[
    Path, typer.Argument(metavar="BACKUP", exists=True, dir_okay=False, help="The file of the backup.")
]


def backup(target: StoreBackup, config: ConfigFile = CONFIG) -> None:
    """Back up styles, history, tokens and files, while registries run and publish.

    Every row and the hash of every file are compared. The file is complete and on the disk when it gets its
    name, and only you can read it (0600). It does not depend on the database: a backup of PostgreSQL can be
    restored to SQLite, and the other way. For large databases, pg_dump is quicker.
    """
    with one_line_errors(sqlite3.Error), private_files():
        location = load(config, RegistryConfigFile).registry.location
        with progress_bar("Backing up") as progress:
            made = store_backup.back_up(location, target, progress)
        typer.echo(f"{target} holds {_counted(made)}. All was compared.")


def restore(source: WrittenBackup, config: ConfigFile = CONFIG) -> None:
    """Put a backup into the empty database that [registry] names. Stop the registry first.

    If it fails or is killed, no style is in the database, and the same command can be given again.
    """
    with one_line_errors(sqlite3.Error), private_files():
        location = load(config, RegistryConfigFile).registry.location
        with progress_bar("Restoring") as progress:
            found = store_backup.restore(source, location, progress)
        typer.echo(f"Restored {_counted(found)}. All was compared.")


def _counted(moved: MoveReport) -> str:
    rows = moved.rows
    return (
        f"{rows['style']} styles in {rows['version']} versions, {rows['blob']} files of {size(moved.bytes)}"
    )
