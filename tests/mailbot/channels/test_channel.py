"""The seam: a message of any channel is answered by that channel, under the rules that hold for mail."""

from __future__ import annotations

from typing import Any

from mailbot.storage.ledger import Ledger
from styles.contract import DEFAULT_SIZE
from tests.fakes.mailbot.bot import Folder, answering, asking, until_census, until_settled
from tests.fakes.mailbot.channels.memory import MemoryChannel, large_photo, saying
from tests.fakes.mailbot.ledger import census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted, preview_of


async def test_a_message_is_answered_by_its_channel_and_a_mail_by_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat, photo = MemoryChannel(), large_photo()
    async with answering(Folder(asking()), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "mosaic", photo))
        shown, file = await chat.wait_for(2)
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent", 3)
    assert (shown.picture, file.picture) == (preview_of(painted(photo)), painted(photo))
    assert file.is_file
    assert file.name.endswith("-mosaic.jpg")
    assert "Mosaic" in shown.text
    assert {recipient for recipient, _ in chat.sent} == {"telegram:1"}
    assert chat.filed == [1]
    assert balancer.jobs[-1]["style"] == "mosaic"


async def test_a_message_that_comes_twice_is_answered_once(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat = MemoryChannel()
    async with answering(Folder(), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "mosaic", large_photo(1)))
        chat.put(saying(1, "mosaic", large_photo(2)))  # its photo was fetched again, and is another file
        await chat.wait_for(2)
        await until_census(ledger, "outbox.sent", 2)
    assert len(balancer.jobs) == 1
    assert sorted(chat.filed) == [1, 2]


async def test_a_chat_goes_on_with_its_last_photo_and_an_answer_names_another(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat, first, second = MemoryChannel(), large_photo(1), large_photo(2)
    async with answering(Folder(), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "mosaic", first))
        await until_settled(ledger, 1)
        await chat.wait_for(2)
        await until_census(ledger, "outbox.sent", 2)
        chat.put(saying(2, "the scream", second))
        await until_settled(ledger, 2)
        chat.put(saying(3, "now starry night"))
        await until_settled(ledger, 3)
        assert balancer.photos[-1] == second
        chat.put(saying(4, "bigger", answered="<1@sent>"))  # the server's name of the first answer
        await until_settled(ledger, 4)
        chat.put(saying(5, "mosaic", answered="<1@chat>", sender="2"))  # another's message is no thread
        await until_settled(ledger, 5)
    assert balancer.photos[-1] == first
    assert balancer.jobs[-1]["style"] == "mosaic"
    assert int(balancer.jobs[-1]["size"]) > DEFAULT_SIZE
    assert len(balancer.jobs) == 4


async def test_limits_and_deletion_are_those_of_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat, other = MemoryChannel(), MemoryChannel("sms")
    rules: dict[str, Any] = {"replies_per_hour": 2, "authserv_id": ["mx.painter.example"]}
    async with answering(Folder(), ledger, balancer, sink, channels=[chat, other], **rules):
        for number in (1, 2, 3, 4):
            chat.put(saying(number, "mosaic", large_photo(number)))
            await until_settled(ledger, number)
        other.put(saying(5, "mosaic", large_photo(5)))  # the number 1 of another channel is another person
        await other.wait_for(1)
        chat.put(saying(6, "delete my photos"))
        await until_settled(ledger, 6)
    assert len(balancer.jobs) == 3
    counts = await census(ledger)
    assert (counts["message.done"], counts["message.silent"]) == (4, 2)
    query = "SELECT count(*) FROM message WHERE channel = 'telegram' AND erased_at IS NULL"
    kept = await ledger.read(lambda db: db.execute(query).fetchone()[0])
    assert kept == 1, "the request itself, until it has been answered"


async def test_an_answer_that_its_channel_refuses_for_good_fails_alone(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat = MemoryChannel()
    chat.gone = {"telegram:2"}
    async with answering(Folder(), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "help", sender="2"))
        chat.put(saying(2, "help"))
        await until_census(ledger, "outbox.failed")
        await until_census(ledger, "outbox.sent")


async def test_an_oversized_message_and_one_without_a_photo_are_answered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat = MemoryChannel()
    async with answering(Folder(), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "mosaic"), oversized=True)
        (large,) = await chat.wait_for(1)
        chat.put(saying(2, "hello there, friend", sender="3"))
        _, nothing = await chat.wait_for(2)
    assert "too large" in large.text
    assert "photo" in nothing.text


async def test_of_a_deleted_answer_no_name_of_its_recipient_is_left(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    chat = MemoryChannel()
    async with answering(Folder(), ledger, balancer, sink, channels=[chat]):
        chat.put(saying(1, "mosaic", large_photo()))
        await chat.wait_for(2)
        await until_census(ledger, "outbox.sent", 2)
        chat.put(saying(2, "delete my photos"))
        await until_settled(ledger, 2)
        query = "SELECT sent_as FROM outbox WHERE message = 1"
        names = await ledger.read(lambda db: [row["sent_as"] for row in db.execute(query)])
        chat.put(saying(3, "bigger", answered="<1@sent>"))  # it is known all the same
        *_, gone = await chat.wait_for(4)
    assert len(names) == 2
    assert not any("@" in name for name in names)
    assert "deleted" in gone.text
