"""Read a reply that wants a photo painted like another one: "Nico the same as Teo", "弟のも兄と同じ絵で".

without_model  a reply with numbers for its photos -> the photo, the one it is to be like, the text without it

A photo that is praised is a model, too: "the second is lovely! The first like that, please".
"""

from __future__ import annotations

import re
from functools import cache

from mailbot.conversation.picture_replies import by_picture
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.picture_choices import is_alike
from mailbot.intents.changes.relative_changes import MAX_TEXT
from mailbot.intents.details.photo_calls import call
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import REST, numbers_of
from mailbot.intents.sentence import Item
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon, relative
from styles.language.tokens import fold, tokenize
from styles.language.word_rows import reply

#: Kinds of words by which a photo is praised, and those of a tale about it.
_PRAISE, _TELLING = ("praise", "delight", "prefer"), ("not", "praise", "delight", "letter")
#: A photo's number, as `photo_calls.call` writes it.
_PHOTO = r"photo (\d+)"


def without_model(text: str, catalogue: Catalogue, count: int) -> tuple[int, int, str] | None:
    """Return a photo, the one that it is to be like, of `count` photos from 0, and the text without that."""
    if count < 2:
        return None
    said = _with_calls(text, catalogue, count)
    match = _pattern().search(said)
    if match is None:
        return _as_praised(text, catalogue, count)
    model = int(match["model"] or match["model_first"]) - 1
    rest = f"{said[: match.start()]} {said[match.end() :]}"
    named = dict.fromkeys(int(number) - 1 for number in re.findall(_PHOTO, rest))
    others = [number for number in named if number != model]
    return (others[0], model, rest) if len(others) == 1 else None


def _with_calls(text: str, catalogue: Catalogue, count: int) -> str:
    """Return the text with "photo 1" for words such as "the first"."""
    for item in _items(text, catalogue):
        numbers = numbers_of(item)
        if len(numbers) == 1 and numbers[0] != REST and -count <= numbers[0] < count:
            text = replaced(text, item, call(numbers[0] % count))
    return text


def _as_praised(text: str, catalogue: Catalogue, count: int) -> tuple[int, int, str] | None:
    """Return the numbers of a photo and of the one that is praised before, and what is said of the photo."""
    items = _items(text, catalogue)
    if not (any(item.has(*_PRAISE) for item in items) and any(map(is_alike, items))):
        return None
    parts = by_picture(text, catalogue, count)
    if len(parts) != 2 or any(len(part.pictures) != 1 for part in parts):
        return None
    (model,), (photo,) = (part.pictures for part in parts)
    praised, wanted = (_items(part.text, catalogue) for part in parts)
    is_model = any(item.has(*_PRAISE) for item in praised)
    if not (is_model and any(map(is_alike, wanted))) or any(map(_is_told, wanted)):
        return None
    return photo, model, "".join(item.raw + " " for item in wanted if not numbers_of(item))


def _is_told(item: Item) -> bool:
    """Tell whether a word shows that a tale is about a photo, or that its style is wished."""
    is_statement = item.has("copula") and item.has("statement")
    return is_statement or item.is_unknown or item.mention is not None or item.has(*_TELLING)


def _items(text: str, catalogue: Catalogue) -> list[Item]:
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    sentences = SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text")
    return [item for one in sentences for item in one.items]


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of a photo with the words for likeness before it, or behind it."""
    before, behind, articles = (
        "|".join(sorted((re.escape(fold(phrase)) for phrase in phrases), key=len, reverse=True))
        for phrases in (
            [phrase for phrase in reply("like_of") if phrase.isascii() or phrase[0] < "⺀"],
            reply("like_of_behind"),
            lexicon().phrases("article"),
        )
    )
    first = rf"(?<!\w)(?:{before})\s+(?:(?:{articles})\s+)?photo (?P<model>\d+)"
    return re.compile(rf"{first}|photo (?P<model_first>\d+)\s*(?:の)?\s*(?:{behind})", re.IGNORECASE)
