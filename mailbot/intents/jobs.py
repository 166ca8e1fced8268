"""Make the jobs that paint a mail's photos.

A mail may name a version that is not live: “great-wave@staged” or “udnie@2”. The rest of it is read as if it
named the style alone, so versions are taken out first and put into the jobs. One counts for every painting in
its style.

Where the bot chooses a style, only the job's id decides. So a photo that is painted again after a crash gets
the same style.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from mailbot.intents.options import Options
from mailbot.intents.paintings.photo_numbers import REST
from mailbot.intents.size_budget import budget_for
from mailbot.parsing import carriers
from mailbot.parsing.mail_parser import StyleRequest
from styles.contract import MIN_STRENGTH, StyleJob, StyleOptions
from styles.errors import BadOption
from styles.language import blend_syntax
from styles.translatable import gettext_noop

#: Options where neither the mail nor its conversation says something else.
USUAL = StyleOptions()
#: Answers to one mail, at most; more paintings are left over.
MAX_ANSWERS = 3
#: A style's name, and the alias or the number of a version. No address of a mailbox, which has a dot.
_PINNED = re.compile(
    r"(?<![\w@.+-])([\w-]{1,64})@([a-z0-9][a-z0-9-]{0,31})(?![\w@-]|\.\w)", re.ASCII | re.IGNORECASE
)
#: How the style was chosen: the mail names it, it is the default, the mail leaves it to
#: the bot, or it is that of an earlier painting.
Chosen = Literal["named", "default", "surprise", "remembered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Describe which paintings of which photos a mail asks for."""

    choices: tuple[str, ...] = ("",)  #: styles or blends, "" for a sheet; each photo gets another one
    own: tuple[Options, ...] = ()  #: those of each choice, where they differ
    each: bool = False  #: each photo is painted in every one of the choices
    several: int = 1  #: paintings of each photo, where not in every one
    #: Numbers of the photos for which the choices are, -1 for the last, and `REST`.
    photos: tuple[int, ...] = ()
    #: Options of the photos that have their own, by their numbers from 0.
    of_photos: Mapping[int, Options] = field(default_factory=dict)
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
    options: Options,
    prefix: str,
    reply_bytes: int,
    usual: Mapping[tuple[int, str], StyleOptions],
    only: Collection[int] = (),
) -> MailJobs:
    """Return jobs for the photos, as many as the answers hold. Raises `BadOption`.

    `usual` are the options where the mail says nothing, by the number of a photo and a style, "" for any
    other style. `only` are the numbers of the photos that are meant, if some are left out.
    """
    pairs = [pair for pair in _pairs(order, len(request.images), prefix) if not only or pair[0] in only]
    styled = [(number, order.choices[at]) for number, at in pairs]
    common = [usual.get(each) or usual.get((each[0], ""), USUAL) for each in styled]
    own = [
        options_of(_said(order, pair).over(options), request, each)
        for pair, each in zip(pairs, common, strict=True)
    ]
    return batch(request, styled, own, prefix, reply_bytes)


def _said(order: Order, pair: tuple[int, int]) -> Options:
    """Return what is said of the number of a photo and that of a choice."""
    number, at = pair
    said = order.of_photos.get(number, Options())
    return said.over(order.own[at]) if order.own else said


def batch(
    request: StyleRequest,
    pairs: Sequence[tuple[int, str]],
    options: Sequence[StyleOptions],
    prefix: str,
    reply_bytes: int,
) -> MailJobs:
    """Return a job for each pair of a photo's number and a style, as many as the answers hold.

    `options` are those of each pair.
    """
    photos = [request.images[number] for number, _ in pairs]
    largest = max((each.size for each in options), default=USUAL.size)
    room = budget_for(request.sender, photos, largest, reply_bytes)
    kept = pairs[: room.pictures * MAX_ANSWERS]
    jobs = tuple(
        StyleJob(
            id=f"{prefix}-{at}",
            style=style,
            image=request.images[number].image,
            options=replace(own, max_bytes=room.max_bytes, preview=room.preview),
            sender=request.sender,
            sheet=not style,
        )
        for at, ((number, style), own) in enumerate(zip(kept, options, strict=False), start=1)
    )
    return MailJobs(jobs=jobs, photos=tuple(n for n, _ in kept), wanted=len(pairs), in_one=room.pictures)


def _pairs(order: Order, count: int, prefix: str) -> list[tuple[int, int]]:
    """Return pairs of a photo's number and that of a choice."""
    if count > 1 and (numbered := _numbered(order, count)):
        return numbered
    if order.each:
        return [(number, at) for number in range(count) for at in range(len(order.choices))]
    shuffled = _shuffled(order.choices, prefix)
    several = min(order.several, len(shuffled))
    return [(at // several, shuffled[at % len(shuffled)]) for at in range(count * several)]


def _numbered(order: Order, count: int) -> list[tuple[int, int]]:
    """Return pairs of a photo's number and its choice, for the photos that the mail numbers.

    Both count from 0. Other photos have the choice of “the rest”, or are left out.
    """
    choices = range(len(order.choices)) if order.each else (0,) * len(order.photos)
    numbered = dict(zip(order.photos, choices, strict=True)) if order.photos else {}
    rest = numbered.pop(REST, None)
    own = {at % count: choice for at, choice in numbered.items() if at < count}
    pairs = ((number, own.get(number, rest)) for number in range(count))
    return [(number, choice) for number, choice in pairs if choice is not None]


def _shuffled(choices: Sequence[str], prefix: str) -> list[int]:
    """Return the numbers of the choices as chance has them; each is used once before any is used again."""
    return sorted(range(len(choices)), key=lambda at: sha256(f"{prefix} {choices[at]}".encode()).digest())


def options_of(options: Options, request: StyleRequest, usual: StyleOptions) -> StyleOptions:
    """Return the options of a painting: what the mail says, else the `usual` ones. Raises `BadOption`."""
    size = usual.size if options.size is None else options.size
    return StyleOptions(
        strength=_strength(usual.strength if options.strength is None else options.strength),
        keep_colors=usual.keep_colors if options.keep_colors is None else options.keep_colors,
        size=min(size, carriers.limits(request.sender).max_side),
    )


def _strength(strength: float) -> float:
    """Return a strength that can be painted. Raises `BadOption`."""
    if strength > 1:
        raise BadOption(
            gettext_noop(
                "The strength goes from 5% to 100%, so I could not use {strength:.0%}. "
                "For a lighter touch write “60%” behind the style's name."
            ),
            strength=strength,
        )
    if strength < MIN_STRENGTH:
        raise BadOption(
            gettext_noop(
                "At {strength:.0%} nothing of the style would be seen in your photo. "
                "For a light touch write “20%” behind the style's name."
            ),
            strength=strength,
        )
    return strength


def versions_named(request: StyleRequest) -> list[str]:
    """Return all that a mail writes as NAME@REF, of which some may be versions of styles."""
    found = _PINNED.findall(f"{request.subject}\n{request.text}")
    return [f"{blend_syntax.as_name(name)}@{ref.lower()}" for name, ref in found]


def without_versions(request: StyleRequest, names: Collection[str]) -> tuple[StyleRequest, Mapping[str, str]]:
    """Return the request without versions, and the version of each style that one is named for."""
    pins: dict[str, str] = {}

    def note(found: re.Match[str]) -> str:
        name = blend_syntax.as_name(found[1])
        if name not in names:
            return found[0]
        pins.setdefault(name, found[2].lower())
        return found[1]

    subject, text = _PINNED.sub(note, request.subject), _PINNED.sub(note, request.text)
    return (replace(request, subject=subject, text=text), pins) if pins else (request, pins)


def with_versions(job: StyleJob, pins: Mapping[str, str]) -> StyleJob:
    """Return a job that paints in the versions that the mail names."""
    try:
        shares = blend_syntax.read(job.style) if job.style and pins else {}
    except BadOption:  # a strange name, which the balancer refuses
        return job
    pinned = {f"{name}@{pins[name]}" if name in pins else name: share for name, share in shares.items()}
    return replace(job, style=blend_syntax.write(pinned)) if pinned.keys() != shares.keys() else job
