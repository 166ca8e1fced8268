"""Read the words of one mail, with or without regard to the paintings before.

MailReader  reads them by a list of styles
choice      the words of a mail -> the number of the suggestion that it chooses
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from mailbot.config import Mail
from mailbot.conversation import recipes
from mailbot.conversation.relative_changes import Change, read_change
from mailbot.intents import commands, jobs
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.request_places import own_subject
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.storage.ledger_rows import Message
from styles.contract import PaintingRecipe, StyleSummary
from styles.errors import PainterError, UnknownStyle
from styles.language.tokens import key, words
from styles.language.word_rows import reply

#: Stands for a photo of the thread until it is known that it is needed.
SOME_PHOTO = Photo(name="photo.jpg", image=b"", kind="")
#: Words up to which a mail can choose one of several suggestions: "the second one please".
_MAX_CHOICE = 5


class MailReader:
    """Read the words of one mail."""

    def __init__(
        self, settings: Mail, default_style: str, styles: Sequence[StyleSummary], message: Message
    ) -> None:
        # The same ids after a crash, so that the balancer can know a job again.
        self._prefix = message.dedupe[:16]
        self._reply_bytes = settings.effective_reply_bytes
        self._catalogue = Catalogue.of(styles)
        self._read = partial(
            commands.read,
            styles=styles,
            default=default_style,
            job_prefix=self._prefix,
            reply_bytes=self._reply_bytes,
            own=settings.own,
        )

    def change(self, request: StyleRequest) -> Change:
        """Return what the words say about an earlier painting."""
        return read_change(f"{own_subject(request)}\n{request.text}".strip(), self._catalogue)

    def read(self, request: StyleRequest) -> Command:
        """Return what the words ask for, without regard to earlier paintings."""
        return self._read(request)

    def asks_nothing(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail with a picture names no style and wants nothing of the painting."""
        said = replace(request, subject="")
        try:
            wanted = self._read(said)
        except PainterError:
            return False
        if not isinstance(wanted, Paint) or wanted.not_understood:
            return False
        return not self.is_request(wanted, self.change(said), None)

    def names_style(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail without a picture names a style, and nothing unknown."""
        try:
            wanted = self._read(replace(request, subject="", images=(SOME_PHOTO,)))
        except PainterError:
            return False
        return isinstance(wanted, Paint) and wanted.chosen == "named" and not wanted.not_understood

    def suggestions(self, request: StyleRequest) -> tuple[str, ...]:
        """Return the styles that the answer to a mail suggested for one that there is not."""
        try:
            self._read(request)
        except UnknownStyle as error:
            return error.near
        except PainterError:
            pass
        return ()

    def read_again(
        self,
        request: StyleRequest,
        change: Change,
        last: PaintingRecipe | None,
        pairs: Sequence[tuple[int, str]],
    ) -> Command:
        """Return what the words ask for, where `last` is painted unless they name a style.

        `pairs` are the numbers of the photos and the styles that are painted then.
        """
        usual = recipes.usual_options(last) if last else commands.USUAL
        said = replace(request, subject=own_subject(request))
        if last:  # "10% more" is done already
            said = replace(request, subject="", text=change.rest)
        meant = _meant(pairs or [(number, "") for number in range(len(request.images))], change)
        read = partial(self._read, usual=usual, only={number for number, _ in meant})
        try:
            command = read(said, is_relative=True)
        except UnknownStyle:
            if not change.is_any:
                raise
            command = read(replace(request, text="", subject=""))  # "the same again, Ellen"
        return self._remembered(request, command, meant) if pairs and isinstance(command, Paint) else command

    def _remembered(self, request: StyleRequest, paint: Paint, pairs: Sequence[tuple[int, str]]) -> Paint:
        """Return the earlier paintings, without the styles that are refused, unless others are asked for."""
        left = [(number, recipes.without(style, paint.refused)) for number, style in pairs]
        if paint.chosen != "default" and left == pairs:
            return paint
        batch = jobs.batch(request, left, paint.jobs[0].options, self._prefix, self._reply_bytes)
        return replace(
            paint,
            jobs=batch.jobs,
            photos=batch.photos,
            wanted=batch.wanted,
            in_one=batch.in_one,
            chosen="remembered",
        )

    @staticmethod
    def is_request(paint: Paint, change: Change, last: PaintingRecipe | None) -> bool:
        """Tell whether a mail without a photo asks for a painting at all: "my uncle says hello" does not."""
        if change.is_any or paint.refused or paint.chosen in ("named", "surprise"):
            return True
        usual, options = recipes.usual_options(last) if last else commands.USUAL, paint.jobs[0].options
        said = (options.strength, options.size, options.keep_colors)
        return said != (usual.strength, usual.size, usual.keep_colors)


def choice(text: str, change: Change, count: int) -> int | None:
    """Return the number of the suggestion that a text chooses, of `count`; None if it chooses none."""
    if count == 1 and " ".join(words(text)) in map(key, reply("yes")):
        return 0
    numbers = change.pictures if len(text.split()) <= _MAX_CHOICE else ()
    return numbers[0] if len(numbers) == 1 and -count <= numbers[0] < count else None


def _meant(pairs: Sequence[tuple[int, str]], change: Change) -> list[tuple[int, str]]:
    """Return the pictures that the mail means by their numbers, all of them if it names none of them."""
    count = len(pairs)
    meant = [pairs[at] for at in change.pictures if -count <= at < count] if count > 1 else []
    return meant or list(pairs)
