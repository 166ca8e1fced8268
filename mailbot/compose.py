"""What the bot answers: the painted photos, help, the list of styles, or why it did not work.

    reply_results    the painted photos, and a line for each that could not be painted
    reply_error      one error for the whole mail
    reply_help       how to use the bot
    reply_styles     every style
    reply_stop       that nothing more will come, and how to change that
    reply_start      that answers come again
    reply_deleted    that photos and mails are gone

Each gives the final RFC 5322 bytes, the same for the same arguments. Phones behind a carrier's gateway get
one text and one picture; everyone else gets html beside the text. No answer repeats what the mail said but
its subject, the photos' file names and a style's name that we do not know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mailbot import carriers, sniff
from mailbot.carriers import ReplyLimits
from mailbot.headers import clean
from mailbot.letter import Envelope, Letter, Picture, described, seal
from mailbot.parse import StyleRequest
from styles.contract import StyleResult, StyleSummary
from styles.errors import (
    BadOption,
    ImageTooLarge,
    NoImage,
    NotAnImage,
    PainterError,
    UnknownStyle,
    Unpaintable,
)

#: What helps, after the error's own sentence.
_ADVICE: dict[type[PainterError], str] = {
    NoImage: "Attach a photo to a mail, write a style's name as its subject, and it comes back painted.",
    NotAnImage: "JPEG, PNG, HEIC, WebP, AVIF, GIF and TIFF work: please send the photo as one of these.",
    ImageTooLarge: "Please send a smaller copy: most phones offer “Large” or “Medium” when mailing one.",
    Unpaintable: "Please try another photo, or a fresh copy of this one.",
    BadOption: "For a lighter touch write “60%” behind the style's name.",
    UnknownStyle: "Please send the photo again with one of these as the subject:",
}
_SORRY_LATER = "I kept trying for a while and had to give up. Please send the photo again later."
#: Errors after which the list of styles is what the person needs.
_SHOW_STYLES = (NoImage, UnknownStyle)
#: Characters of a file's name that every file system and mail program takes.
_UNSAFE = re.compile(r"[^\w.()-]+")


def reply_results(
    request: StyleRequest,
    bot_address: str,
    results: Sequence[StyleResult | PainterError],
    styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """The painted photos; `results` are in the order of the request's photos, and may be fewer."""
    names = [photo.name for photo in request.images] + ["photo"] * len(results)
    pairs = list(zip(names, results, strict=False))
    painted = [(name, result) for name, result in pairs if isinstance(result, StyleResult)]
    failed = [(name, error) for name, error in pairs if isinstance(error, PainterError)]
    if not painted and len({error.message for _, error in failed}) == 1:
        return reply_error(request, bot_address, failed[0][1], styles, message_id, date)
    left_over = len(request.images) - len(results)
    letter = Letter(
        title=_title(len(painted), painted[0][1].style if painted else "", styles),
        paragraphs=(_about_left_over(len(results), left_over),) if left_over > 0 else (),
        pictures=_pictures(painted),
        problems=tuple(f"{name}: {error.message}" for name, error in failed),
        hinted=tuple(style for style in styles if style.name not in {r.style for _, r in painted}),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_error(
    request: StyleRequest,
    bot_address: str,
    error: PainterError,
    styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """Why nothing was painted, and what to do about it."""
    advice = next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), "")
    if error.retry:
        advice = _SORRY_LATER
    guess = f"Did you mean {_either(error.near)}?" if isinstance(error, UnknownStyle) and error.near else ""
    shows = isinstance(error, _SHOW_STYLES)
    letter = Letter(
        title=error.message,
        paragraphs=tuple(text for text in (guess, advice) if text),
        listed=tuple(styles) if shows else (),
        hinted=() if shows or error.retry else tuple(styles),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_help(
    request: StyleRequest,
    bot_address: str,
    styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """How to use the bot."""
    letter = Letter(
        title="Send me a photo, and I paint it.",
        paragraphs=(
            "Attach one photo or several to a mail and write a style's name as the subject.",
            "Add “60%” to keep more of the photo, or “keep colors” to keep its colours.",
            "Write “styles” for this list at any time:",
        ),
        listed=tuple(styles),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_styles(
    request: StyleRequest,
    bot_address: str,
    styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """Every style that there is."""
    count = f"{len(styles)} styles" if len(styles) != 1 else "one style"
    letter = Letter(
        title=f"I paint in {count}." if styles else "I have no styles at the moment.",
        paragraphs=("Send a photo with one of these as the subject:",) if styles else (),
        listed=tuple(styles),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_stop(
    request: StyleRequest,
    bot_address: str,
    _styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """The last answer to somebody who wants none."""
    letter = Letter(
        title="You will hear nothing more from me.",
        paragraphs=("Should you change your mind, write “start”, and I answer again.",),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_start(
    request: StyleRequest,
    bot_address: str,
    styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """The first answer after “stop”."""
    again = "your photo once more" if request.images else "me a photo"
    letter = Letter(
        title="Welcome back: I answer your mails again.",
        paragraphs=(f"Send {again} with a style's name as the subject, and it comes back painted.",),
        hinted=tuple(styles),
    )
    return _answer(request, bot_address, letter, message_id, date)


def reply_deleted(
    request: StyleRequest,
    bot_address: str,
    _styles: Sequence[StyleSummary],
    message_id: str,
    date: datetime,
) -> bytes:
    """What was kept of a person is gone."""
    letter = Letter(
        title="Your photos and mails are deleted.",
        paragraphs=(
            "Whatever you sent me, and what I painted of it, is gone from my side within the minute. "
            "The answers in your own mailbox are yours to keep or to delete.",
        ),
    )
    return _answer(request, bot_address, letter, message_id, date)


def _answer(
    request: StyleRequest, bot_address: str, letter: Letter, message_id: str, date: datetime
) -> bytes:
    envelope = Envelope(
        bot=bot_address,
        to=request.sender,
        name=request.name,
        subject=_subject(request.subject),
        in_reply_to=request.message_id,
        references=request.references,
        message_id=message_id,
        date=date,
    )
    limits = carriers.limits(request.sender)
    return seal(envelope, letter if limits.html else _for_phone(letter, limits), html=limits.html)


def _for_phone(letter: Letter, limits: ReplyLimits) -> Letter:
    """The letter as a text message: names instead of a list, and no more pictures than pass."""
    names = ", ".join(style.name for style in letter.listed)
    return replace(
        letter,
        paragraphs=(*letter.paragraphs, names) if names else letter.paragraphs,
        pictures=letter.pictures[: limits.max_pictures],
        listed=(),
    )


def _subject(subject: str) -> str:
    if not subject:
        return "Re: your photo"
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _title(count: int, style: str, styles: Sequence[StyleSummary]) -> str:
    if not count:
        return "I could not paint your photos."
    known = next((described(summary) for summary in styles if summary.name == style), style)
    return (
        f"Here is your photo, painted as {known}."
        if count == 1
        else f"Your {count} photos, painted as {known}."
    )


def _about_left_over(taken: int, left_over: int) -> str:
    which = "the first photo" if taken == 1 else f"the first {taken} photos"
    return f"I took {which} of your mail; please send the other {left_over} in a mail of their own."


def _pictures(painted: Sequence[tuple[str, StyleResult]]) -> tuple[Picture, ...]:
    pictures: dict[str, Picture] = {}
    for name, result in painted:
        size = sniff.dimensions(result.image)
        file_name = _file_name(name, result, taken=pictures)
        pictures[file_name] = Picture(
            name=file_name,
            image=result.image,
            subtype=result.format,
            width=size[0] if size else None,
            caption=clean(name, 60) if len(painted) > 1 else "",
        )
    return tuple(pictures.values())


def _file_name(name: str, result: StyleResult, taken: dict[str, Picture]) -> str:
    """`holiday-mosaic.jpg`; a second photo of that name becomes `holiday-mosaic-2.jpg`."""
    stem = name.rpartition(".")[0] or name
    safe = f"{_UNSAFE.sub('-', stem)[:60].strip('-.') or 'photo'}-{_UNSAFE.sub('-', result.style)}"
    suffix = "jpg" if result.format == "jpeg" else result.format
    same = sum(known.startswith(safe) for known in taken)
    return f"{safe}-{same + 1}.{suffix}" if f"{safe}.{suffix}" in taken else f"{safe}.{suffix}"


def _either(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
