"""Prepare painted photos for an answer: names, captions, and a limited number of bytes.

The runner keeps each picture within its share of the bytes. If one is larger, the answer first drops all
previews, then the last pictures.

A file's name goes into a header and then onto any file system. So it has no path, only one dot (Windows
reserves `con.jpg` and `con.x.jpg`), no invisible character that changes the reading direction, and a limited
length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from mailbot.languages.translator import Translator
from mailbot.parsing import file_type
from mailbot.parsing.headers import clean
from mailbot.parsing.photos import Photo
from mailbot.parsing.text.text_cleanup import shorten
from mailbot.replies.style_wording import named, options, shares_of
from mailbot.replies.text_and_html import Picture
from styles.contract import DEFAULT_SIZE, Format, StyleJob, StyleResult, StyleSummary
from styles.errors import PainterError

#: Characters of a photo's name in a sentence.
MAX_NAME = 60
#: Bytes of a name in UTF-8: file systems allow 255, and browsers may add ` (1)`.
MAX_BYTES = 200
#: Bytes of the photo's own name, so that the style's name is always whole.
MAX_STEM_BYTES = 90
#: Unicode categories that are kept: letters, their marks, numbers, pictographs and their tones.
_KEPT = ("L", "M", "N", "So", "Sk")
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SHARE = re.compile(r":[\d.]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPictures:
    """Hold the pictures of an answer, and the reasons for those that are missing."""

    pictures: tuple[Picture, ...]
    jobs: tuple[StyleJob, ...]  #: of the pictures
    problems: tuple[str, ...]  #: a line for each photo that is not shown
    errors: tuple[PainterError, ...]  #: of the photos that could not be painted


def show(
    say: Translator,
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
    pictures = _within(_pictures(say, painted, styles), max_bytes)
    problems = [
        say.gettext(
            "{photo}: {problem}", photo=_name(photo), problem=say.gettext(error.template, **error.fields)
        )
        for photo, error in failed
    ]
    too_large = [_name(photo) for photo, _, _ in painted[len(pictures) :]]
    problems += [
        say.gettext("{photo}: painted, but too large for this mail. Please send it alone.", photo=name)
        for name in too_large
    ]
    return ShownPictures(
        pictures=tuple(pictures),
        jobs=tuple(job for _, job, _ in painted[: len(pictures)]),
        problems=tuple(problems),
        errors=tuple(error for _, error in failed),
    )


def _pictures(
    say: Translator,
    painted: Sequence[tuple[Photo, StyleJob, StyleResult]],
    styles: Sequence[StyleSummary],
) -> list[Picture]:
    pictures: dict[str, Picture] = {}
    is_one_style = len({job.style for _, job, _ in painted}) == 1
    for photo, job, result in painted:
        name = file_name(photo.name, job.style, result.format, taken=pictures)
        alt, caption = _alt_and_caption(say, _name(photo), job, styles)
        pictures[name.lower()] = Picture(
            name=name,
            image=result.image,
            subtype=result.format,
            # A small picture is its own preview, and not attached again.
            preview=b"" if result.preview == result.image else result.preview,
            alt=alt,
            caption=(_name(photo) if is_one_style else caption) if len(painted) > 1 else "",
            options=(*options(say, job.options), *_no_larger(say, photo, job), *_reduced(say, result)),
        )
    return list(pictures.values())


def _alt_and_caption(
    say: Translator, photo: str, job: StyleJob, styles: Sequence[StyleSummary]
) -> tuple[str, str]:
    """Describe a picture for screen readers, and as the title of one of several."""
    style = named(say, job.style, styles) if job.style else ""
    if not style:
        alt = say.gettext("Your photo {photo}, in all styles", photo=photo)
        caption = say.gettext("{photo}, in all styles", photo=photo)
    elif len(shares_of(job.style)) > 1:
        alt = say.gettext("Your photo {photo}, painted as a blend of {styles}", photo=photo, styles=style)
        caption = say.gettext("{photo}, as a blend of {styles}", photo=photo, styles=style)
    else:
        alt = say.gettext("Your photo {photo}, painted as {style}", photo=photo, style=style)
        caption = say.gettext("{photo}, as {style}", photo=photo, style=style)
    return alt, caption


def _no_larger(say: Translator, photo: Photo, job: StyleJob) -> tuple[str, ...]:
    """Explain why a picture is not larger than usual as asked; a sheet has its own size."""
    size = file_type.dimensions(photo.image)
    if job.sheet or size is None or not max(size) <= DEFAULT_SIZE < job.options.size:
        return ()
    return (say.gettext("your photo is no larger"),)


def _reduced(say: Translator, result: StyleResult) -> tuple[str, ...]:
    """Explain why a picture is smaller than asked for."""
    if result.reduced_from is None:
        return ()
    width, height = result.reduced_from
    return (
        say.gettext(
            "the largest I can paint in ten minutes, instead of {width}\u00a0×\u00a0{height}",
            width=width,
            height=height,
        ),
    )


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


def file_name(photo: str, style: str, format: Format, taken: Container[str] = ()) -> str:
    """Name a painted picture: `beach.jpg` as the Starry Night is `beach-starry-night.jpg`.

    The name is none of `taken`, which are in lower case. `style` is a job's: a name, a blend or "".
    """
    suffix = {"jpeg": "jpg"}.get(format, format)
    stem = made_safe(_SUFFIX.sub("", photo), MAX_STEM_BYTES) or "photo"
    words = "-and-".join(_SHARE.sub("", part) for part in style.split(",")) or "all-styles"
    whole = _cut(f"{stem}-{made_safe(words, MAX_BYTES) or 'painted'}", MAX_BYTES)
    number = 1
    while (name := f"{whole}{f'-{number}' if number > 1 else ''}.{suffix}").lower() in taken:
        number += 1
    return name


def preview_of(name: str) -> str:
    """Return the name of a picture's preview."""
    return f"{name.rpartition('.')[0]}-preview.jpg"


def made_safe(text: str, max_bytes: int) -> str:
    """Replace all but letters, digits, marks and pictographs by hyphens; "" if nothing is left."""
    composed = unicodedata.normalize("NFC", text[: 4 * max_bytes])
    kept = "".join(c if unicodedata.category(c).startswith(_KEPT) or c in "()_" else "-" for c in composed)
    return _cut(re.sub(r"-{2,}", "-", kept).lstrip("-"), max_bytes)


def _cut(text: str, max_bytes: int) -> str:
    """Cut text to `max_bytes` of UTF-8, but not within a character or between it and its marks."""
    cut = shorten(text, max_bytes)
    while 0 < len(cut) < len(text) and unicodedata.category(text[len(cut)]).startswith("M"):
        cut = cut[:-1]
    return cut.rstrip("-")
