"""Run all checks of `mailbot doctor`, area by area, and print their results for people or programs.

Nothing is sent and no mail is read, but by `round_trip.py`. What the bot creates at its start is created here
as well: the folders of the mailbox, and that of the ledger. Nothing else shows that they can be created.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailbot.config import MailbotConfigFile
from mailbot.doctor import graph, imap, lmtp, machine, round_trip, services, smtp, telegram, twilio
from mailbot.doctor.check_runner import CheckResult, CheckState
from styles.service.config import ConfigError, load

MARKS = {
    CheckState.WELL: ("✓", "green"),
    CheckState.WARN: ("!", "yellow"),
    CheckState.FAILED: ("✗", "bold red"),
    CheckState.SKIPPED: ("–", "dim"),
}


async def examine(
    file: Path, environment: Mapping[str, str], *, sends: bool = False, to: Sequence[str] = ()
) -> list[CheckResult]:
    """Return all results, in the order in which they are shown. The areas do not wait for each other.

    With `sends` a marked message goes through each channel afterwards, in chats to the recipients `to`.
    """
    result = partial(CheckResult, area="config", name="file")
    try:
        config = load(file, MailbotConfigFile)
    except ConfigError as error:
        remedy = "mend it, or name another by --config; nothing else is tried"
        return [result(state=CheckState.FAILED, words=str(error).rstrip("."), remedy=remedy)]
    answers = graph if config.mail.effective_smtp.graph else smtp
    areas = await asyncio.gather(
        *([imap.examine(config.mail, environment)] if config.mail.has_mailbox else []),
        *([lmtp.examine(config.mail)] if config.mail.lmtp.listen else []),
        answers.examine(config.mail, environment),
        services.examine(config),
        telegram.examine(config.telegram, environment),
        twilio.examine(config.sms, environment),
        machine.examine(config.mail),
    )
    sent = await round_trip.examine(config, environment, to) if sends else []
    return [result(state=CheckState.WELL, words=f"{file} is in order"), *chain.from_iterable(areas), *sent]


def is_well(results: Sequence[CheckResult]) -> bool:
    """Return whether no check has failed."""
    return not any(result.state is CheckState.FAILED for result in results)


def show(results: Sequence[CheckResult], console: Console) -> None:
    """Print a line for each result, its remedy below it, and a summary."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=False)
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    area = ""
    for result in results:
        mark, colour = MARKS[result.state]
        words = Text(result.words, style="dim" if result.state is CheckState.SKIPPED else "")
        if result.remedy:
            words.append(f"\n→ {result.remedy}", style=colour)
        title = Text("" if result.area == area else result.area, style="bold")
        table.add_row(title, Text(mark, style=colour), Text(result.name), words)
        area = result.area
    console.print(table)
    console.print(_summary(results))


def as_json(results: Sequence[CheckResult]) -> str:
    """Return the results as JSON."""
    return json.dumps({"well": is_well(results), "checks": [asdict(each) for each in results]}, indent=2)


def _summary(results: Sequence[CheckResult]) -> Text:
    states = [each.state for each in results]
    if failed := states.count(CheckState.FAILED):
        things = "things are" if failed > 1 else "thing is"
        return Text(f"\n{failed} {things} to be mended.", style="bold red")
    if CheckState.WARN in states:
        return Text("\nThe bot can work; see what is marked with “!”.", style="yellow")
    return Text("\nEverything is in order.", style="bold green")
