"""What a mail says about its sender: stop, start, delete my photos.

    about_sender    the intent that the whole subject or the whole text is
    unsure          what to write, where a mail only seems to say so

Who is not certain keeps their answers and their photos: a letter that mentions a bus stop is no intent.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mailbot.intents.line import Line
from mailbot.intents.style_matching import Catalogue, words
from mailbot.parsing.parse import StyleRequest
from styles.language.intents import PHRASES, Intent
from styles.language.lexicon import COURTESIES, FILLERS

#: Intents that are only heard as a whole subject or a whole text.
_WISHES = (Intent.STOP, Intent.START, Intent.DELETE)
#: What can stand in the middle of a phrase: "löschen Sie bitte meine Fotos".
_PLEASE = frozenset(("please", "pls", "bitte", "svp"))
#: Words by which a mail may want one of these, and what to write then.
_UNSURE = {
    **dict.fromkeys(words("stop stopp unsubscribe unsubscribing abmelden abbestellen arrete"), "stop"),
    **dict.fromkeys(words("delete deleted erase remove gdpr dsgvo loschen losche"), "delete my photos"),
    **dict.fromkeys(words("geloscht supprimer supprimez borrar cancellare"), "delete my photos"),
}
#: Characters up to which a text is a command as a whole.
_SHORT_TEXT = 100
#: Characters of a longer one in which a word of such an intent is looked for.
_LETTER = 500


def about_sender(
    request: StyleRequest, subject: Line, text: Sequence[Line], catalogue: Catalogue
) -> Intent | None:
    """What the whole subject or the whole text says; nothing, where a photo comes with a style's name."""
    if request.images and any(catalogue.within(line.words) for line in (subject, *text)):
        return None
    is_old = subject.is_reply and any(line.words for line in text)  # "start" below "Re: stop"
    if not is_old and (intent := _whole([word for word in subject.words if word not in _PLEASE], COURTESIES)):
        return intent
    written = words(request.text) if len(request.text) <= _SHORT_TEXT else ()
    bare = [word for word in written if word not in _PLEASE]
    intent = _whole(bare, FILLERS.union(words(request.name)))
    # "Stop" below "Photo of the bus stop" is about the photo.
    is_about_photo = bool(request.images and subject.content and not subject.is_reply)
    return None if is_about_photo and intent is not Intent.DELETE else intent


def unsure(request: StyleRequest) -> str:
    """What to write for the intent that a mail without a photo may have; "" where it seems to have none."""
    written = words(f"{request.subject} {request.text[:_LETTER]}")
    return next((_UNSURE[word] for word in written if word in _UNSURE), "")


def _whole(written: Sequence[str], farewell: Collection[str]) -> Intent | None:
    """The wish of which these words are the phrase, with courtesies before and a farewell behind."""
    for start in range(len(written)):
        if start and written[start - 1] not in COURTESIES:
            return None
        for end in range(len(written), start, -1):
            intent = PHRASES.get(" ".join(written[start:end]))
            if intent in _WISHES and all(word in farewell for word in written[end:]):
                return intent
    return None
