"""Take messages from Telegram with long polling: no port is open to the world.

`getUpdates` with an offset tells Telegram to forget all updates before it. So it is called with the next
offset only when everything of the last batch is in the ledger. What Telegram gives again after a crash is
known there by its update (`sighting`), or by the id of its message.

A photo is fetched before its message is accepted, since Telegram keeps neither for long. If it cannot be
fetched now, its update stays unconfirmed, and nobody else is held up by it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from functools import partial

import msgspec

from mailbot.channels.chat_message import identity
from mailbot.channels.telegram_api import MAX_DOWNLOAD, NAME, TelegramApi, TelegramRefusal
from mailbot.channels.telegram_updates import KINDS, TelegramArrival, TelegramUpdate, arrivals
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import RawMessage
from mailbot.transport.answer_sender import TryLater
from styles.service.asyncio_tasks import TaskSet, cancel
from styles.service.backoff import jittered
from styles.service.units import DAY

log = logging.getLogger(__name__)

#: Seconds that Telegram holds a request while nothing comes in.
POLL_SECONDS = 50
#: Seconds after which the rest of an album is asked for: its photos are updates of their own.
ALBUM_SECONDS = 1.0
#: Bytes of all files of one message: an album may have ten of them, which are in memory together.
MAX_ALBUM = 60_000_000
#: Attempts at a photo, after which its sender is asked to send it once more.
MAX_TRIES = 10
#: Shortest and longest backoff between two attempts, seconds. Half to all of it is waited.
FIRST_DELAY, LAST_DELAY = 0.5, 30.0
#: Seconds for which Telegram keeps an update is a day. Update ids begin anew after a week without any.
REMEMBERED = 2 * DAY

_SEEN = """SELECT uid FROM sighting JOIN message ON message.id = sighting.message
    WHERE account = ? AND folder = '' AND uidvalidity = 0 AND uid >= ? AND accepted_at > ?"""


class TelegramSource:
    """See `MessageSource`. `account` names the bot in the ledger, and may not change."""

    def __init__(
        self, api: TelegramApi, account: str, ledger: Ledger, clock: Callable[[], float] = time.time
    ) -> None:
        self._api, self._account, self._ledger, self._clock = api, account, ledger, clock
        self._offset = 0
        self._unfiled: set[int] = set()
        self._filed = asyncio.Event()
        self._tries: Counter[int] = Counter()
        self._callbacks: dict[int, str] = {}
        self._signs = TaskSet(lambda _error: None)

    async def poll(self) -> AsyncGenerator[RawMessage, None]:
        """See `MessageSource`."""
        failures = 0
        while True:
            try:
                updates = await self._updates()
                left: set[str] = set()  # whose next messages wait, since they may be about these photos
                for arrival in arrivals(await self._unseen(updates)):
                    sender = arrival.message.sender if arrival.message else ""
                    if sender in left:
                        continue
                    try:
                        raw = await self._raw(arrival)
                    except TryLater as error:
                        log.warning("a photo of Telegram cannot be fetched now: %s", error)
                        left.add(sender)
                        continue
                    if raw is not None:
                        self._unfiled |= {raw.uid, *raw.also}
                        yield raw
                await self._until_filed()
                if left:
                    raise TryLater("photos are left")
                self._offset = max((update.update_id + 1 for update in updates), default=self._offset)
                failures = 0
            except (TryLater, TelegramRefusal) as error:
                asked = error.retry_after if isinstance(error, TryLater) else 0.0
                delay = max(asked, jittered(failures, FIRST_DELAY, LAST_DELAY))
                log.warning("Telegram is asked again in %.1f s: %s", delay, error)
                await asyncio.sleep(delay)
                failures += 1

    def file_away(self, raw: RawMessage) -> None:
        """See `MessageSource`."""
        self._unfiled -= {raw.uid, *raw.also}
        self._filed.set()
        if callback := self._callbacks.pop(raw.uid, ""):
            self._signs.start(self._api.sign("answerCallbackQuery", callback_query_id=callback))

    async def close(self) -> None:
        """Cancel the calls whose success nobody waits for."""
        await cancel(*self._signs)

    async def _updates(self) -> list[TelegramUpdate]:
        ask = partial(self._api.call, "getUpdates", list[msgspec.Raw], allowed_updates=KINDS)
        ask = partial(ask, offset=self._offset)
        raws = await ask(timeout=POLL_SECONDS)
        updates = _read(raws)
        if any(update.album for update in updates):
            await asyncio.sleep(ALBUM_SECONDS)
            updates = _read(await ask(timeout=0))
        return updates

    async def _unseen(self, updates: list[TelegramUpdate]) -> list[TelegramUpdate]:
        """Return the updates that are not in the ledger."""
        if not updates:
            return []
        values = (self._account, updates[0].update_id, self._clock() - REMEMBERED)
        seen = await self._ledger.read(lambda db: {row["uid"] for row in db.execute(_SEEN, values)})
        return [update for update in updates if update.update_id not in seen]

    async def _raw(self, arrival: TelegramArrival) -> RawMessage | None:
        """Fetch the files of a message. Raises `TryLater` while one cannot be fetched."""
        message = arrival.message
        if message is None:
            return None
        first, *further = arrival.updates
        too_large = [file for file in arrival.files if file.id and file.size > MAX_DOWNLOAD]
        if sum(file.size for file in arrival.files) > MAX_ALBUM:
            too_large = list(arrival.files)
        self._tries[first] += 1
        files = []
        for file in arrival.files:
            content = b""
            if file.id and not too_large:
                try:
                    content = await self._api.download(file.id)
                except TelegramRefusal as error:
                    log.warning("Telegram does not give a file: %s", error)
                except TryLater:
                    if self._tries[first] < MAX_TRIES:
                        raise
                    log.warning("a photo of Telegram is given up")
            files.append(msgspec.structs.replace(file.file, content=content))
        del self._tries[first]
        if arrival.callback:
            self._callbacks[first] = arrival.callback
        body = msgspec.structs.replace(message, files=tuple(files)).encode()
        return RawMessage(
            account=self._account,
            folder="",
            uidvalidity=0,
            uid=first,
            also=tuple(further),
            body=body,
            size=sum(file.size for file in too_large) or len(body),
            oversized=bool(too_large),
            channel=NAME,
            sender=identity(NAME, message.sender),
            key=f"{self._account} {message.id}",  # another bot counts its messages from one too
        )

    async def _until_filed(self) -> None:
        while self._unfiled:
            self._filed.clear()
            await self._filed.wait()


def _read(raws: list[msgspec.Raw]) -> list[TelegramUpdate]:
    """Return the updates in their order. Of one that this code does not understand, the number is left."""
    found = []
    for raw in raws:
        try:
            found.append(msgspec.json.decode(raw, type=TelegramUpdate))
        except msgspec.MsgspecError:
            log.warning("an update of Telegram cannot be read, and is passed over")
            found.append(TelegramUpdate(update_id=msgspec.json.decode(raw)["update_id"]))
    return found
