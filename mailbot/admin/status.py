"""Collect what `mailbot status` shows: the ledger, the services beside the bot, and what needs a person.

A refused answer needs attention for a day; a mail in quarantine until it is released, deleted or old.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import aiohttp

from mailbot.admin.ledger_summary import Overview, masked_overview, overview
from mailbot.config import Mail, MailbotConfigFile
from styles.service.units import DAY, HOUR

#: Seconds that a service has to say whether it is ready.
SERVICE_SECONDS = 2.0
#: Seconds that a poll may be older than an IDLE lasts: a reconnect with its backoff.
POLL_GRACE_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Hold the state of the whole system at one moment."""

    mailbox: str
    ledger: Overview
    services: Mapping[str, str]  #: by name: "ready", or what is wrong
    caps: Mapping[str, int]  #: `[mail]`'s limits of answers, by key
    attention: tuple[str, ...]  #: what needs a person, a sentence each


async def gather(config: MailbotConfigFile) -> Status:
    """Collect the status. Raises `NoLedger` and sqlite3.Error."""
    mail, imap = config.mail, config.mail.effective_imap
    urls = config.balancer.all_urls
    balancers = {f"balancer {url}": url for url in urls} if len(urls) > 1 else {"balancer": urls[0]}
    places = {"registry": config.registry.url, **balancers}
    now = time.time()
    found, answers = await asyncio.gather(
        asyncio.to_thread(overview, mail.ledger, now), asyncio.gather(*map(readiness, places.values()))
    )
    services = dict(zip(places, answers, strict=True))
    return Status(
        mailbox=" and ".join(
            [f"{imap.folder} of {imap.username} at {imap.host}"] * mail.has_mailbox
            + [f"mail handed over at {mail.lmtp.listen}"] * bool(mail.lmtp.listen)
        ),
        ledger=found,
        services=services,
        caps={key: getattr(mail, key) for key in ("replies_per_hour", "replies_per_day", "total_per_day")},
        attention=judge(found, services, mail),
    )


def judge(found: Overview, services: Mapping[str, str], mail: Mail) -> tuple[str, ...]:
    """Return a sentence for each thing that a person should look at."""
    refused = [each for each in found.refused if each.can_retry and found.at - each.at < DAY]
    stale = mail.effective_imap.idle_seconds + POLL_GRACE_SECONDS
    alive = found.bot is not None and found.bot.is_alive(found.at)
    kept = found.mails["quarantined"]
    late, stuck = (found.oldest_answer or 0) > HOUR, (found.oldest_mail or 0) > HOUR
    checks = {
        "The bot is not running.": not alive,
        "The mailbox has not been looked into for long: the bot's log says why.": alive
        and (poll_age(found) or 0) > stale,
        "Mails have waited for more than an hour.": stuck,
        "Answers have waited for more than an hour: is the SMTP server well?": late,
        f"{_count(len(refused), 'answer was', 'answers were')} refused: mailbot retry ID": bool(refused),
        f"{_count(kept, 'mail is', 'mails are')} in quarantine: mailbot quarantine list": kept > 0,
        f"{_count(found.untold, 'painting', 'paintings')} did not arrive: mailbot codes": found.untold > 0,
        **{f"The {name} is {state}.": state != "ready" for name, state in services.items()},
    }
    return tuple(words for words, holds in checks.items() if holds)


def as_json(status: Status, *, addresses: bool) -> str:
    """Return the status as JSON, with three numbers to watch. Addresses are masked unless `addresses`."""
    found = status.ledger if addresses else masked_overview(status.ledger)
    watch = {
        "poll_age_seconds": poll_age(found),
        "oldest_answer_seconds": found.oldest_answer,
        "quarantined": found.mails["quarantined"],
    }
    return json.dumps({"watch": watch, **asdict(replace(status, ledger=found))}, indent=2)


def poll_age(found: Overview) -> float | None:
    """Return the seconds since the mailbox was polled, or the bot was started; None before the first bot."""
    if found.bot is None:
        return None
    return max(0.0, found.at - (found.bot.polled_at or found.bot.started_at))


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


async def readiness(url: str, seconds: float = SERVICE_SECONDS) -> str:
    """Ask a service whether it is ready; return "ready", "not ready" or "away"."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds)) as session,
            session.get(f"{url}/health/ready") as answer,
        ):
            return "ready" if answer.ok else "not ready"
    except (aiohttp.ClientError, TimeoutError):
        return "away"
