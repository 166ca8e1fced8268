"""Whether a mail is answered at all, decided before anything else is done about it.

    Admission.turn_away   raises Silent: rules, lists, forged senders, those who wrote "stop", dead addresses
    Admission.admit       raises Silent, OverCap or NoRoom: the limits; and NotProven
    Admission.may_delete  whether this is a wish to have all deleted, and of somebody who may have it
    REASONS               every reason for silence; docs/never-answer.md explains them

The two are apart because what a mail asks for is known only when the pictures that we painted ourselves have
been taken out of it. A bounce is noted at the answer that it is about on its way into silence.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from mailbot.config import Mail
from mailbot.intents import command_types, commands
from mailbot.parsing.parse import StyleRequest
from mailbot.sender_policy import authentication, bounces, rate_limits, silence, suppression
from mailbot.sender_policy.allow_deny import welcome
from mailbot.sender_policy.rate_limits import RateLimits, ReplyRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.models import Message
from styles.errors import PainterError, Permanent

log = logging.getLogger(__name__)

#: Answers in a day to somebody of whom our mail server cannot say that it is they who write.
UNVERIFIED_PER_DAY = 5

#: A reply that says thank you and nothing else.
THANKS = "only thanks"
#: Beside those of `policy.REASONS`.
REASONS = (
    *silence.REASONS,
    *(
        "deny or allow list",
        "forged sender",
        "asked us to stop",
        "answers came back",
        "too many mails",
        THANKS,
    ),
)


class Silent(Exception):
    """This mail is never answered; the message is the reason."""


class OverCap(Permanent):
    """The sender has had as many answers as one gets; said once in that window."""

    def __init__(self, until: float) -> None:
        time = datetime.fromtimestamp(until + 60, UTC)  # a minute is cut off
        super().__init__(
            "That is as many mails as I can answer for one person in a while. "
            f"Please send it again after {time:%H:%M} UTC on {time:%d %B}; until then I stay silent."
        )


class NotProven(Permanent):
    """A wish to have all deleted, of somebody of whom our mail server cannot say that it is they."""

    def __init__(self, keep_days: float) -> None:
        after = f"{keep_days:g} {'day' if keep_days == 1 else 'days'} after its answer"
        super().__init__(
            "I deleted nothing: your mail came without proof that it is yours (a DMARC, SPF or DKIM pass), "
            "and anybody could have written it in your name. "
            f"What you sent is deleted {after if keep_days else 'as soon as it is answered'}."
        )


class NoRoom(Exception):
    """As many answers went out as may in a day: the mail waits until `until`, seconds since the epoch."""

    def __init__(self, until: float) -> None:
        super().__init__("as many answers went out as may in a day")
        self.until = until


class Admission:
    """Keeps `[mail]`'s rules about who is answered, and how often."""

    def __init__(self, settings: Mail, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock

    async def turn_away(self, message: Message, request: StyleRequest, body: bytes) -> None:
        """Raises `Silent` for a mail that is not to be answered, whatever it asks for."""
        settings = self._settings
        if reason := silence.silence(request, settings.own):
            await self._note_bounce(message, body)
            raise Silent(reason)
        if not welcome(_senders(request), settings.allow, settings.deny):
            raise Silent("deny or allow list")
        if authentication.judge(request.automation, settings.authserv_id) == "fail":
            raise Silent("forged sender")
        who = self._ledger.known_as(request.sender)
        now = self._clock()
        is_muted, is_unreachable = await self._ledger.transact(
            lambda db: (suppression.muted(db, who, message.id), suppression.unreachable(db, who, now)),
            durable=False,
        )
        if is_muted and not isinstance(said(request), command_types.Start | command_types.DeletePhotos):
            raise Silent("asked us to stop")
        if is_unreachable:
            raise Silent("answers came back")

    async def admit(self, message: Message, request: StyleRequest) -> None:
        """Take a place for the answer in the counts. Raises `Silent`, `OverCap`, `NoRoom` or `NotProven`."""
        reply_request = ReplyRequest(
            message=message.id,
            sender=request.sender,
            who=self._ledger.known_as(request.sender),
            has_photo=bool(request.images),
        )
        if not request.images and isinstance(said(request), command_types.Stop):
            await self.mute(message, request)  # though there be no answer any more
        limits, now = self._rate_limits(request), self._clock()
        verdict = await self._ledger.transact(
            lambda db: rate_limits.admit(db, reply_request, limits, now), durable=False
        )
        match verdict.kind:
            case "silence":
                raise Silent("too many mails")
            case "notice":
                raise OverCap(verdict.until)
            case "wait":
                raise NoRoom(verdict.until)
        if isinstance(said(request), command_types.DeletePhotos) and not self.may_delete(request):
            raise NotProven(self._settings.keep_days)

    def may_delete(self, request: StyleRequest) -> bool:
        """Whether the mail wants all of its `From` deleted, and is from there as far as anybody can tell."""
        if not isinstance(said(request), command_types.DeletePhotos):
            return False
        trusted = self._settings.authserv_id
        return not trusted or authentication.judge(request.automation, trusted) == "pass"

    async def mute(self, message: Message, request: StyleRequest) -> None:
        """No more answers to this sender after the one to `message`."""
        who, now = self._ledger.known_as(request.sender), self._clock()
        await self._ledger.transact(lambda db: suppression.mute(db, who, message.id, now))

    async def unmute(self, request: StyleRequest) -> None:
        """Answers to this sender again."""
        who = self._ledger.known_as(request.sender)
        await self._ledger.transact(lambda db: suppression.unmute(db, who))

    async def _note_bounce(self, message: Message, body: bytes) -> None:
        found = await asyncio.to_thread(bounces.read, body)
        if found is None:
            return
        bounce, ids = found
        now = self._clock()
        answered = await self._ledger.transact(lambda db: suppression.note_bounce(db, ids, bounce, now))
        if answered is not None:
            log.info("mail %d: the answer to mail %d %s", message.id, answered, bounce)

    def _rate_limits(self, request: StyleRequest) -> RateLimits:
        settings = self._settings
        verified = not settings.authserv_id or self._is_verified(request)
        per_day = max(settings.replies_per_day, settings.replies_per_hour)
        return RateLimits(
            per_hour=settings.replies_per_hour,
            per_day=per_day if verified else min(UNVERIFIED_PER_DAY, per_day),
            notes_per_hour=settings.notes_per_hour,
            total_per_day=settings.total_per_day,
            notices=verified,
        )

    def _is_verified(self, request: StyleRequest) -> bool:
        """Whether the sender is who it says, and the answer goes to them and not to another's address."""
        verdict = authentication.judge(request.automation, self._settings.authserv_id)
        domains = (request.sender.rpartition("@")[2], request.automation.from_address.rpartition("@")[2])
        return verdict == "pass" and authentication.aligned(*domains)


def _senders(request: StyleRequest) -> tuple[str, ...]:
    return (request.sender, request.automation.from_address)


def said(request: StyleRequest) -> command_types.Command | None:
    """What the mail asks for that needs no style; None if that is nothing."""
    try:
        return commands.read(request, (), "", job_prefix="", own=())
    except PainterError:
        return None
