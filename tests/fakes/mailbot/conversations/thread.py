"""A person's dialogue with the bot in one process: mails are read with their memory, nothing is painted.

Thread   a dialogue: `says` returns what came of a mail
Outcome  the pictures that would be painted, or why there are none, and what the answer says besides
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from mailbot.channels.chat_message import read_request
from mailbot.config import Mail
from mailbot.conversation.conversation import Conversations
from mailbot.conversation.understood import Understood
from mailbot.intents.command_types import Paint
from mailbot.intents.thanks import may_be_thanks
from mailbot.languages.language_choice import with_language
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage import conversations, erasure
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, PaintedFrom, RawMessage, Reply
from styles.contract import PaintingRecipe, StyleJob, StyleResult
from styles.errors import PainterError
from tests.fakes.mailbot.asks import ADDRESS, DEFAULT, shipped
from tests.fakes.mailbot.mails import mail, photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a mail."""

    pictures: tuple[tuple[str, StyleJob], ...] = ()  #: the file of each photo, and how it is painted
    is_silent: bool = False
    notes: tuple[str, ...] = ()  #: what the answer says was not done or not understood
    is_doubted: bool = False  #: the answer says that another style may be wished
    error: str = ""  #: the class of the error that is answered


#: What a person means, where something else came; () where nothing is to be painted.
Meant = Callable[[Outcome], Sequence[tuple[str, StyleJob]]]


class Thread:
    """A dialogue of one person, whose photos are known by the names of their files."""

    def __init__(self, ledger: Ledger, person: str = "ann@example.org") -> None:
        self._ledger, self._person = ledger, person
        self._conversations = Conversations(Mail.model_validate({"address": ADDRESS}), DEFAULT, ledger)
        self._files: dict[str, str] = {}
        self._sources: dict[str, int] = {}
        self._ids: list[str] = []

    async def says(
        self, text: str, photos: Sequence[str] = (), subject: str = "", meant: Meant | None = None
    ) -> Outcome:
        """Read a mail; all but the first reply to the answers before.

        `meant` returns the pictures that the person means, where others came: they wrote once more, and got
        them, before the next mail of the dialogue.
        """
        message = await self._accepted(text, photos, subject)
        request = read_request(message.channel, await self._ledger.body(message))
        self._files |= {image.sha256: image.name for image in request.images}
        self._sources |= dict.fromkeys((image.sha256 for image in request.images), message.id)
        await self._ledger.transact(lambda db: _noted(db, message, request), durable=False)
        if may_be_thanks(request) and await self._conversations.is_thanks(message, request, shipped()):
            await self._ledger.silence(message, "thanks")
            return Outcome(is_silent=True)
        request = await with_language(request, message, shipped(), self._ledger)
        recipes: tuple[PaintedFrom, ...] = ()
        try:
            understood = await self._conversations.read(message, request, shipped(), is_proven=True)
        except PainterError as error:
            outcome = Outcome(error=type(error).__name__, notes=(str(error),))
        else:
            outcome, recipes = self._outcome(understood), _recipes(understood, message)
        if meant and (pictures := meant(outcome)):
            recipes = self._corrected(pictures)
        await self._answer(message, request, recipes)
        return outcome

    async def _accepted(self, text: str, photos: Sequence[str], subject: str) -> Message:
        """Put a mail into the ledger, and take it out to be worked on."""
        number = len(self._ids)
        images = [(name, _photo(number * 10 + at)) for at, name in enumerate(photos)]
        thread = {"References": " ".join(self._ids), "In_Reply_To": self._ids[-1]} if self._ids else {}
        body = mail(
            subject or ("Re: photo" if self._ids else ""),
            text,
            images,
            sender=self._person,
            message_id=f"<{number}.{self._person}>",
            **thread,
        )
        raw = RawMessage(account=self._person, folder="INBOX", uid=number + 1, body=body, size=len(body))
        await self._ledger.accept(raw)
        (message,) = await self._ledger.lease(1)
        return message

    def _corrected(self, pictures: Sequence[tuple[str, StyleJob]]) -> tuple[PaintedFrom, ...]:
        """The recipes of pictures of this dialogue's photos, by the names of their files."""
        photos = {file: photo for photo, file in self._files.items()}
        return tuple(
            PaintedFrom(
                source=self._sources[photos[file]],
                photo=photos[file],
                recipe=PaintingRecipe.of(job, version=1),
            )
            for file, job in pictures
        )

    async def _answer(
        self, message: Message, request: StyleRequest, recipes: tuple[PaintedFrom, ...]
    ) -> None:
        """Record the answer to a mail, as if its pictures were painted."""
        own = self._ledger.reply_id(message, "painter.example")
        reply = Reply(
            kind="results",
            message_id=own,
            recipient=self._person,
            content=b"",
            photos=len(request.images),
            recipes=recipes,
            language=request.language,
        )
        await self._ledger.finish(message, reply)
        self._ids.append(own)

    def _outcome(self, understood: Understood) -> Outcome:
        paint = understood.command
        if not isinstance(paint, Paint):
            return Outcome(error=type(paint).__name__)
        images = understood.request.images
        files = [self._files[images[number].sha256] for number in paint.photos]
        notes = (*paint.not_understood, *paint.passed_over, *paint.left_out, understood.note)
        return Outcome(
            pictures=tuple(zip(files, paint.jobs, strict=True)),
            notes=tuple(filter(None, notes)),
            is_doubted=bool(paint.chosen == "default" or paint.doubted),
        )


def _recipes(understood: Understood, message: Message) -> tuple[PaintedFrom, ...]:
    paint = understood.command
    if not isinstance(paint, Paint):
        return ()
    return understood.painted(paint, [_painted(job) for job in paint.jobs], message.id)


def _noted(db: sqlite3.Connection, message: Message, request: StyleRequest) -> None:
    conversations.note_id(db, message.id, request.message_id)
    erasure.noted(db, message.id, request.automation.from_address, 0.0)


def _painted(job: StyleJob) -> StyleResult:
    return StyleResult(job_id=job.id, image=b"", style=job.style, version=1, seconds=0.0, runner="r")


@cache
def _photo(seed: int) -> bytes:
    return photo(seed=seed)
