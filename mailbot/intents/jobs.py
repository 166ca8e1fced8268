"""Make the jobs that paint a mail's photos.

Where the bot chooses a style, only the job's id decides. So a photo that is painted again after a crash gets
the same style.
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

#: Least strength, as a fraction: below it a painting looks like the photo.
MIN_STRENGTH = 0.05
#: How the style was chosen: the mail names it, it is the default, or the mail leaves it to the bot.
Chosen = Literal["named", "default", "surprise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Describe what is painted."""

    choices: tuple[str, ...] = ("",)  #: styles or blends; each photo gets another one
    is_sheet: bool = False
    chosen: Chosen = "named"


def make_jobs(
    request: StyleRequest, order: Order, intents: Sequence[LineIntent], prefix: str, reply_bytes: int
) -> tuple[StyleJob, ...]:
    """Return jobs for the first photos, as many as an answer holds. Raises `BadOption`."""
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
    """Choose one for this photo; each is used once before any is used again."""
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
