"""Give out codes in the place of pictures that cannot arrive, and take them in again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from mailbot.config import Mail
from mailbot.parsing import carriers
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.replies.draft import ReplyDraft
from mailbot.replies.mime import ReplyContext, seal
from mailbot.replies.text_and_html import Letter
from mailbot.storage import conversations
from mailbot.storage.conversations import Remembered
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.undelivered import notice, one_time_codes
from mailbot.undelivered.one_time_codes import UnknownCode
from styles.service.units import DAY


class Redemption:
    """Look up and redeem the codes of one ledger."""

    def __init__(self, settings: Mail, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock

    async def instead(self, message: Message, request: StyleRequest, draft: ReplyDraft) -> ReplyDraft:
        """Return the draft, or one with a code where its pictures cannot reach the sender."""
        now = self._clock()
        today = datetime.fromtimestamp(now, UTC).date()
        is_closed = carriers.closed_since(request.sender, today) is not None
        if not (draft.painted and is_closed and self._settings.keep_days):
            return draft
        code = await self._ledger.transact(lambda db: one_time_codes.make(db, message.id, notice.CLOSED, now))
        if code is None:
            return draft
        write = partial(reply_code, code=code, until=now + self._settings.keep_days * DAY)
        return replace(draft, kind="code", write=write, further=())

    async def redeemed(self, message: Message, request: StyleRequest) -> Remembered | None:
        """Return the paintings whose code the message holds; None if it holds none.

        Raises `UnknownCode`, but not beside a photo, which is painted then.
        """
        wanted = one_time_codes.codes_in(request.subject, request.text)
        if not wanted:
            return None
        who, now = self._ledger.known_as(request.sender), self._clock()
        try:
            found = await self._ledger.transact(
                lambda db: one_time_codes.claim(db, wanted, message.id, who, now)
            )
        except UnknownCode:
            found = None
            if not request.images:
                raise
        if found is not None:
            return await self._ledger.read(lambda db: conversations.of_message(db, found))
        if not request.images:
            raise UnknownCode(wanted[0], is_late=False)
        return None


def reply_code(context: ReplyContext, code: str, until: float) -> bytes:
    """Say under which code the painting waits, in a text that may reach a phone which pictures do not."""
    title, how = notice.sentences(context.say, context.bot_address, code, until)
    return seal(context, Letter(say=context.say, title=title, paragraphs=(how,)))
