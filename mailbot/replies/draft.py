"""Hold what an answer is written by, and write it: one mail, or several, or the parts of another channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from mailbot.replies import chat
from mailbot.replies.mime import ReplyContext
from mailbot.storage.ledger_rows import PaintedFrom, Reply, ReplyPart
from styles.contract import StyleResult, StyleSummary

#: Writes one mail of an answer.
Write = Callable[[ReplyContext], bytes]


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """Hold the functions that write an answer, and what is recorded of it."""

    kind: str  #: as in `Reply`
    write: Write
    painted: Sequence[StyleResult] = ()
    further: Sequence[Write] = ()  #: for the pictures that do not fit into one mail
    recipes: tuple[PaintedFrom, ...] = ()
    versions: tuple[StyleSummary, ...] = ()  #: as in `ReplyContext`
    shown: tuple[bytes, ...] = ()  #: pictures that are no painted photos of the mail


async def written(draft: ReplyDraft, context: ReplyContext, reply_id: Callable[[int], str]) -> Reply:
    """Write an answer in a thread. `reply_id` returns the Message-ID of a part by its number, from 1."""
    context, request = replace(context, versions=draft.versions), context.request
    parts: list[ReplyPart] = []
    for write in (draft.write, *draft.further):
        content = await asyncio.to_thread(write, replace(context, message_id=reply_id(len(parts) + 1)))
        for piece in chat.pieces(request.channel, content):
            parts.append(ReplyPart(message_id=reply_id(len(parts) + 1), content=piece))
    painted = (shown for result in draft.painted for shown in (result.image, result.preview) if shown)
    return Reply(
        kind=draft.kind,
        message_id=parts[0].message_id,
        recipient=request.sender,
        content=parts[0].content,
        engine_seconds=sum(result.seconds for result in draft.painted),
        painted_at=context.date.timestamp() if draft.painted else None,
        pictures=tuple(sha256(picture).hexdigest() for picture in (*painted, *draft.shown)),
        further=tuple(parts[1:]),
    )
