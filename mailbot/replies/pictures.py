"""Prepare painted photos for an answer: names, captions, and a limited number of bytes.

The runner keeps each picture within its share of the bytes. If one is larger, the answer first drops all
previews, then the last pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.parsing import file_type
from mailbot.parsing.headers import clean
from mailbot.parsing.photos import Photo
from mailbot.replies import file_names
from mailbot.replies.content import Picture
from mailbot.replies.wording import named, options
from styles.contract import DEFAULT_SIZE, StyleJob, StyleResult, StyleSummary
from styles.errors import PainterError

#: Characters of a photo's name in a sentence.
MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPictures:
    """Hold the pictures of an answer, and the reasons for those that are missing."""

    pictures: tuple[Picture, ...]
    jobs: tuple[StyleJob, ...]  #: of the pictures
    problems: tuple[str, ...]  #: a line for each photo that is not shown
    errors: tuple[PainterError, ...]  #: of the photos that could not be painted


def show(
    photos: Sequence[Photo],
    jobs: Sequence[StyleJob],
    results: Sequence[StyleResult | PainterError],
    styles: Sequence[StyleSummary],
    max_bytes: int,
) -> ShownPictures:
    """Prepare the painted photos; `jobs` and `results` are those of the first photos, in their order."""
    rows = list(zip(photos, jobs, results, strict=False))
    painted = [(photo, job, r) for photo, job, r in rows if isinstance(r, StyleResult)]
    failed = [(photo, r) for photo, _, r in rows if isinstance(r, PainterError)]
    pictures = _within(_pictures(painted, styles), max_bytes)
    problems = [f"{_name(photo)}: {error.message}" for photo, error in failed]
    too_large = [_name(photo) for photo, _, _ in painted[len(pictures) :]]
    problems += [f"{name}: painted, but too large for this mail. Please send it alone." for name in too_large]
    return ShownPictures(
        pictures=tuple(pictures),
        jobs=tuple(job for _, job, _ in painted[: len(pictures)]),
        problems=tuple(problems),
        errors=tuple(error for _, error in failed),
    )


def _pictures(
    painted: Sequence[tuple[Photo, StyleJob, StyleResult]], styles: Sequence[StyleSummary]
) -> list[Picture]:
    pictures: dict[str, Picture] = {}
    is_one_style = len({job.style for _, job, _ in painted}) == 1
    for photo, job, result in painted:
        how = named(job.style, styles)
        name = file_names.painted(photo.name, job.style, result.format, taken=pictures)
        caption = _name(photo) if is_one_style else f"{_name(photo)}, as {how}"
        pictures[name.lower()] = Picture(
            name=name,
            image=result.image,
            subtype=result.format,
            # A small picture is its own preview, and not attached again.
            preview=b"" if result.preview == result.image else result.preview,
            alt=f"Your photo {_name(photo)}, {'in' if job.sheet else 'painted as'} {how}",
            caption=caption if len(painted) > 1 else "",
            options=(*options(job.options), *_no_larger(photo, job)),
        )
    return list(pictures.values())


def _no_larger(photo: Photo, job: StyleJob) -> tuple[str, ...]:
    """Explain why a picture is not larger than usual as asked; a sheet has its own size."""
    size = file_type.dimensions(photo.image)
    if job.sheet or size is None or not max(size) <= DEFAULT_SIZE < job.options.size:
        return ()
    return ("your photo is no larger",)


def _within(pictures: Sequence[Picture], max_bytes: int) -> list[Picture]:
    """Return the first pictures that fit, at least one; without previews unless all fit with them."""
    if sum(len(picture.image) + len(picture.preview) for picture in pictures) <= max_bytes:
        return list(pictures)
    kept: list[Picture] = []
    for picture in pictures:
        max_bytes -= len(picture.image)
        if kept and max_bytes < 0:
            break
        kept.append(replace(picture, preview=b""))
    return kept


def _name(photo: Photo) -> str:
    return clean(photo.name, MAX_NAME)
