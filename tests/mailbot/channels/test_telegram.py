"""Telegram as people see it: the whole bot over a fake Bot API."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

import msgspec
import pytest

from mailbot.channels import telegram_source
from mailbot.channels.telegram import TelegramChannel
from mailbot.channels.telegram_api import TelegramApi
from mailbot.channels.telegram_updates import COMMANDS, TelegramUpdate, arrivals
from mailbot.settings.telegram import Telegram
from mailbot.storage.ledger import Ledger
from mailbot.transport.answer_sender import TryLater
from tests.fakes.mailbot.bot import Folder, answering, until_census, until_settled
from tests.fakes.mailbot.channels.bot_api import TOKEN, FakeBotApi
from tests.fakes.mailbot.channels.memory import large_photo
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer, painted, preview_of, sheet_of


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as server:
        yield server


@pytest.fixture
async def channel(
    api: FakeBotApi, ledger: Ledger, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[TelegramChannel]:
    """A bot at work in Telegram."""
    monkeypatch.setattr(telegram_source, "ALBUM_SECONDS", 0.05)
    monkeypatch.setattr(telegram_source, "FIRST_DELAY", 0.01)
    channel = TelegramChannel(Telegram(enabled=True, api=api.url), TOKEN, ledger)
    async with answering(Folder(), ledger, balancer, sink, channels=[channel]):
        yield channel


pytestmark = pytest.mark.usefixtures("channel")


async def test_a_photo_comes_back_as_picture_and_file_with_buttons(
    api: FakeBotApi, balancer: FakeBalancer, ledger: Ledger
) -> None:
    beach = large_photo()
    balancer.may_paint.clear()
    number = api.says("mosaic", beach)
    assert await api.until_called("sendChatAction") == {"chat_id": "1", "action": "upload_photo"}
    balancer.may_paint.set()
    shown, file = await api.wait_for(2)
    assert (shown.method, shown.content) == ("sendPhoto", preview_of(painted(beach)))
    assert (file.method, file.content) == ("sendDocument", painted(beach))
    assert shown.answers == number
    assert "Mosaic" in shown.text
    assert {"stronger", "more subtle", "bigger", "all styles", "The-Scream"} <= file.buttons.keys()
    await until_census(ledger, "outbox.sent", 2)
    api.presses(file, "The-Scream")
    *_, again = await api.wait_for(4)
    api.presses(again, "bigger")
    *_, again = await api.wait_for(6)
    api.presses(file, "all styles")  # of the first answer, whatever came since
    *_, sheet = await api.wait_for(8)
    assert [job.get("style") for job in balancer.jobs] == ["mosaic", "the-scream", "the-scream", None]
    assert sheet.content == sheet_of(beach)
    assert balancer.photos == [beach] * 4
    assert sum(method == "answerCallbackQuery" for method, _ in api.calls) == 3


async def test_an_album_is_one_message_and_a_file_is_a_photo(api: FakeBotApi, balancer: FakeBalancer) -> None:
    album = [large_photo(1), large_photo(2)]
    api.says("the scream", *album)
    api.says("mosaic", photo(format="PNG"), chat=2, as_file=True)
    sent = await api.wait_for(6)
    assert sorted(job["style"] for job in balancer.jobs) == ["mosaic", "the-scream", "the-scream"]
    assert {each.content for each in sent if each.chat == "1" and each.method == "sendDocument"} == set(
        map(painted, album)
    )
    assert [each.name for each in sent if each.chat == "2"][-1] == "beach-mosaic.jpg"


async def test_an_album_is_one_message_where_another_person_writes_between(
    api: FakeBotApi, balancer: FakeBalancer, ledger: Ledger
) -> None:
    writing, api.updates = api.updates, []
    api.says("the scream", large_photo(1), large_photo(2))
    api.says("help", chat=2)
    first, second, help = api.updates
    api.updates = writing
    writing += [first, help, second]
    await api.wait_for(5)
    await until_census(ledger, "outbox.sent", 5)
    assert [job["style"] for job in balancer.jobs] == ["the-scream"] * 2


async def test_what_is_given_again_is_answered_once(
    api: FakeBotApi, ledger: Ledger, balancer: FakeBalancer
) -> None:
    api.faults["getUpdates"] = deque(["drop", {"error_code": 502, "description": "Bad Gateway"}])
    api.faults["getFile"] = deque(["drop", {"error_code": 429, "parameters": {"retry_after": 0}}])
    api.says("mosaic", large_photo())
    api.says("help", chat=2)
    await api.wait_for(3)
    await until_census(ledger, "outbox.sent", 3)
    given, api.updates = list(api.updates), []
    api.says("help", chat=3)
    api.updates = given + api.updates
    await until_settled(ledger, 3)
    await api.wait_for(4)
    assert len(balancer.jobs) == 1
    assert [each.chat for each in api.sent].count("2") == 1


async def test_an_answer_waits_as_long_as_telegram_asks_and_goes_to_nobody_who_blocked_the_bot(
    api: FakeBotApi, ledger: Ledger
) -> None:
    api.faults["sendMessage"] = deque([{"error_code": 429, "parameters": {"retry_after": 1}}])
    api.says("help")
    await api.wait_for(1)
    api.blocked = {"2"}
    api.says("help", chat=2)
    await until_census(ledger, "outbox.failed")
    query = "SELECT attempts, last_error FROM outbox ORDER BY id"
    first, second = await ledger.read(lambda db: db.execute(query).fetchall())
    assert (first["attempts"], second["attempts"]) == (2, 1)
    assert "blocked" in second["last_error"]
    assert TOKEN not in second["last_error"]


async def test_a_chat_at_its_limit_is_left_alone_and_no_other_waits(api: FakeBotApi, ledger: Ledger) -> None:
    api.fault("sendMessage", {"error_code": 429, "parameters": {"retry_after": 600}})
    api.says("help")
    await api.until_called("sendMessage")  # the row is pending before, too
    await until_census(ledger, "outbox.pending")
    api.says("styles")
    api.says("help")
    api.says("help", chat=2)
    (sent,) = await api.wait_for(1)
    await until_census(ledger, "outbox.pending", 3)
    assert sent.chat == "2"
    assert [values["chat_id"] for name, values in api.calls if name == "sendMessage"] == ["1", "2"]


async def test_another_bot_at_the_same_ledger_misses_no_message(
    api: FakeBotApi, ledger: Ledger, channel: TelegramChannel
) -> None:
    number = api.says("help")
    await until_settled(ledger, 1)
    update = {"update_id": 9, "message": {"message_id": number, "chat": {"id": 1}, "from": {"id": 1}}}
    (arrival,) = arrivals([msgspec.convert(update, TelegramUpdate)])
    other = TelegramChannel(Telegram(enabled=True, api=api.url), "654321:test-token", ledger)
    again, first = await channel._raw(arrival), await other._raw(arrival)
    assert again is not None
    assert first is not None
    assert await ledger.accept(again) is None
    assert await ledger.accept(first) is not None


async def test_words_wait_for_the_photo_before_them(api: FakeBotApi, balancer: FakeBalancer) -> None:
    api.faults["getFile"] = deque(["drop", {"error_code": 502, "description": "Bad Gateway"}])
    beach = large_photo()
    api.says("mosaic", beach)
    api.says("the scream")
    await api.wait_for(4)
    assert balancer.photos == [beach, beach]


async def test_a_file_that_stalls_is_left_for_later(api: FakeBotApi) -> None:
    api.faults["file"] = deque(["stall"])
    client = TelegramApi(api.url, TOKEN, timeout=0.1)
    async with asyncio.timeout(5):
        with pytest.raises(TryLater, match="no answer"):
            await client.download("any")
    await client.close()


async def test_a_picture_that_telegram_does_not_show_is_sent_as_a_file(api: FakeBotApi) -> None:
    api.faults["sendPhoto"] = deque([{"error_code": 400, "description": "PHOTO_INVALID_DIMENSIONS"}])
    api.says("mosaic", large_photo())
    sent = await api.wait_for(2)
    assert [each.method for each in sent] == ["sendDocument", "sendDocument"]


async def test_what_is_too_large_or_no_photo_is_told(api: FakeBotApi, balancer: FakeBalancer) -> None:
    huge = {"file_id": "huge", "file_size": 25_000_000, "mime_type": "image/tiff", "file_name": "a.tif"}
    api.says("mosaic", document=huge)
    (large,) = await api.wait_for(1)
    api.says(video={"file_id": "v", "file_size": 5})
    _, video = await api.wait_for(2)
    api.files.clear()
    assert "20 MB" in large.text
    assert "video" in video.text
    assert balancer.jobs == []


async def test_commands_of_the_menu_and_groups(api: FakeBotApi, ledger: Ledger) -> None:
    api.says("mosaic", kind="group", chat=-7)
    api.says("/start")
    (first,) = await api.wait_for(1)
    assert "paint" in first.text
    assert "subject" not in first.text
    api.says("/stop@painter_bot")
    _, stopped = await api.wait_for(2)
    api.says("/start")
    *_, back = await api.wait_for(3)
    assert back.text.startswith("Welcome back: I answer you again.")
    api.says("/delete")
    *_, gone = await api.wait_for(4)
    assert gone.text.startswith("Your photos and messages are deleted.")
    assert "nothing more" in stopped.text
    await until_settled(ledger, 4)
    assert COMMANDS["delete"] == "delete my photos"


async def test_updates_that_nobody_understands_are_passed_over(api: FakeBotApi) -> None:
    api.updates += [{"update_id": 0, "message": {"message_id": "seven"}}, {"update_id": 1, "poll": {}}]
    api.says("help")
    await api.wait_for(1)
