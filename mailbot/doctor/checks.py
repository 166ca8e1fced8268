"""`mailbot doctor`: is everything there that the bot needs, and what is to be mended where it is not.

    examine    every check, area by area; the areas wait for nothing of each other
    is_well    whether the bot could work with this

    config     the file; all else needs it
    mailbox    `imap.py`: name, secret, connection, login, folders, what the server can do
    answers    `smtp.py`: name, secret, connection, login, whether the bot's address may send
    painting   `services.py`: registry, balancer, runners
    here       `here.py`: ledger, locks, spool, disk

Nothing is sent and no mail is read. What the bot makes at its start is made here as well, since nothing else
shows that it can be: the folders of the mailbox, and that of the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from mailbot.config import Config
from mailbot.doctor import imap, local, services, smtp
from mailbot.doctor.check import Examination, Finding, Ill, State
from styles.service.config import ConfigError, load


async def examine(file: Path, environment: Mapping[str, str]) -> list[Finding]:
    """All findings, in the order in which they are shown."""
    area = Examination("config")
    read: list[Config] = []

    async def check() -> str:
        try:
            read.append(load(file, Config))
        except ConfigError as error:
            raise Ill(
                str(error).rstrip("."), "mend it, or name another by --config; nothing else is tried"
            ) from error
        return f"{file} is in order"

    await area.check("file", check)
    if not read:
        return area.findings
    mail = read[0].mail
    areas = await asyncio.gather(
        imap.examine(mail, environment),
        smtp.examine(mail, environment),
        services.examine(read[0]),
        local.examine(mail),
    )
    return [*area.findings, *(finding for each in areas for finding in each)]


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether nothing is ill."""
    return not any(finding.state is State.ILL for finding in findings)
