"""Run all checks of `mailbot doctor`, area by area.

    examine    runs every check; the areas do not wait for each other
    is_well    tells whether the bot could work with the results

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
from pathlib import Path

from mailbot.config import MailbotConfigFile
from mailbot.doctor import imap, local, services, smtp
from mailbot.doctor.check import CheckFailed, CheckResult, CheckRunner, CheckState
from styles.service.config import ConfigError, load


async def examine(file: Path, environment: Mapping[str, str]) -> list[CheckResult]:
    """Return all results, in the order in which they are shown."""
    area = CheckRunner("config")
    read: list[MailbotConfigFile] = []

    async def check() -> str:
        try:
            read.append(load(file, MailbotConfigFile))
        except ConfigError as error:
            raise CheckFailed(
                str(error).rstrip("."), "mend it, or name another by --config; nothing else is tried"
            ) from error
        return f"{file} is in order"

    await area.check("file", check)
    if not read:
        return area.results
    mail = read[0].mail
    areas = await asyncio.gather(
        imap.examine(mail, environment),
        smtp.examine(mail, environment),
        services.examine(read[0]),
        local.examine(mail),
    )
    return [*area.results, *(result for each in areas for result in each)]


def is_well(results: Sequence[CheckResult]) -> bool:
    """Return whether no check has failed."""
    return not any(result.state is CheckState.FAILED for result in results)
