"""Send a marked message through each way to the bot, and report its round trip: `mailbot doctor --channels`.

A mail goes from the bot's address to the bot's address. What comes from its own address is never answered.
A bot at work takes it, and its ledger says when. Without one it is looked for in the mailbox, and deleted.
`chat_round_trip.py` has the other channels.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mailbot.admin.heartbeat import HeartbeatRow
from mailbot.config import Mail, MailbotConfigFile
from mailbot.doctor import chat_round_trip
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.send_test_photo import MailNotTaken, compose, submit
from mailbot.storage.conversations import hashed_id
from mailbot.storage.outside_access import NoLedger, looking
from mailbot.transport.credentials import to_read, to_send
from mailbot.transport.imap import Connection
from mailbot.transport.imap_syntax import quoted
from styles.service.config import ConfigError

#: Header and subject of the marked mail, for people who come across it.
MARK, SUBJECT = "X-Mailbot-Round-Trip", "The doctor's round trip: never answered"
#: Seconds within which a mail should come back. Most servers take a few.
ARRIVAL_SECONDS = 120.0
#: Seconds between two looks into the ledger, and into the mailbox, which costs a login.
LEDGER_SECONDS, MAILBOX_SECONDS = 0.2, 3.0


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Hold how the marked mail came back."""

    at: float  #: seconds since the epoch
    words: str


async def examine(
    config: MailbotConfigFile, environment: Mapping[str, str], to: Sequence[str] = ()
) -> list[CheckResult]:
    """Send the marked messages, and return what became of them. `to` are chats of a person who answers."""
    area, is_bot_at_work = CheckRunner("round trip"), _is_bot_at_work(config.mail.ledger)
    _, chats = await asyncio.gather(
        area.check("mail", partial(_mail, config.mail, environment)),
        chat_round_trip.examine(config, environment, to, is_bot_at_work=is_bot_at_work),
    )
    return [*area.results, *chats]


async def _mail(mail: Mail, environment: Mapping[str, str]) -> str:
    find = _way_back(mail, environment)
    message = compose(mail.address, mail.address, SUBJECT, "Sent by `mailbot doctor --channels`.\n")
    message[MARK] = "yes"
    began = time.time()
    try:
        await submit(message, mail.effective_smtp, to_send(mail, environment))
        arrival = await _until_found(partial(find, str(message["Message-ID"])))
    except (MailNotTaken, ConfigError) as error:
        raise CheckFailed(str(error).rstrip("."), "see what is amiss with “answers” above") from error
    except TimeoutError as error:
        words = f"a mail to {mail.address} did not come back within {ARRIVAL_SECONDS:.0f} s"
        raise CheckFailed(words, "look into its junk folder, and into the mail server's log") from error
    return f"a mail to {mail.address} came back in {max(0.0, arrival.at - began):.1f} s; {arrival.words}"


def _way_back(mail: Mail, environment: Mapping[str, str]) -> Callable[[str], Awaitable[RoundTrip | None]]:
    """Return the function that looks for a mail by its Message-ID: in the ledger, or in the mailbox.

    Raises `CheckFailed` if mail is only pushed in and no bot runs to take it.
    """
    if _is_bot_at_work(mail.ledger):

        async def look(message_id: str) -> RoundTrip | None:
            return await asyncio.to_thread(_taken, mail.ledger, message_id)

        return look
    if not mail.has_mailbox:
        raise CheckFailed(
            "no bot is at work, to which the mail could be handed over", "start it: mailbot serve"
        )
    return partial(_in_mailbox, mail, environment)


async def _until_found(find: Callable[[], Awaitable[RoundTrip | None]]) -> RoundTrip:
    async with asyncio.timeout(ARRIVAL_SECONDS):
        while (found := await find()) is None:  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(LEDGER_SECONDS)
    return found


def _is_bot_at_work(ledger: Path) -> bool:
    try:
        with looking(ledger) as db:
            beat = HeartbeatRow.of(db)
    except NoLedger:
        return False
    return beat is not None and beat.is_alive(time.time())


def _taken(ledger: Path, message_id: str) -> RoundTrip | None:
    """Return when the bot took the mail and what it did, once it has read it. Raises `CheckFailed`."""
    query = "SELECT id, state, accepted_at FROM message WHERE letter_id = ?"
    with looking(ledger) as db:
        row = db.execute(query, (hashed_id(db, message_id),)).fetchone()
    if row is None or row["state"] in ("accepted", "working"):
        return None
    if row["state"] != "silent":
        raise CheckFailed(
            f"the bot did not recognise its own mail ({row['state']})", f"mailbot trace {row['id']}"
        )
    return RoundTrip(row["accepted_at"], "the bot took it, and did not answer it")


async def _in_mailbox(mail: Mail, environment: Mapping[str, str], message_id: str) -> RoundTrip | None:
    """Look for the mail in the folder that is polled, and delete it there; None if it has not come yet."""
    settings = mail.effective_imap
    async with Connection.open(settings, to_read(mail, environment), TIMEOUT) as connection:
        found = await connection.search("HEADER", "Message-ID", quoted(message_id))
        if not found:
            await asyncio.sleep(MAILBOX_SECONDS)
            return None
        await connection.delete(found)
    return RoundTrip(time.time(), f"it was in {settings.folder}, and is deleted there; no bot is at work")
