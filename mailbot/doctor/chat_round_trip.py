"""Send a marked message to a chat, and wait until its person answers it: `mailbot doctor --channels --to`.

Telegram gives a bot no message of its own, and a phone number cannot text itself. So a person with the phone
in their hand is half of the way: they press a button, or answer with a word. A bot at work takes that and
answers it, and its ledger says when.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from mailbot.channels import telegram_api, twilio_api
from mailbot.channels.chat_message import address, identity
from mailbot.channels.enabled import telegram_token, twilio_token
from mailbot.channels.telegram_api import TelegramApi
from mailbot.channels.twilio_api import TwilioApi
from mailbot.config import MailbotConfigFile
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckState
from mailbot.doctor.mail_servers import TIMEOUT
from mailbot.settings.sms import Sms
from mailbot.settings.telegram import Telegram
from mailbot.storage.keyed_hash import pseudonym, secret_of
from mailbot.storage.outside_access import looking
from mailbot.transport.answer_sender import ReplyRejected, TryLater
from styles.service.config import ConfigError

#: Seconds within which the person should answer.
ANSWER_SECONDS = 120.0
#: Seconds between two looks into the ledger.
LEDGER_SECONDS = 0.2
#: What every marked message begins with, and the word to answer with: Twilio answers “help” itself.
MARK, WORD = "The doctor's round trip:", "styles"

_ANSWERED = """SELECT accepted_at, (SELECT max(sent_at) FROM outbox WHERE message = message.id) AS answered_at
    FROM message WHERE author = ? AND accepted_at >= ? ORDER BY id LIMIT 1"""

Send = Callable[[str], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ChatWay:
    """Hold a channel's name for people, with what they are to do on their phone."""

    channel: str
    name: str
    example: str  #: of a sender within the channel
    act: str
    send: Send


async def examine(
    config: MailbotConfigFile, environment: Mapping[str, str], to: Sequence[str], *, is_bot_at_work: bool
) -> list[CheckResult]:
    """Send a marked message by each chat that is switched on, to the recipients `to`; return the results."""
    trips = [_results(config, way, to, is_bot_at_work) for way in _ways(config, environment)]
    return [*chain.from_iterable(await asyncio.gather(*trips))]


def _ways(config: MailbotConfigFile, environment: Mapping[str, str]) -> Iterator[_ChatWay]:
    if config.telegram.enabled:
        send = partial(_telegram, config.telegram, environment)
        yield _ChatWay(
            channel=telegram_api.NAME, name="Telegram", example="12345", act="press its button", send=send
        )
    if config.sms.enabled:
        send, act = partial(_sms, config.sms, environment), f"answer “{WORD}”"
        name, example = "text messages", "+15552223333"
        yield _ChatWay(channel=twilio_api.NAME, name=name, example=example, act=act, send=send)


async def _results(
    config: MailbotConfigFile, way: _ChatWay, to: Sequence[str], is_bot_at_work: bool
) -> list[CheckResult]:
    area = CheckRunner("round trip")
    for recipient in to:
        if recipient.startswith(identity(way.channel, "")):
            trip = partial(_round_trip, config.mail.ledger, recipient, way, is_bot_at_work=is_bot_at_work)
            await area.check(way.name, trip)
    if not area.results:
        example = identity(way.channel, way.example)
        words = f"it takes a person who answers: have your phone in your hand, and name it by --to {example}"
        skipped = CheckResult(area="round trip", name=way.name, state=CheckState.SKIPPED, words=words)
        area.results.append(skipped)
    return area.results


async def _round_trip(ledger: Path, recipient: str, way: _ChatWay, *, is_bot_at_work: bool) -> str:
    if not is_bot_at_work:
        raise CheckFailed("no bot is at work, which would take your answer", "start it: mailbot serve")
    began = time.time()
    try:
        await way.send(address(recipient))
    except (TryLater, ReplyRejected, ConfigError) as error:
        remedy = "see above; who never wrote to the bot in Telegram cannot be written to"
        raise CheckFailed(f"{recipient} cannot be written to: {error}".rstrip("."), remedy) from error
    sent = time.time()
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            about = (ledger, recipient, began)
            while (times := await asyncio.to_thread(_times, *about)) is None:  # noqa: ASYNC110 - no event
                await asyncio.sleep(LEDGER_SECONDS)
    except TimeoutError as error:
        words = f"a message went to {recipient}, but nothing came back within {ANSWER_SECONDS:.0f} s"
        raise CheckFailed(words, f"{way.act} on that phone; else the way in is broken: see above") from error
    came, answered = times
    went = f"a message went to {recipient} in {sent - began:.1f} s"
    back = (
        f"your answer came {max(0.0, came - sent):.1f} s later, and was answered in {answered - came:.1f} s"
    )
    return f"{went}; {back}"


def _times(ledger: Path, recipient: str, since: float) -> tuple[float, float] | None:
    """Return when the first message of a person came and when it was answered, once it was."""
    with looking(ledger) as db:
        row = db.execute(_ANSWERED, (pseudonym(secret_of(db), recipient), since)).fetchone()
    return (row["accepted_at"], row["answered_at"]) if row and row["answered_at"] else None


async def _telegram(settings: Telegram, environment: Mapping[str, str], chat: str) -> None:
    api = TelegramApi(settings.api, telegram_token(environment), TIMEOUT)
    button = {"text": WORD, "callback_data": WORD}
    try:
        keyboard = {"inline_keyboard": [[button]]}
        text = f"{MARK} press the button below."
        await api.call("sendMessage", dict, chat_id=chat, text=text, reply_markup=keyboard)
    finally:
        await api.close()


async def _sms(settings: Sms, environment: Mapping[str, str], number: str) -> None:
    api = TwilioApi(settings, twilio_token(environment), TIMEOUT)
    try:
        values = {"From": settings.number, "To": number, "Body": f'{MARK} answer "{WORD}".'}
        if not await api.send(values):
            raise ReplyRejected("it has written STOP, so text START from it first")
    finally:
        await api.close()
