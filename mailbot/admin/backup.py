"""Define `mailbot backup` and `mailbot restore`."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

from mailbot.config import MailbotConfigFile
from mailbot.storage import backup as ledger_backup
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors, private_files
from styles.service.config import load
from styles.service.progress import progress_bar
from styles.service.units import size

BackupFile = Annotated[
    Path, typer.Argument(metavar="BACKUP", help="The file of the backup, such as bot.tar.")
]
WrittenFile = Annotated[
    Path, typer.Argument(metavar="BACKUP", exists=True, dir_okay=False, help="The file of the backup.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(backup)
    app.command()(restore)


def backup(target: BackupFile, file: ConfigFile = CONFIG) -> None:
    """Back up the ledger and the mails in its spool, while the bot runs.

    The file is complete, checked and on the disk when it gets its name. It holds photos and addresses, and
    only you can read it (0600). The login of `mailbot login` is not in it.
    """
    with one_line_errors(sqlite3.Error), private_files():
        with progress_bar("Backing up") as progress:
            made = ledger_backup.back_up(load(file, MailbotConfigFile).mail.ledger, target, progress)
        typer.echo(
            f"{target} holds the ledger and {made.spooled} mails, {size(made.bytes)}. All was checked."
        )
        if made.lost:
            typer.echo(
                f"The spool lacks {made.lost} mails that the ledger names: they are not in the backup."
            )


def restore(
    source: WrittenFile,
    no_answers: Annotated[
        bool, typer.Option("--no-answers", help="Put mails that were not finished then into quarantine.")
    ] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """Put a backup where [mail] ledger says, and where no ledger is.

    What was not finished when the backup was made is answered when the bot starts. If that bot went on after
    the backup, some of these mails have been answered. With --no-answers none of them is: such mails wait in
    quarantine, and `mailbot quarantine release` has one answered after all. Answers that were written wait
    for `mailbot retry`. Mails that came after the backup are in the mailbox's folder `processed`. Move those
    without an answer back into the inbox.
    """
    with one_line_errors(sqlite3.Error), private_files():
        ledger = load(file, MailbotConfigFile).mail.ledger
        with progress_bar("Restoring") as progress:
            found = ledger_backup.restore(source, ledger, progress, answers=not no_answers)
        typer.echo(f"{ledger} is restored, with {found.spooled} mails in the spool.")
        if found.mails or found.answers:
            fate = "are taken up when the bot starts"
            if no_answers:
                fate = "wait for you: see `mailbot quarantine list`, and `mailbot retry --failed`"
            typer.echo(f"{found.mails} mails and {found.answers} answers that were not finished {fate}.")
