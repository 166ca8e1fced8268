"""Answers with painted photos, where a test says only what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.config import REPLY_BYTES
from mailbot.replies import letters
from mailbot.replies.mime import ReplyContext
from styles.contract import StyleJob, StyleResult
from styles.errors import PainterError


def reply_results(
    context: ReplyContext,
    jobs: Sequence[StyleJob],
    results: Sequence[StyleResult | PainterError],
    *,
    photos: Sequence[int] | None = None,
    left_over: int | None = None,
    reply_bytes: int = REPLY_BYTES,
    note: str = "",
) -> bytes:
    """The answer of `letters.reply_results`; the jobs are of the first photos, and the rest is left over."""
    return letters.reply_results(
        context,
        jobs,
        results,
        photos=range(min(len(jobs), len(context.request.images))) if photos is None else photos,
        left_over=len(context.request.images) - len(jobs) if left_over is None else left_over,
        reply_bytes=reply_bytes,
        note=note,
    )
