"""From what a mail asks for to the jobs that paint its photos.

    Order        what is to be painted: a style, one of several, or the sheet of all
    make_jobs    a job for each photo that an answer has room for

What is left to the bot is chosen by the job's id and by nothing else, so that a photo which is painted again
after a crash is painted in the same style.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from mailbot.intents.line_intent import LineIntent
from mailbot.intents.size_budget import budget_for
from mailbot.parsing import carriers
from mailbot.parsing.parse import StyleRequest
from styles.contract import DEFAULT_SIZE, StyleJob, StyleOptions
from styles.errors import BadOption

#: Below this strength a painting is the photo that was sent.
MIN_STRENGTH = 0.05
#: How a style is come by: it was asked for, nothing was, or it was left to the bot.
Chosen = Literal["named", "default", "surprise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be painted."""

    choices: tuple[str, ...] = ("",)  #: styles or blends; of several, each photo gets another
    is_sheet: bool = False
    chosen: Chosen = "named"


def make_jobs(
    request: StyleRequest, order: Order, intents: Sequence[LineIntent], prefix: str, reply_bytes: int
) -> tuple[StyleJob, ...]:
    """Jobs for the first photos, as many as an answer holds. Raises `BadOption`."""
    options = _options(intents, request)
    room = budget_for(request.sender, request.images, options.size, reply_bytes)
    options = replace(options, max_bytes=room.max_bytes, preview=room.preview)
    return tuple(
        StyleJob(
            id=f"{prefix}-{number}",
            style=_choice(order.choices, prefix, number),
            image=photo.image,
            options=options,
            sender=request.sender,
            sheet=order.is_sheet,
        )
        for number, photo in enumerate(request.images[: room.pictures], start=1)
    )


def _choice(choices: Sequence[str], prefix: str, number: int) -> str:
    """One for this photo: all of them come before one comes again."""
    shuffled = sorted(choices, key=lambda name: sha256(f"{prefix} {name}".encode()).digest())
    return shuffled[(number - 1) % len(shuffled)]


def _options(intents: Sequence[LineIntent], request: StyleRequest) -> StyleOptions:
    strength = next((said.strength for said in intents if said.strength is not None), 1.0)
    if strength > 1:
        raise BadOption(
            f"The strength goes from 0% to 100%, so I could not use {strength:.0%}. "
            "For a lighter touch write “60%” behind the style's name."
        )
    if strength < MIN_STRENGTH:
        raise BadOption(
            f"At {strength:.0%} nothing of the style would be seen in your photo. "
            "For a light touch write “20%” behind the style's name."
        )
    size = next((said.size for said in intents if said.size is not None), DEFAULT_SIZE)
    return StyleOptions(
        strength=strength,
        keep_colors=any(said.line.keep_colors for said in intents),
        size=min(size, carriers.limits(request.sender).max_side),
    )
