"""Serve what Twilio calls: messages that come in, receipts of answers, and the pictures of answers.

    POST /sms               a message: on the disk before it is answered with 200
    POST /receipts/ROW      what became of an answer
    GET  /media/ROW/TOKEN   the picture of an answer, for some hours

The two POSTs are signed by the account's token (X-Twilio-Signature). A picture's address cannot be guessed,
and says nothing of the person. A web server with TLS stands before this one, under `public_url`.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from mailbot.channels import twilio_receipts, webhook_arrivals
from mailbot.channels.twilio_api import NAME
from mailbot.parsing import file_type
from mailbot.replies.chat import read
from mailbot.settings.sms import Sms
from mailbot.storage.keyed_hash import keyed_hash, secret_of
from mailbot.storage.ledger import Ledger
from styles.service.backoff import jittered
from styles.service.units import HOUR

log = logging.getLogger(__name__)

#: Kind of the keyed hash in a picture's address: `Ledger.keyed`.
MEDIA = "media"
#: Seconds in which a call is answered: on a full disk the ledger waits, and Twilio gives up after 15.
ANSWER_SECONDS = 10.0
#: Seconds between two looks whether the answer of a receipt has been sent.
SENDING_SECONDS = 0.1
#: Shortest and longest pause between two attempts to listen, seconds.
FIRST_DELAY, LAST_DELAY = 1.0, 60.0
#: What an unsigned call is told, by which `mailbot doctor` knows the bot.
UNSIGNED = "The signature is not Twilio's."
#: Seconds between two lines in the log about calls that are refused.
TOLD_SECONDS = 60.0
#: Bytes of a call that are read. Twilio's have some 3 kB.
MAX_FORM = 100_000
#: Seconds for which a picture is served. Twilio fetches it within minutes, and carriers give up after hours.
MEDIA_SECONDS = 4 * HOUR

_PICTURE = """SELECT outbox.message_id, letter.content FROM outbox JOIN letter ON letter.outbox = outbox.id
    WHERE outbox.id = ? AND channel = 'sms' AND outbox.state IN ('sending', 'sent') AND sending_at > ?"""


def signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return Twilio's signature of a call: HMAC-SHA1 of the address and of the fields by their names."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class TwilioWebhook:
    """Serve while `serving` is entered. `arrived` is called after each new message, and after a receipt."""

    def __init__(
        self,
        settings: Sms,
        token: str,
        ledger: Ledger,
        clock: Callable[[], float],
        arrived: Callable[[], None],
    ) -> None:
        self._settings, self._token = settings, token
        self._ledger, self._clock, self._arrived = ledger, clock, arrived
        self._refused, self._told_at = 0, float("-inf")  # calls since the last line in the log

    async def run(self) -> None:
        """Listen until cancelled. While the port is taken, try again: texts come by the list meanwhile."""
        for failures in itertools.count():
            try:
                async with self.serving():
                    log.info(
                        "text messages to %s come to port %d", self._settings.number, self._settings.port
                    )
                    await asyncio.Event().wait()
            except OSError as error:
                delay = jittered(failures, FIRST_DELAY, LAST_DELAY)
                log.error(  # noqa: TRY400 - one line
                    "[sms] cannot listen at %s, port %d: %s. Texts come by Twilio's list each minute, but no "
                    "picture can be fetched. Set another port, or end the other program. Again in %.0f s",
                    *(self._settings.host, self._settings.port, error.strerror or error, delay),
                )
                await asyncio.sleep(delay)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen at host and port. Raises OSError if the port is taken."""
        app = web.Application(client_max_size=MAX_FORM)
        app.add_routes([web.post("/sms", self._sms), web.post(r"/receipts/{row:\d{1,15}}", self._receipt)])
        app.add_routes([web.get(r"/media/{row:\d{1,15}}/{token:[0-9a-f]{40}}", self._media)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._settings.host, self._settings.port).start()
            yield
        finally:
            await runner.cleanup()

    async def _signed(self, request: web.Request) -> dict[str, str]:
        """Return the fields of a call, if Twilio has signed it."""
        form = [(name, str(value)) for name, value in (await request.post()).items()]
        wanted = signature(self._token, f"{self._settings.public_url}{request.path}", form)
        given = request.headers.get("X-Twilio-Signature", "")
        if not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            self._note_refused()
            raise web.HTTPForbidden(text=UNSIGNED)
        return dict(form)

    def _note_refused(self) -> None:
        """Log refused calls, at most once in a while: anybody can make them."""
        self._refused += 1
        now = self._clock()
        if now - self._told_at >= TOLD_SECONDS:
            words = "%d calls without Twilio's signature are refused; is public_url as Twilio has it?"
            log.warning(words, self._refused)
            self._refused, self._told_at = 0, now

    async def _sms(self, request: web.Request) -> web.Response:
        fields, now = await self._signed(request), self._clock()
        key = fields.get("MessageSid", "")
        if not key or not fields.get("From"):
            raise web.HTTPBadRequest(text="MessageSid and From are missing.")
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._ledger.transact(lambda db: webhook_arrivals.add(db, NAME, key, fields, now))
        except TimeoutError:
            raise web.HTTPServiceUnavailable(text="The disk is full or slow: call again.") from None
        finally:  # out of time, it may be kept all the same
            self._arrived()
        return web.Response(text="<Response/>", content_type="text/xml")

    async def _receipt(self, request: web.Request) -> web.Response:
        fields, row, now = await self._signed(request), int(request.match_info["row"]), self._clock()
        receipt = twilio_receipts.Receipt.of(fields)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while (outcome := await self._note(row, receipt, now)) is None:  # noqa: ASYNC110 - the ledger gives no event
                    await asyncio.sleep(SENDING_SECONDS)
        except TimeoutError:
            raise web.HTTPServiceUnavailable(text="The answer is still being sent: call again.") from None
        if outcome:
            log.info("the answer of row %d: %s", row, outcome)
        self._arrived()
        return web.Response(status=204)

    async def _note(self, row: int, receipt: twilio_receipts.Receipt, now: float) -> str | None:
        return await self._ledger.transact(lambda db: twilio_receipts.note(db, row, receipt, now))

    async def _media(self, request: web.Request) -> web.Response:
        row, token, since = (
            int(request.match_info["row"]),
            request.match_info["token"],
            self._clock() - MEDIA_SECONDS,
        )
        content = await self._ledger.read(lambda db: _picture(db, row, token, since))
        if content is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        kind = f"image/{file_type.kind(content) or 'jpeg'}"
        return web.Response(body=content, content_type=kind, headers=headers)


def _picture(db: sqlite3.Connection, row: int, token: str, since: float) -> bytes | None:
    found = db.execute(_PICTURE, (row, since)).fetchone()
    wanted = keyed_hash(secret_of(db), MEDIA, found["message_id"], digits=40) if found else ""
    if found is None or not hmac.compare_digest(wanted, token):
        return None
    return read(found["content"]).picture or None
