"""Read a reply without a photo: of each of several pictures by itself where it says something else of each.

ReadReply   what a reply asks for
read_reply  a reply and the paintings before -> ReadReply
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.conversation import recipes
from mailbot.conversation.mail_reader import Earlier, MailReader, meant_of
from mailbot.conversation.missing_photos import note_of_missing
from mailbot.conversation.picture_replies import by_picture
from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.command_types import Command, Paint
from mailbot.intents.names.catalogue import echo
from mailbot.intents.options import Options
from mailbot.parsing.mail_parser import StyleRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """Hold what a reply without a photo asks for."""

    command: Command
    change: Change
    is_request: bool  #: it asks for a painting at all
    note: str = ""  #: a line for the answer, to be translated


def read_reply(reader: MailReader, request: StyleRequest, before: Sequence[Earlier]) -> ReadReply:
    """Return what a reply asks for of the pictures `before`. Raises `UnknownStyle` as `read_again` does."""
    parts = by_picture(request.text, reader.catalogue, len(before))
    each = [
        _read(reader, replace(request, text=part.text), before, part.pictures)
        for part in parts
        if part.pictures
    ]
    asked = [(one, one.command) for one in each if one.is_request and isinstance(one.command, Paint)]
    if len(parts) == 1 or not asked:
        return _read(reader, request, before)
    unread = [echo(part.text.strip()) for part in parts if not part.pictures]
    command = _together(reader, request, [paint for _, paint in asked], unread)
    return replace(asked[0][0], command=command, note=next((one.note for one, _ in asked if one.note), ""))


def _read(
    reader: MailReader, request: StyleRequest, before: Sequence[Earlier], pictures: tuple[int, ...] = ()
) -> ReadReply:
    """Return what a reply asks for of some `pictures`, else of those that it says."""
    before, change = recipes.exchanged(before, reader.change(request, len(before)))
    shown = [recipe for _, recipe in before]
    change = recipes.fitting(replace(change, pictures=pictures or change.pictures), shown)
    command = reader.read_again(request, change, before)
    is_request = isinstance(command, Paint) and reader.is_request(command, change, before)
    note = recipes.note([recipe for _, recipe in meant_of(before, change)], change)
    if len(request.images) == 1 and isinstance(command, Paint) and _is_unchanged(command, change, before):
        note = note or note_of_missing(request.text, reader.catalogue)
    return ReadReply(command=command, change=change, is_request=is_request, note=note)


def _is_unchanged(paint: Paint, change: Change, before: Sequence[Earlier]) -> bool:
    """Tell whether a reply wants paintings as they were."""
    is_kept = all(recipes.changed(recipe, change) == recipe for _, recipe in before)
    return is_kept and paint.chosen == "remembered" and paint.said == Options()


def _together(
    reader: MailReader, request: StyleRequest, paints: Sequence[Paint], unread: Sequence[str]
) -> Paint:
    """Return the paintings of several requests as those of one."""
    painted = [
        (number, job) for paint in paints for number, job in zip(paint.photos, paint.jobs, strict=True)
    ]
    pairs, options = [(number, job.style) for number, job in painted], [job.options for _, job in painted]
    made = reader.batch(request, pairs, options)
    words = dict.fromkeys([*(word for paint in paints for word in paint.not_understood), *unread])
    return replace(
        paints[0],
        jobs=made.jobs,
        photos=made.photos,
        wanted=made.wanted,
        in_one=made.in_one,
        alternatives=(),
        not_understood=tuple(words),
    )
