"""The painted photos as an answer shows them: names, captions, and no more bytes than a mail may have.

    show      photos, jobs and results -> ShownPictures
    ShownPictures   the pictures, and what is said of those that are none

The runner keeps each picture to its share of the bytes; where one oversteps it after all, previews go before
pictures, and the last pictures before the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.parsing import file_type
from mailbot.parsing.headers import clean
from mailbot.parsing.photos import Photo
from mailbot.replies import file_names
from mailbot.replies.content import Picture
from mailbot.replies.wording import named, wishes
from styles.contract import DEFAULT_SIZE, StyleJob, StyleResult, StyleSummary
from styles.errors import PainterError

#: Characters of a photo's name in a sentence.
MAX_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPictures:
    """What of a mail's photos an answer shows."""

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
    """`jobs` and `results` are of the first photos, in their order."""
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
            # A small picture is its own preview: shown, and not attached a second time.
            preview=b"" if result.preview == result.image else result.preview,
            alt=f"Your photo {_name(photo)}, {'in' if job.sheet else 'painted as'} {how}",
            caption=caption if len(painted) > 1 else "",
            wishes=(*wishes(job.options), *_no_larger(photo, job)),
        )
    return list(pictures.values())


def _no_larger(photo: Photo, job: StyleJob) -> tuple[str, ...]:
    """Why a picture that was to be larger than usual is not; a sheet has a size of its own."""
    size = file_type.dimensions(photo.image)
    if job.sheet or size is None or not max(size) <= DEFAULT_SIZE < job.options.size:
        return ()
    return ("your photo is no larger",)


def _within(pictures: Sequence[Picture], max_bytes: int) -> list[Picture]:
    """The first of them that fit, at least one; without previews where they do not fit with them."""
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
