"""Run all checks of `mailbot doctor`, area by area.

    config     the file; all else needs it
    mailbox    `imap.py`: name, secret, connection, login, folders, what the server can do
    answers    `smtp.py`: name, secret, connection, login, whether the bot's address may send
    painting   `services.py`: registry, balancer, runners
    here       `local.py`: ledger, locks, spool, disk

Nothing is sent and no mail is read. What the bot creates at its start is created here as well, since nothing
else shows that it can be: the folders of the mailbox, and that of the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from mailbot.config import MailbotConfigFile
from mailbot.doctor import imap, local, services, smtp
from mailbot.doctor.check import CheckResult, CheckState
from styles.service.config import load


async def examine(file: Path, environment: Mapping[str, str]) -> list[CheckResult]:
    """Return all results, in the order in which they are shown. The areas do not wait for each other."""
    result = partial(CheckResult, area="config", name="file")
    try:
        config = load(file, MailbotConfigFile)
    except ValueError as error:  # ConfigError, or a file that is no text
        remedy = "mend it, or name another by --config; nothing else is tried"
        return [result(state=CheckState.FAILED, words=str(error).rstrip("."), remedy=remedy)]
    areas = await asyncio.gather(
        imap.examine(config.mail, environment),
        smtp.examine(config.mail, environment),
        services.examine(config),
        local.examine(config.mail),
    )
    return [result(state=CheckState.WELL, words=f"{file} is in order"), *chain.from_iterable(areas)]


def is_well(results: Sequence[CheckResult]) -> bool:
    """Return whether no check has failed."""
    return not any(result.state is CheckState.FAILED for result in results)
