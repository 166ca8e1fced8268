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
from styles.contract import StyleJob, StyleOptions
from styles.errors import BadOption

#: Least strength, as a fraction: below it a painting looks like the photo.
MIN_STRENGTH = 0.05
#: Answers to one mail, at most; more paintings are left over.
MAX_ANSWERS = 3
#: How the style was chosen: the mail names it, it is the default, the mail leaves it to
#: the bot, or it is that of an earlier painting.
Chosen = Literal["named", "default", "surprise", "remembered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Describe what is painted."""

    choices: tuple[str, ...] = ("",)  #: styles or blends; each photo gets another one
    is_sheet: bool = False
    chosen: Chosen = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailJobs:
    """Hold the jobs of one mail."""

    jobs: tuple[StyleJob, ...]
    photos: tuple[int, ...]  #: number of each job's photo, from 0
    wanted: int  #: paintings that were asked for
    in_one: int  #: paintings that fit into one mail


def make_jobs(
    request: StyleRequest,
    order: Order,
    intents: Sequence[LineIntent],
    prefix: str,
    reply_bytes: int,
    usual: StyleOptions,
) -> MailJobs:
    """Return jobs for the first photos, as many as the answers hold. Raises `BadOption`.

    `usual` are the options where the mail says nothing.
    """
    choices = ("",) if order.is_sheet else order.choices
    pairs = [(at, _choice(choices, prefix, at + 1)) for at in range(len(request.images))]
    return batch(request, pairs, _options(intents, request, usual), prefix, reply_bytes)


def batch(
    request: StyleRequest,
    pairs: Sequence[tuple[int, str]],
    options: StyleOptions,
    prefix: str,
    reply_bytes: int,
) -> MailJobs:
    """Return a job for each pair of a photo's number and a style, as many as the answers hold."""
    photos = [request.images[number] for number, _ in pairs]
    room = budget_for(request.sender, photos, options.size, reply_bytes)
    options = replace(options, max_bytes=room.max_bytes, preview=room.preview)
    kept = pairs[: room.pictures * MAX_ANSWERS]
    jobs = tuple(
        StyleJob(
            id=f"{prefix}-{at}",
            style=style,
            image=request.images[number].image,
            options=options,
            sender=request.sender,
            sheet=not style,
        )
        for at, (number, style) in enumerate(kept, start=1)
    )
    return MailJobs(jobs=jobs, photos=tuple(n for n, _ in kept), wanted=len(pairs), in_one=room.pictures)


def _choice(choices: Sequence[str], prefix: str, number: int) -> str:
    """Choose one for this photo; each is used once before any is used again."""
    shuffled = sorted(choices, key=lambda name: sha256(f"{prefix} {name}".encode()).digest())
    return shuffled[(number - 1) % len(shuffled)]


def _options(intents: Sequence[LineIntent], request: StyleRequest, usual: StyleOptions) -> StyleOptions:
    strength = next((said.strength for said in intents if said.strength is not None), usual.strength)
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
    size = next((said.size for said in intents if said.size is not None), usual.size)
    return StyleOptions(
        strength=strength,
        keep_colors=usual.keep_colors or any(said.line.keep_colors for said in intents),
        size=min(size, carriers.limits(request.sender).max_side),
    )
