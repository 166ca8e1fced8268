"""Decide whether a mail is answered at all.

`Admission.turn_away` runs first: rules, lists, forged senders, senders who wrote "stop", dead addresses.
Then the bot takes its own paintings out of the mail, which can change what the mail asks for. Then
`Admission.admit` runs: the rate limits, and the proof that a deletion needs.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase

from mailbot.config import Mail
from mailbot.intents.command_types import DeletePhotos, SenderCommand, Start, Stop
from mailbot.intents.sender_orders.sender_commands import sender_command
from mailbot.parsing import carriers
from mailbot.parsing.headers import without_tag
from mailbot.parsing.mail_parser import MAIL, StyleRequest
from mailbot.sender_policy import authentication, bounces, rate_limits, silence, suppression
from mailbot.sender_policy.rate_limits import RateLimits, ReplyRequest
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message
from mailbot.undelivered import notice
from styles.errors import Permanent
from styles.translatable import gettext_noop

log = logging.getLogger(__name__)

#: Answers in a day to a sender whose address the mail server could not verify.
UNVERIFIED_PER_DAY = 5

#: The reason for silence about a reply that only says thank you.
THANKS = "only thanks"
#: The reason for silence about a painting whose learning was stopped by its sender, who was told so.
CANCELLED = "its learning was stopped"
#: Every reason for silence; docs/never-answer.md explains them.
REASONS = (
    *silence.REASONS,
    *("deny or allow list", "forged sender", "asked us to stop", "answers came back", "too many mails"),
    THANKS,
    CANCELLED,
)


class Silent(Exception):
    """Report that a mail is never answered; the message is the reason."""


class OverLimit(Permanent):
    """Report that the sender reached a rate limit. The bot says so once in the limit's window."""

    def __init__(self, until: float) -> None:
        after = datetime.fromtimestamp(until + 60, UTC)  # the text has no seconds
        super().__init__(
            gettext_noop(
                "That is as many mails as I can answer for one person in a while. "
                "Please send it again after {time} UTC on {date}; until then I stay silent."
            ),
            time=after.time(),
            date=after.date(),
        )


class NotProven(Permanent):
    """Report a request for deletion from an address that the mail server could not verify."""

    def __init__(self, keep_days: float) -> None:
        super().__init__(
            gettext_noop(
                "I deleted nothing: your mail came without proof that it is yours (a DMARC, SPF or DKIM "
                "pass), and anybody could have written it in your name. "
                "What you sent is deleted {time} after its answer."
            )
            if keep_days
            else gettext_noop(
                "I deleted nothing: your mail came without proof that it is yours (a DMARC, SPF or DKIM "
                "pass), and anybody could have written it in your name. "
                "What you sent is deleted as soon as it is answered."
            ),
            time=timedelta(days=keep_days),
        )


class PostponedMail(Exception):
    """Report that a mail waits until `until`, seconds since the epoch; the message is the reason."""

    level = logging.INFO  #: of the line in the log

    def __init__(self, reason: str, until: float) -> None:
        super().__init__(reason)
        self.until = until


class NoRoom(PostponedMail):
    """Report that the day's answers are used up."""

    level = logging.WARNING

    def __init__(self, until: float) -> None:
        super().__init__("as many answers went out as may in a day", until)


class Admission:
    """Apply the rules of `[mail]` about who is answered, and how often."""

    def __init__(self, settings: Mail, ledger: Ledger, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._ledger = ledger
        self._clock = clock

    async def turn_away(self, message: Message, request: StyleRequest, body: bytes) -> None:
        """Raise `Silent` for a mail that gets no answer, even if it is below every limit."""
        settings = self._settings
        if reason := silence.silence(request, settings.own):
            await self._note_bounce(message, body)
            raise Silent(reason)
        senders = (request.sender, request.automation.from_address)
        if not welcome(senders, settings.allow, settings.deny):
            raise Silent("deny or allow list")
        if self._verdict(request) == "fail":
            raise Silent("forged sender")
        who = self._ledger.known_as(request.sender)
        now = self._clock()
        is_muted, is_unreachable = await self._ledger.transact(
            lambda db: (suppression.muted(db, who, message.id), suppression.unreachable(db, who, now)),
            durable=False,
        )
        if is_muted and not isinstance(sender_command(request), Start | DeletePhotos):
            raise Silent("asked us to stop")
        if is_unreachable:
            raise Silent("answers came back")

    async def admit(self, message: Message, request: StyleRequest, command: SenderCommand | None) -> None:
        """Count the answer to this mail. Raises `Silent`, `OverLimit`, `NoRoom` or `NotProven`."""
        who, has_photo = self._ledger.known_as(request.sender), bool(request.images)
        asked = ReplyRequest(message=message.id, sender=request.sender, who=who, has_photo=has_photo)
        if isinstance(command, Stop):
            await self.mute(message, request)  # even if a limit forbids the answer
        limits, now = self._rate_limits(request), self._clock()
        decision = await self._ledger.transact(
            lambda db: rate_limits.admit(db, asked, limits, now), durable=False
        )
        match decision.kind:
            case "silence":
                raise Silent("too many mails")
            case "notice":
                raise OverLimit(decision.until)
            case "wait":
                raise NoRoom(decision.until)
        if isinstance(command, DeletePhotos) and not self.may_delete(request, command):
            raise NotProven(self._settings.keep_days)

    def may_delete(self, request: StyleRequest, command: SenderCommand | None) -> bool:
        """Tell whether the `command` deletes everything of `From`, and the mail is known to be from there."""
        return isinstance(command, DeletePhotos) and self.is_proven(request)

    def is_proven(self, request: StyleRequest) -> bool:
        """Tell whether the mail is known to be from its `From`."""
        return self._verdict(request) == "pass"

    def teaches(self, request: StyleRequest) -> bool:
        """Tell whether a mail's author may teach."""
        return listed(request.automation.from_address, self._settings.teachers)

    def may_remember(self, request: StyleRequest) -> bool:
        """Tell whether the answer may hold earlier photos of `From`: a `Reply-To` can be another person's."""
        own = without_tag(request.sender) == without_tag(request.automation.from_address)
        return own and self.is_proven(request)

    def is_remembered(self, request: StyleRequest) -> bool:
        """Tell whether an answer to the answer needs no photo. A carrier's gateway keeps no thread."""
        has_thread = request.channel != MAIL or carriers.limits(request.sender).html
        return has_thread and self._settings.keep_days > 0 and self.may_remember(request)

    async def mute(self, message: Message, request: StyleRequest) -> None:
        """Send this sender no more answers after the one to `message`."""
        who, now = self._ledger.known_as(request.sender), self._clock()
        await self._ledger.transact(lambda db: suppression.mute(db, who, message.id, now))

    async def unmute(self, request: StyleRequest) -> bool:
        """Answer this sender again; return whether they had asked for no more answers."""
        who = self._ledger.known_as(request.sender)
        return await self._ledger.transact(lambda db: suppression.unmute(db, who))

    async def _note_bounce(self, message: Message, body: bytes) -> None:
        found = await asyncio.to_thread(bounces.read, body)
        if found is None:
            return
        bounce, ids = found
        now = self._clock()

        def noted(db: sqlite3.Connection) -> int | None:
            answered = suppression.note_bounce(db, ids, bounce, now)
            if answered is not None and bounce.is_final:
                notice.keep(db, self._settings, answered, str(bounce), now)
            return answered

        answered = await self._ledger.transact(noted)
        if answered is not None:
            log.info("mail %d: the answer to mail %d %s", message.id, answered, bounce)

    def _rate_limits(self, request: StyleRequest) -> RateLimits:
        settings = self._settings
        # An answer to another's address (Reply-To) is only verified if its owner is the sender's.
        domains = (request.sender.rpartition("@")[2], request.automation.from_address.rpartition("@")[2])
        is_chat = request.channel != MAIL
        is_aligned = is_chat or not settings.authserv_id or authentication.aligned(*domains)
        verified = is_aligned and self._verdict(request) == "pass"
        per_day = max(settings.replies_per_day, settings.replies_per_hour)
        return RateLimits(
            per_hour=settings.replies_per_hour,
            per_day=per_day if verified else min(UNVERIFIED_PER_DAY, per_day),
            notes_per_hour=settings.notes_per_hour,
            total_per_day=settings.total_per_day,
            notices=verified,
        )

    def _verdict(self, request: StyleRequest) -> authentication.SenderVerdict:
        """Return the mail server's verdict on `From`, "pass" if the config names no server.

        Another channel's own server says who a message is from, and nobody else speaks to it.
        """
        trusted = self._settings.authserv_id if request.channel == MAIL else ()
        return authentication.judge(request.automation, trusted) if trusted else "pass"


def listed(address: str, patterns: Iterable[str]) -> bool:
    """Tell whether a pattern matches the address: the address, `@its.domain`, or `*@*.domain` as in a shell.

    `ann@example.org` also matches `ann+photos@example.org`; `@example.org` does not match its subdomains.
    Case does not matter: no provider distinguishes `Ann@` from `ann@`.
    """
    names = (address.lower(), without_tag(address))
    wanted = (f"*{pattern}" if pattern.startswith("@") else pattern for pattern in map(str.lower, patterns))
    return any(fnmatchcase(name, pattern) for pattern in wanted for name in names)


def welcome(senders: Collection[str], allow: Collection[str], deny: Collection[str]) -> bool:
    """Tell whether the lists let in a mail of these senders. Deny wins.

    An allow list that is not empty must name each of them, since the answer goes to one of them. So a mail in
    a friend's name gets no answer at another person's `Reply-To`.
    """
    if any(listed(sender, deny) for sender in senders):
        return False
    return not allow or all(listed(sender, allow) for sender in senders)
