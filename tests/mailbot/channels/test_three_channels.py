"""Twenty conversations at once, by mail, in Telegram and by phone: each is about its own photo."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from mailbot.channels.channel import Channel
from mailbot.channels.telegram import TelegramChannel
from mailbot.channels.twilio import TwilioChannel
from mailbot.settings.telegram import Telegram
from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, pictures_of, until_census, until_settled
from tests.fakes.mailbot.channels import bot_api, twilio
from tests.fakes.mailbot.channels.bot_api import FakeBotApi
from tests.fakes.mailbot.channels.memory import large_photo
from tests.fakes.mailbot.channels.twilio import FakeTwilio
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted

PEOPLE = 20

#: As if a day had passed: the ledger's clock is moved by moving what it has noted.
A_DAY_LATER = "UPDATE message SET parsed_at = parsed_at - 86400, next_at = 0"


@dataclass(frozen=True, slots=True)
class World:
    """What people write to, and what they get."""

    folder: Folder
    sink: Sink
    api: FakeBotApi
    phone: FakeTwilio

    async def says(self, person: int, words: str, *photos: bytes) -> None:
        """One message of a person, by the channel that is theirs."""
        match person % 3:
            case 0:
                before = [answer for answer in self.sink.messages if f"person{person}@" in str(answer["To"])]
                fields = {"In_Reply_To": str(before[-1]["Message-ID"])} if before else {}
                images = [("beach.jpg", photo) for photo in photos]
                subject = "Re: beach" if before else words
                sender, id = f"person{person}@example.org", f"<{person}-{len(before)}@example.org>"
                text = words if before else ""
                self.folder.put(mail(subject, text, images, sender=sender, message_id=id, **fields))
            case 1:
                self.api.says(words, *photos, chat=person)
            case _:
                await self.phone.says(words, *photos, sender=f"+1555{person:07d}")

    def pictures(self, person: int) -> list[bytes]:
        """The full pictures that a person got, in their order."""
        match person % 3:
            case 0:
                answers = [each for each in self.sink.messages if f"person{person}@" in str(each["To"])]
                return [picture for answer in answers for picture in pictures_of(answer)]
            case 1:
                own = [each for each in self.api.sent if each.chat == str(person)]
                return [each.content for each in own if each.method == "sendDocument"]
            case _:
                sent = [each for each in self.phone.sent if each.to == f"+1555{person:07d}"]
                return [each.picture for each in sent if each.picture]


@asynccontextmanager
async def three_channels(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, **settings: Any
) -> AsyncIterator[World]:
    """A bot at work with all of them."""
    async with FakeBotApi() as api, FakeTwilio() as phone:
        world = World(Folder(), sink, api, phone)
        telegram = TelegramChannel(Telegram(enabled=True, api=api.url), bot_api.TOKEN, ledger)
        channels: list[Channel] = [telegram, TwilioChannel(phone.settings, twilio.TOKEN, ledger)]
        async with answering(world.folder, ledger, balancer, sink, channels=channels, **settings):
            yield world


async def test_twenty_conversations_by_three_channels(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    photos = [large_photo(person) for person in range(PEOPLE)]
    async with three_channels(ledger, balancer, sink, replies_per_hour=2) as world:
        for turn, words in enumerate(("mosaic", "now the scream please", "and starry night"), start=1):
            pictures = photos if turn == 1 else []
            await asyncio.gather(
                *(world.says(person, words, *pictures[person : person + 1]) for person in range(PEOPLE))
            )
            await until_settled(ledger, turn * PEOPLE)
            await until_census(ledger, "outbox.pending", 0)
            await until_census(ledger, "outbox.sending", 0)
    for person, photo in enumerate(photos):
        assert world.pictures(person) == [painted(photo)] * 2, f"person {person}"
    assert sorted(job["style"] for job in balancer.jobs) == sorted(["mosaic", "the-scream"] * PEOPLE)
    told = [str(answer.get_body(("plain",))) for answer in sink.messages]
    told += [each.text for each in world.api.sent] + [each.body for each in world.phone.sent]
    assert sum("as I can answer" in " ".join(words.split()) for words in told) == PEOPLE


async def test_the_days_total_is_of_all_channels_together(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    photos = [large_photo(person) for person in range(3)]
    async with three_channels(ledger, balancer, sink, replies_per_day_total=2) as world:
        for person, photo in enumerate(photos):  # one in each channel
            await world.says(person, "mosaic", photo)
        await until_settled(ledger, 2)
        await until_census(ledger, "message.accepted")
        await until_census(ledger, "outbox.pending", 0)
        await until_census(ledger, "outbox.sending", 0)
        assert sum(bool(world.pictures(person)) for person in range(3)) == len(balancer.jobs) == 2
        await ledger.transact(lambda db: db.execute(A_DAY_LATER))
        await world.says(0, "help")  # which has the bot look
        await until_settled(ledger, 4)
    assert len(balancer.jobs) == 3
