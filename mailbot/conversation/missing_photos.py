"""Notice that a reply without a photo may want another one painted alike: "the same for my other photo".

note_of_missing  a reply about the only photo of its thread -> the line for the answer if it does, else ""

Words name the other photo: "this photo", the row `new_photo` of the table `reply` of the words files; what it
shows, "the photo of Grandpa"; or somebody else, "Grandpa too".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from mailbot.intents.changes.picture_choices import is_alike
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import REST, numbers_of
from mailbot.intents.sentence import Item
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import tokenize, words
from styles.language.word_rows import WordRow, reply
from styles.translatable import gettext_noop

#: Note in the answer to a reply that may mean a photo which did not come with it.
NO_NEW_PHOTO = gettext_noop(
    "No new photo came with your mail, so I painted the one from before. "
    "If you meant another one, answer with it attached."
)
#: Kinds of words that say how a painting is to be.
_OPTIONS = ("color", "size_word", "strength_word", "edits")
#: Kinds of words between "for" and somebody: "for my dear grandpa".
_BETWEEN = ("article", "own", "praise")


def note_of_missing(text: str, catalogue: Catalogue) -> str:
    """Return the line for the answer to a reply that wants the same of a photo that is not in the thread.

    Photos of the thread have numbers in the text, as `photo_names` writes them.
    """
    text = text[:MAX_TEXT]
    known, is_told = relative(detect(tokenize(text))), _new_photo().is_in(" ".join(words(text)))
    for sentence in SentenceReader(catalogue, known).sentences(text, "text"):
        items, is_short = sentence.items, len(sentence.words) <= MAX_WORDS
        is_of_thread = any(set(numbers_of(item)) - {REST} or item.has(*_OPTIONS) for item in items)
        wants_same = is_short and not is_of_thread and any(_is_same(item, known) for item in items)
        if wants_same and (is_told or _is_of_another(items, known)):
            return NO_NEW_PHOTO
    return ""


def _is_same(item: Item, known: Lexicon) -> bool:
    return is_alike(item) or known.changes.get(item.text) == "same"


def _is_of_another(items: Sequence[Item], known: Lexicon) -> bool:
    """Tell whether items speak of somebody, or of a photo by what it shows."""
    is_joined = _has_photo(items, known) or any(item.has("further") for item in items)
    return (is_joined and any(map(_is_thing, items))) or _is_for_being(items)


def _has_photo(items: Sequence[Item], known: Lexicon) -> bool:
    """Tell whether items hold a photo; "the same photo" is the one of the thread."""
    return any(
        not (at and _is_same(items[at - 1], known))
        and any("sent" in known.of(word) for word in item.text.split())
        for at, item in enumerate(items)
    )


def _is_for_being(items: Sequence[Item]) -> bool:
    """Tell whether something is for somebody: "for my grandpa"."""
    said = [item for item in items if not item.has(*_BETWEEN) or item.has("for")]
    return any(one.has("for") and other.has("being") for one, other in pairwise(said))


def _is_thing(item: Item) -> bool:
    """Tell whether an item may name what a photo shows: "Grandpa", or a name that no list has."""
    return item.is_unknown or item.has("being", "caption")


@cache
def _new_photo() -> WordRow:
    stars = ((phrase, "*" * phrase.endswith("*")) for phrase in reply("new_photo"))
    return WordRow.of(f"{' '.join(words(phrase))}{star}" for phrase, star in stars)
