"""Read what a mail says about its sender: stop, start, delete my photos.

In doubt the sender keeps their answers and photos: a letter that mentions a bus stop holds no command.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.command_types import DeletePhotos, SenderCommand, Start, Stop
from mailbot.intents.line import Line, read_lines
from mailbot.intents.style_matching import Catalogue, words
from mailbot.parsing.parse import StyleRequest
from styles.language.intents import PHRASES, Intent
from styles.language.lexicon import COURTESIES, FILLERS

_COMMANDS: dict[Intent, SenderCommand] = {
    Intent.STOP: Stop(),
    Intent.START: Start(),
    Intent.DELETE: DeletePhotos(),
}
_PHRASES = {phrase: _COMMANDS[intent] for phrase, intent in PHRASES.items() if intent in _COMMANDS}
#: Words that can stand within a phrase: "löschen Sie bitte meine Fotos".
_PLEASE = frozenset(("please", "pls", "bitte", "svp"))
#: Words that hint at a command, and what to write for it.
_UNSURE = {
    **dict.fromkeys(words("stop stopp unsubscribe unsubscribing abmelden abbestellen arrete"), "stop"),
    **dict.fromkeys(words("delete deleted erase remove gdpr dsgvo loschen losche"), "delete my photos"),
    **dict.fromkeys(words("geloscht supprimer supprimez borrar cancellare"), "delete my photos"),
}
#: Characters up to which a whole text can be a command.
_SHORT_TEXT = 100
#: Characters of a text that are searched for hints.
_LETTER = 500


def sender_command(request: StyleRequest) -> SenderCommand | None:
    """Return the command that is the whole subject or text, without regard to any style's name."""
    subject, *text = read_lines(request.subject, request.text)
    return about_sender(request, subject, text, Catalogue(()))


def about_sender(
    request: StyleRequest, subject: Line, text: Sequence[Line], catalogue: Catalogue
) -> SenderCommand | None:
    """Return the command that is the whole subject or text; None if a photo comes with a style's name."""
    if request.images and any(catalogue.within(line.words) for line in (subject, *text)):
        return None
    is_old = subject.is_reply and any(line.words for line in text)  # "start" below "Re: stop"
    bare_subject = [word for word in subject.words if word not in _PLEASE]
    if not is_old and (command := _whole(bare_subject, COURTESIES)):
        return command
    written = words(request.text) if len(request.text) <= _SHORT_TEXT else ()
    command = _whole([word for word in written if word not in _PLEASE], FILLERS.union(words(request.name)))
    # "Stop" below "Photo of the bus stop" is about the photo.
    is_about_photo = bool(request.images and subject.content and not subject.is_reply)
    return command if isinstance(command, DeletePhotos) or not is_about_photo else None


def unsure(request: StyleRequest) -> str:
    """Return what to write for the command at which a mail without a photo hints; "" without a hint."""
    written = words(f"{request.subject} {request.text[:_LETTER]}")
    return next((_UNSURE[word] for word in written if word in _UNSURE), "")


def _whole(written: Sequence[str], farewell: frozenset[str]) -> SenderCommand | None:
    """Find the command of which these words are the phrase, between courtesies and a farewell."""
    for start in range(len(written)):
        if start and written[start - 1] not in COURTESIES:
            return None
        for end in range(len(written), start, -1):
            command = _PHRASES.get(" ".join(written[start:end]))
            if command and farewell.issuperset(written[end:]):
                return command
    return None
