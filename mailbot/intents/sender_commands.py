"""Read what a mail says about its sender: stop, start, delete my photos.

In doubt the sender keeps their answers and photos: a letter that mentions a bus stop holds no command.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from mailbot.intents.command_types import DeletePhotos, SenderCommand, Start, Stop
from mailbot.intents.sources import bare_subject
from mailbot.parsing.parse import StyleRequest
from styles.language.lexicon import command, lexicon
from styles.language.tokens import segment, tokenize, words

_COMMANDS: dict[str, SenderCommand] = {"stop": Stop(), "start": Start(), "delete": DeletePhotos()}
#: Commands that are known by their single words: "delete all my photos", "no more mails".
_SPELT: dict[str, SenderCommand] = {"deletion": DeletePhotos(), "silence": Stop()}
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
    """Return the command that is the whole subject or text.

    Beside a photo the other of the two must hold nothing else: "stop" below "Photo of the bus stop", and
    "delete my photos when done" below "mosaic", are about the photo. The subject of a reply is not counted.
    """
    subject, is_reply = bare_subject(request.subject)
    title, fillers = _words(subject), _small("filler").union(words(request.name))
    is_old = is_reply and any(map(str.isalnum, request.text))  # "start" below "Re: stop"
    named = None if is_old else _whole(title, frozenset()) or _spelt(title, ())
    written = _words(request.text) if len(request.text) <= _SHORT_TEXT else []
    found = _whole(written, fillers) or _spelt(written, words(request.name))
    if not request.images or named == found:
        return named or found
    other = request.text if named else "" if is_reply else subject
    is_alone = len(other) <= _SHORT_TEXT and fillers.issuperset(_words(other))
    return named or found if is_alone else None


def unsure(request: StyleRequest) -> str:
    """Return what to write for the command at which a mail without a photo hints; "" without a hint."""
    written = words(f"{request.subject} {request.text[:_LETTER]}")
    return next((_UNSURE[word] for word in written if word in _UNSURE), "")


def _spelt(written: Sequence[str], closing: Sequence[str]) -> SenderCommand | None:
    """Return the command whose words these are: those that it needs, small ones, and nothing else."""
    for name, meant in _SPELT.items():
        rows = command(name)
        needed = [found for row, found in rows.items() if row != "small"]
        known = _small("courtesy").union(closing, *rows.values())
        if known.issuperset(written) and not any(row.isdisjoint(written) for row in needed):
            return meant
    return None


def _words(text: str) -> list[str]:
    tokens = segment(
        tokenize(text), lexicon().runs.union(*(row for name in _SPELT for row in command(name).values()))
    )
    return [token.text for token in tokens if token.is_word and token.text not in _PLEASE]


@cache
def _small(kind: str) -> frozenset[str]:
    """Return the single words of the phrases of a kind, and of courtesies, in all languages."""
    known = lexicon()
    phrases = known.phrases(kind, "courtesy") - known.phrases("polite")
    return frozenset(word for phrase in phrases for word in phrase.split())


def _whole(written: Sequence[str], closing: frozenset[str]) -> SenderCommand | None:
    """Find the command of which these words are the phrase, between courtesies and a closing."""
    courtesies = _small("courtesy")
    for start in range(len(written)):
        if start and written[start - 1] not in courtesies:
            return None
        for end in range(len(written), start, -1):
            found = _COMMANDS.get(lexicon().intents.get(" ".join(written[start:end]), ""))
            if found and (courtesies | closing).issuperset(written[end:]):
                return found
    return None
