"""Divide the pictures of one mail among several answers, where one has no room for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import Translator
from mailbot.parsing.photos import Photo
from mailbot.replies import letters
from mailbot.replies.choice_wording import about_choice
from mailbot.replies.mime import ReplyContext
from mailbot.replies.style_wording import title_of
from styles.contract import StyleResult
from styles.errors import PainterError


def answers(
    paint: Paint,
    photos: Sequence[Photo],
    results: Sequence[StyleResult | PainterError],
    reply_bytes: int,
    note: str,
) -> list[Callable[[ReplyContext], bytes]]:
    """Return a function that writes each answer, at least one; the last one names the photos left over.

    `note` is a sentence about the request, to be translated, or "".
    """
    count = max(1, len(paint.jobs))
    in_one = max(1, paint.in_one) if any(isinstance(result, StyleResult) for result in results) else count
    starts = range(0, count, in_one)  # one answer says all reasons, where there is no picture
    left_over = paint.wanted - len(paint.jobs)

    def write(context: ReplyContext, start: int) -> bytes:
        part, say = slice(start, start + in_one), context.say
        taken = title_of(say, paint.jobs[0].style, context.described)
        choice = about_choice(say, paint, taken=taken, remembers=context.remembers)
        about = _about(say, start // in_one + 1, len(starts)) if len(starts) > 1 else ""
        is_last = start == starts[-1]
        return letters.reply_results(
            replace(context, request=replace(context.request, images=tuple(photos))),
            paint.jobs[part],
            results[part],
            photos=paint.photos[part],
            reply_bytes=reply_bytes,
            note=say.sentences(about, choice, say.gettext(note) if note else ""),
            left_over=left_over if is_last else 0,
        )

    return [partial(write, start=start) for start in starts]


def _about(say: Translator, number: int, count: int) -> str:
    """Return a line that says which part an answer is."""
    return say.gettext(
        "This is answer {number} of {count}: one mail has no room for all pictures.",
        number=number,
        count=count,
    )
