"""Show the codes under which paintings wait that did not arrive: `mailbot codes`."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.admin.ledger_summary import masked, without_addresses
from mailbot.config import MailbotConfigFile
from mailbot.storage.outside_access import looking
from mailbot.undelivered.one_time_codes import WaitingCode, waiting
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors
from styles.service.config import load
from styles.service.sanitize import plain
from styles.service.units import DAY


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(codes)


def codes(
    as_numbers: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    addresses: Annotated[bool, typer.Option("--addresses", help="Show addresses in full.")] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """List the codes under which paintings wait that did not arrive."""
    with one_line_errors(sqlite3.Error):
        found = listed(load(file, MailbotConfigFile).mail.ledger, addresses=addresses)
    if as_numbers:
        typer.echo(json.dumps([asdict(each) for each in found], indent=2))
    else:
        show(found, Console())


def listed(ledger: Path, *, addresses: bool) -> list[WaitingCode]:
    """Return the codes, with masked addresses unless `addresses`. Raises `NoLedger` and sqlite3.Error."""
    with looking(ledger) as db:
        found = waiting(db)
    if addresses:
        return found
    return [
        replace(each, recipient=masked(each.recipient), reason=without_addresses(each.reason))
        for each in found
    ]


def show(found: list[WaitingCode], console: Console) -> None:
    """Print a line for each code, and what to do with them."""
    if not found:
        console.print("No painting waits under a code.")
        return
    table = Table("mail", "to", "code", "days ago", "told by mail", "reason", box=None)
    for each in found:
        days = f"{(time.time() - each.made_at) / DAY:.1f}"
        words = (each.recipient, each.code, days, "yes" if each.is_told else "no", plain(each.reason))
        table.add_row(str(each.message), *map(Text, words))
    console.print(table)
    console.print(
        "\nWhoever mails “code …” to the bot gets the painting, once. Those who could not be told by mail "
        "learn their code from you alone."
    )
