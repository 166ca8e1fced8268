"""Hold what a mail asks for, with the photos of its thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mailbot.conversation import recipes
from mailbot.intents.command_types import Command, Paint
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.storage.ledger_rows import PaintedFrom
from styles.contract import PaintingRecipe, StyleResult
from styles.errors import PainterError


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """Hold what a mail asks for."""

    command: Command
    request: StyleRequest  #: the mail, with the photos that are painted
    sources: Mapping[str, int] = field(default_factory=dict)  #: message of an earlier photo, by its SHA-256
    note: str = ""  #: a line for the answer, to be translated

    @property
    def is_default(self) -> bool:
        """Whether the mail names no style, and is painted in the default one, or as the one before."""
        return isinstance(self.command, Paint) and (
            self.command.chosen == "default" or self.note == recipes.AS_BEFORE
        )

    def with_doubt(self, words: str) -> Understood:
        """Return the same where these words may name the style by chance."""
        paint = self.command
        return replace(self, command=replace(paint, doubted=words)) if isinstance(paint, Paint) else self

    def painted(
        self, paint: Paint, results: Sequence[StyleResult | PainterError], message: int
    ) -> tuple[PaintedFrom, ...]:
        """Return a recipe for each painted photo. One that no earlier mail holds is of `message`."""
        photos = [self.request.images[number].sha256 for number in paint.photos]
        rows = zip(photos, paint.jobs, results, strict=True)
        return tuple(
            PaintedFrom(
                source=self.sources.get(photo, message),
                photo=photo,
                recipe=PaintingRecipe.of(job, result.version),
            )
            for photo, job, result in rows
            if isinstance(result, StyleResult)
        )
