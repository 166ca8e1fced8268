"""Look up in the first mail of a thread what a reply refers to.

names      the names by which a reply may call the photos
reader_of  a reader of the reply, which keeps the options that were asked for beside an unknown style
suggested  the style that a reply chooses of those of "Did you mean …?"
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.conversation import photo_names
from mailbot.conversation.earlier_mails import EarlierMails
from mailbot.conversation.mail_reader import MailReader, choice
from mailbot.intents.changes.relative_changes import Change
from mailbot.parsing.mail_parser import StyleRequest
from mailbot.parsing.photos import Photo
from mailbot.storage.conversations import Remembered


async def names(
    request: StyleRequest,
    reader: MailReader,
    earlier: EarlierMails,
    known: Remembered,
    images: Sequence[Photo],
) -> list[str]:
    """Return by which names a reply may call the photos: those of their files.

    Else the subject of the first mail may list what the photos show.
    """
    files = [photo.name for photo in images]
    is_named = len(files) < 2 or reader.with_numbers(request, files) != request
    if is_named or not reader.names_one_photo(request):
        return files
    first = await earlier.parsed(known.mails[0])
    return photo_names.listed(first.subject, len(images)) if first else []


async def reader_of(reader: MailReader, earlier: EarlierMails, known: Remembered) -> MailReader:
    """Return a reader with the options of the first mail, if its style was refused: "Picasso, 50%, big"."""
    asked = None if known.painted or not known.mails else await earlier.parsed(known.mails[0])
    return reader.after(asked) if asked else reader


async def suggested(
    request: StyleRequest, change: Change, reader: MailReader, earlier: EarlierMails, known: Remembered
) -> str:
    """Return the style that a mail chooses of those of "Did you mean …?", or ""."""
    asked = None if known.painted else await earlier.parsed(known.mails[0])
    near = reader.suggestions(asked) if asked else ()
    number = choice(request.text, change, len(near))
    return near[number] if number is not None else ""
