"""Define the commands of the person in charge: init, and for the ledger status, retry, quarantine.

The bot may be running or not. Each command writes in one short transaction; a running bot notices it within a
second.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mailbot.admin.init import init
from mailbot.admin.quarantine_view import MAX_WIDTH, described
from mailbot.admin.status import as_json, gather
from mailbot.admin.status_screen import screen
from mailbot.admin.trace import MailTrace, find
from mailbot.config import MailbotConfigFile
from mailbot.storage import erasure, manual_retry
from mailbot.storage.manual_retry import CannotRetry
from mailbot.storage.outside_access import changing, looking
from mailbot.storage.spool import Spool, folder_of
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load
from styles.service.sanitize import shown
from styles.service.units import size

#: Characters of a step that `trace` shows.
MOST_WORDS = 300
#: Seconds between two looks of `--watch`.
WATCH_SECONDS = 2.0

Number = Annotated[int, typer.Argument(metavar="ID", help="The mail's number, as in log and lists.")]

_KEPT = "SELECT * FROM message WHERE state = 'quarantined' AND erased_at IS NULL"

_one_line_errors = partial(one_line_errors, CannotRetry, sqlite3.Error)

quarantine = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Mails that could not be read, or that met an error."
)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(init)
    app.command()(status)
    app.command()(retry)
    app.command()(trace)
    app.add_typer(quarantine, name="quarantine")


def status(
    as_numbers: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Look again every two seconds, until Ctrl-C.")
    ] = False,
    addresses: Annotated[bool, typer.Option("--addresses", help="Show addresses in full.")] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """Show what waits, what was done and what needs you.

    The exit status is 1 if something needs you. With --watch it does not depend on that.
    """
    with _one_line_errors():
        config = load(file, MailbotConfigFile)
        if watch:
            with suppress(KeyboardInterrupt), Live(screen=True, auto_refresh=False) as live:
                while True:
                    live.update(screen(asyncio.run(gather(config)), addresses=addresses), refresh=True)
                    time.sleep(WATCH_SECONDS)
            return
        found = asyncio.run(gather(config))
        if as_numbers:
            typer.echo(as_json(found, addresses=addresses))
        else:
            Console().print(screen(found, addresses=addresses))
    if found.attention:
        raise typer.Exit(1)


def trace(
    word: Annotated[str, typer.Argument(metavar="WORD", help="Number, trace, Message-ID or sender.")],
    as_numbers: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    addresses: Annotated[bool, typer.Option("--addresses", help="Show addresses in full.")] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """Show the way of a mail, with its times.

    Lines of the logs have the beginning of a mail's trace in brackets, and all of it as JSON. The balancer's
    and the runners' lines have it too. The exit status is 1 if no mail is found.
    """
    with _one_line_errors():
        with looking(load(file, MailbotConfigFile).mail.ledger) as db:
            found = find(db, word, addresses=addresses)
        if not found:
            raise FileNotFoundError(f"The ledger knows no mail by {shown(word)}.")
        if as_numbers:
            typer.echo(json.dumps([asdict(each) for each in found], indent=2))
            return
        for each in found:
            _print_trace(each)


def _print_trace(mail: MailTrace) -> None:
    console = Console(highlight=False)
    tries = f", tried {mail.attempts} times" if mail.attempts > 1 else ""
    later = f", put off {mail.postponed} times" if mail.postponed else ""
    whose = f" from {mail.sender}" if mail.sender else ""
    console.print(Text(f"Mail {mail.id}{whose}: {mail.state}{tries}{later}. Trace {mail.trace}", "bold"))
    table = Table(box=None, show_header=False, padding=(0, 1))
    began = mail.steps[0].at
    for step in mail.steps:
        words = f"{step.words}: {step.error}" if step.error else step.words
        moment = f"{datetime.fromtimestamp(step.at):%d %b %H:%M:%S}"
        table.add_row(moment, f"+{step.at - began:.2f} s", Text(shown(words, MOST_WORDS)))
    console.print(table)


def retry(
    number: Annotated[int | None, typer.Argument(metavar="ID", help="The mail's number.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Every answer that was refused.")] = False,
    all_quarantined: Annotated[
        bool, typer.Option("--all-quarantined", help="Every mail that is in quarantine.")
    ] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """Retry refused answers and mails that failed.

    A refused answer is sent again. A mail in quarantine is worked on again, and a postponed mail at once.
    """
    if (number is not None) + failed + all_quarantined != 1:
        raise typer.BadParameter("Say one of: a mail's number, --failed, --all-quarantined.")
    # Printed after the transaction: a terminal that waits must not keep the ledger from the bot.
    with _one_line_errors():
        with changing(load(file, MailbotConfigFile).mail.ledger) as db:
            if number is not None:
                said = [manual_retry.retry(db, number, time.time())]
            else:
                said = []
                for each in manual_retry.failed(db) if failed else manual_retry.quarantined(db):
                    try:
                        said.append(manual_retry.retry(db, each, time.time()))
                    except CannotRetry as error:
                        said.append(str(error))
        typer.echo("\n".join(said) or "There is nothing to retry.")


@quarantine.command("list")
def list_quarantined(file: ConfigFile = CONFIG) -> None:
    """List what is in quarantine, and why."""
    with _one_line_errors(), looking(load(file, MailbotConfigFile).mail.ledger) as db:
        rows = db.execute(f"{_KEPT} ORDER BY id").fetchall()
    if not rows:
        typer.echo("Quarantine is empty.")
        return
    table = Table("mail", "came", "size", "because", box=None)
    for row in rows:
        when = f"{datetime.fromtimestamp(row['accepted_at']):%d %b %H:%M}"
        table.add_row(str(row["id"]), when, size(row["size"]), Text(_because(row)))
    Console().print(table)


@quarantine.command()
def show(
    number: Number,
    raw: Annotated[Path | None, typer.Option(metavar="FILE", help="Save the mail as it came.")] = None,
    file: ConfigFile = CONFIG,
) -> None:
    """Show a mail's headers and structure."""
    with _one_line_errors():
        ledger = load(file, MailbotConfigFile).mail.ledger
        with looking(ledger) as db:
            row = db.execute(f"{_KEPT} AND id = ?", (number,)).fetchone()
        if row is None:
            raise CannotRetry(f"Mail {number} is not in quarantine.")
        content = Spool(folder_of(ledger)).read(row["spool"])
        if raw is not None:
            raw.touch(mode=0o600)
            raw.write_bytes(content)
            typer.echo(f"Saved {raw}.")
            return
    typer.echo(f"Mail {number}, in quarantine: {_because(row)}\n\n{described(content)}")


@quarantine.command()
def release(number: Number, file: ConfigFile = CONFIG) -> None:
    """Have a mail worked on once more."""
    with _one_line_errors():
        with changing(load(file, MailbotConfigFile).mail.ledger) as db:
            said = manual_retry.release(db, number, time.time())
        typer.echo(said)


@quarantine.command()
def delete(number: Number, file: ConfigFile = CONFIG) -> None:
    """Delete a mail for good.

    Here at once, in the mailbox as soon as a bot is running.
    """
    with _one_line_errors():
        ledger = load(file, MailbotConfigFile).mail.ledger
        with changing(ledger) as db:
            files = erasure.discard(db, number, time.time())
        if not files:
            raise CannotRetry(f"Mail {number} is not in quarantine.")
        for name in files:
            Spool(folder_of(ledger)).remove(name)
    typer.echo(f"Mail {number} is deleted.")


def _because(row: sqlite3.Row) -> str:
    if row["failures"]:
        return f"an error in the bot, {row['failures']} times: {shown(row['reason'], MAX_WIDTH)}"
    return shown(row["reason"], MAX_WIDTH) or "the bot's process ended at it each time"
