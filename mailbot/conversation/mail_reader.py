"""Read the words of one mail, with or without regard to the paintings before.

Earlier     the number of a photo, and how it was painted
MailReader  reads them by a list of styles
numbered    earlier paintings and their photos -> Earlier
meant_of    the earlier paintings that a mail means
choice      the words of a mail -> the number of the suggestion that it chooses
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import partial

from mailbot.config import Mail
from mailbot.conversation import photo_names, recipes, unclear_photos
from mailbot.conversation.named_photos import by_names
from mailbot.intents import commands, jobs
from mailbot.intents.changes.relative_changes import Change, read_change
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.details import photo_calls
from mailbot.intents.mail_intent import read_intent
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.options import Options
from mailbot.intents.request_places import own_subject
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.storage.ledger_rows import Message, PaintedFrom
from mailbot.teaching.wishes import resumed_wishes
from styles.contract import PaintingRecipe, StyleOptions, StyleSummary
from styles.errors import BadOption, PainterError, UnknownStyle
from styles.language.tokens import key, words
from styles.language.word_rows import reply

#: Stands for a photo of the thread until it is known that it is needed.
SOME_PHOTO = Photo(name="photo.jpg", image=b"", kind="")
#: Words up to which a mail can choose one of several suggestions: "the second one please".
_MAX_CHOICE = 5
#: The number of a photo from 0, and how it was painted.
Earlier = tuple[int, PaintingRecipe]


class MailReader:
    """Read the words of one mail."""

    def __init__(
        self, settings: Mail, default_style: str, styles: Sequence[StyleSummary], message: Message
    ) -> None:
        # The same ids after a crash, so that the balancer can know a job again.
        self._prefix = message.dedupe[:16]
        self._reply_bytes = settings.effective_reply_bytes
        self._own = settings.own
        self._refused: StyleOptions | None = None
        self.catalogue = Catalogue.of(styles)
        self._read = partial(
            commands.read,
            styles=styles,
            default=default_style,
            job_prefix=self._prefix,
            reply_bytes=self._reply_bytes,
            own=settings.own,
        )

    def change(self, request: StyleRequest, count: int = 1) -> Change:
        """Return what the words say about `count` earlier paintings."""
        return read_change(f"{own_subject(request)}\n{request.text}".strip(), self.catalogue, count)

    def read(self, request: StyleRequest) -> Command:
        """Return what the words ask for, without regard to earlier paintings.

        The name in “Re: learn: my garden” is not what a reply is to be painted in.
        """
        is_wish = resumed_wishes.wish_before(request) is not None
        said = replace(request, subject="") if is_wish else request
        command = self._read(said)
        return by_names(said, command, self._read, self.catalogue) if len(request.images) > 1 else command

    def asks_nothing(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail with a picture names no style and wants nothing of the painting."""
        said = replace(request, subject="")
        try:
            wanted = self._read(said)
        except PainterError:
            return False
        if not isinstance(wanted, Paint) or wanted.not_understood:
            return False
        return not self.is_request(wanted, self.change(said))

    def names_style(self, request: StyleRequest) -> bool:
        """Tell whether the text of a mail without a picture names a style, and nothing unknown."""
        try:
            wanted = self._read(replace(request, subject="", images=(SOME_PHOTO,)))
        except PainterError:
            return False
        return isinstance(wanted, Paint) and wanted.chosen == "named" and not wanted.not_understood

    def names_no_style(self, request: StyleRequest) -> bool:
        """Tell whether a mail with a photo neither names nor mentions a style, and leaves none to the bot."""
        try:
            wanted = self._read(request)
        except PainterError:
            return False
        return isinstance(wanted, Paint) and wanted.chosen == "default" and not wanted.mentioned

    def with_numbers(self, request: StyleRequest, names: Sequence[str]) -> StyleRequest:
        """Return a reply with the number of a photo for a word of its name."""
        return replace(request, text=photo_names.with_numbers(request.text, names, self.catalogue))

    def with_photos(
        self, request: StyleRequest, names: Sequence[str], before: Sequence[Earlier]
    ) -> tuple[StyleRequest, list[Earlier]]:
        """Return a reply with the numbers of the photos that it names, and the pictures that it means.

        Where photos have several pictures each, all of those of a named photo are meant.
        """
        said = self.with_numbers(request, names)
        if said == request or sorted(number for number, _ in before) == [*range(len(names))]:
            return said, [*before] if said == request else sorted(before, key=lambda each: each[0])
        numbers = {at for at in range(len(names)) if photo_calls.call(at) in said.text}
        text = photo_names.without_numbers(said.text)
        return replace(request, text=text), [each for each in before if each[0] in numbers]

    def names_one_photo(self, request: StyleRequest) -> bool:
        """Tell whether a reply is about a thing, whichever photo shows it."""
        return unclear_photos.names_one_photo(request.text, self.catalogue)

    def chooses_style(self, request: StyleRequest) -> bool:
        """Tell whether the words of a mail choose a style, and may hold others besides."""
        try:
            wanted = self._read(replace(request, subject=own_subject(request)))
        except PainterError:
            return False
        return isinstance(wanted, Paint) and wanted.chosen == "named"

    def suggestions(self, request: StyleRequest) -> tuple[str, ...]:
        """Return the styles that the answer to a mail suggested for one that there is not."""
        try:
            self._read(request)
        except UnknownStyle as error:
            return error.near
        except PainterError:
            pass
        return ()

    def after(self, refused: StyleRequest) -> MailReader:
        """Return a reader of the replies to a mail: if its style was refused, they have its options."""
        intent, reader = read_intent(refused, self.catalogue, self._own), copy(self)
        if isinstance(intent.problem, UnknownStyle):
            with suppress(BadOption):
                reader._refused = jobs.options_of(intent.options, refused, jobs.USUAL)
        return reader

    def read_again(self, request: StyleRequest, change: Change, before: Sequence[Earlier]) -> Command:
        """Return what the words ask for, where the paintings `before` are painted unless they name a style.

        Raises `UnknownStyle` for a style that there is not, but not for the sender's own name.
        """
        meant = [(number, recipes.changed(recipe, change)) for number, recipe in meant_of(before, change)]
        numbers = [number for number, _ in meant]
        if not before and change.pictures:
            numbers = [at % len(request.images) for at in change.pictures if at < len(request.images)]
        usual = {
            (number, style): recipes.usual_options(recipe)
            for number, recipe in reversed(meant)
            for style in (recipe.style, "")
        }
        said = replace(request, subject=own_subject(request))
        read = partial(self._read, usual=usual, change=change, only=set(numbers))
        if self._refused and not before:  # there is nothing to change: "not too strong" is 60%
            size = jobs.USUAL.size if change.amounts.is_usual_size else self._refused.size
            usual = {(at, ""): replace(self._refused, size=size) for at in range(len(request.images))}
            read = partial(self._read, usual=usual, only=set(numbers))
        try:
            command = read(said)
        except UnknownStyle as error:
            if not set(words(error.name)) <= set(words(request.name)):
                raise
            command = read(replace(said, text=said.text.replace(error.name, "")))  # "The same again, Pablo"
        if not (meant and isinstance(command, Paint)):
            return command
        return self._remembered(request, command, meant, is_mixed=bool(change.mixes))

    def _remembered(
        self, request: StyleRequest, paint: Paint, meant: Sequence[Earlier], *, is_mixed: bool
    ) -> Paint:
        """Return the earlier paintings, without the styles that are refused, unless others are asked for.

        The words of paintings that are mixed name a style, too: "with a hint of the wave".
        """
        left = [recipes.without(recipe.style, paint.refused) for _, recipe in meant]
        if paint.chosen != "default" and not is_mixed and left == [recipe.style for _, recipe in meant]:
            return paint
        options = (jobs.options_of(paint.said, request, recipes.usual_options(recipe)) for _, recipe in meant)
        numbers = (number for number, _ in meant)
        wanted = list(dict.fromkeys(zip(numbers, left, options, strict=True)))
        pairs = [(number, style) for number, style, _ in wanted]
        batch = self.batch(request, pairs, [each for *_, each in wanted])
        return replace(
            paint,
            jobs=batch.jobs,
            photos=batch.photos,
            wanted=batch.wanted,
            in_one=batch.in_one,
            chosen="remembered",
        )

    def batch(
        self, request: StyleRequest, pairs: Sequence[tuple[int, str]], options: Sequence[StyleOptions]
    ) -> jobs.MailJobs:
        """Return a job for each pair of a photo's number and a style; `options` are those of each pair."""
        return jobs.batch(request, pairs, options, self._prefix, self._reply_bytes)

    @staticmethod
    def is_request(paint: Paint, change: Change, before: Sequence[Earlier] = ()) -> bool:
        """Tell whether a mail without a photo asks for a painting at all: "my uncle says hello" does not."""
        is_said = change.is_any or paint.refused or paint.said != Options()
        is_changed = any(recipes.changed(recipe, change) != recipe for _, recipe in before)
        return bool(is_said) or is_changed or paint.chosen in ("named", "surprise")


def numbered(painted: Iterable[PaintedFrom], photos: Sequence[str]) -> list[Earlier]:
    """Return earlier paintings with the numbers of their photos, of which `photos` are the SHA-256."""
    return [(photos.index(each.photo), each.recipe) for each in painted]


def meant_of(before: Sequence[Earlier], change: Change) -> Sequence[Earlier]:
    """Return the paintings that a mail means by their numbers, all of them if it names none of them."""
    count = len(before)
    meant = [before[at] for at in change.pictures if -count <= at < count] if count > 1 else []
    return meant or before


def choice(text: str, change: Change, count: int) -> int | None:
    """Return the number of the suggestion that a text chooses, of `count`; None if it chooses none."""
    if count == 1 and " ".join(words(text)) in map(key, reply("yes")):
        return 0
    numbers = change.pictures if len(text.split()) <= _MAX_CHOICE else ()
    return numbers[0] if len(numbers) == 1 and -count <= numbers[0] < count else None
