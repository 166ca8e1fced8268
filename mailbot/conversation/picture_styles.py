"""Find the photos that a reply names by the styles they have: "the Mondrian one bigger", "der Schrei größer".

with_numbers  text, the pictures before -> the text with "photo 1" for such a style

A style behind "in", "as" or "now" is a wish: "in Mondrian, bigger" is for all photos.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.conversation.mail_reader import Earlier
from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.details.photo_calls import call
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import NUMBERED, Item, Sentence
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import Lexicon, relative
from styles.language.tokens import fold, tokenize

#: Kinds of words that can stand before a picture's style, and those behind it that go with a noun.
_BEFORE = (
    *("article", "described", "courtesy", "ask", "make", "want", "paint", "only", "and", "limit"),
    "praise",
)
_BEHIND = ("after", "described_end", "single", "one_each")
#: Kinds of words by which something is wanted of a picture.
_OPTIONS = ("size", "strength", "percent", "pixel", "color")
#: Kinds of words for all pictures, or for some by their numbers; "the other one" may stand beside a style.
_OTHERS = ("every", "counts", *(kind for kind in NUMBERED if kind != "rest"))


def with_numbers(text: str, before: Sequence[Earlier], catalogue: Catalogue) -> str:
    """Return the text with the numbers of the pictures that it names by their styles, where a change is said.

    Every photo has one picture, and some have other styles; or the text names the styles of all pictures.
    """
    if len(before) < 2:
        return text
    is_of_each_photo = len({number for number, _ in before}) == len(before)
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    for sentence in SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text"):
        if _names_all(sentence, before, known):
            for at in sentence.mentions:
                text = replaced(text, sentence.items[at], "")
            continue
        if not is_of_each_photo:
            continue
        start = 0
        for at in sentence.mentions:
            styles = sentence.styles_at(at)
            photos = [number for number, recipe in before if styles == (recipe.style,)]
            if not 0 < len(photos) < len(before) or not _is_of_picture(sentence, start, at, known):
                break  # "I love the scream, but the wave …"
            numbers = " and ".join(map(call, photos))
            text = replaced(text, sentence.items[at], numbers, behind=r"(?:\s+ones?\b)?")
            start = at + 1
    return text


def _names_all(sentence: Sentence, before: Sequence[Earlier], known: Lexicon) -> bool:
    """Tell whether a sentence names each picture, and wants all: "the scream for me, udnie for her, both"."""
    places = list(sentence.mentions)
    named = [sentence.styles_at(at) for at in places]
    painted = sorted((recipe.style,) for _, recipe in before)
    if len(set(painted)) < len(painted) or sorted(named) != painted or len(sentence.words) > MAX_WORDS:
        return False
    return all(map(_can_lead, sentence.items[: places[0]])) and means_all(sentence, known)


def _is_of_picture(sentence: Sentence, start: int, at: int, known: Lexicon) -> bool:
    """Tell whether a style stands for the picture that has it, and the words behind ask for something of it.

    The pictures before `start` are named already.
    """
    items = sentence.items
    if len(sentence.words) > MAX_WORDS or any(item.has(*_OTHERS) for item in items):
        return False
    end = next((n for n in sentence.mentions if n > at), len(items))
    is_led = start > 0 or all(map(_can_lead, items[:at]))
    is_step = any(item.has("again") for item in items[at + 1 : end])
    is_option = any(item.has(*_OPTIONS) or item.text == "%" for item in items[at + 1 : end])
    return is_led and (is_step or (is_option and _is_noun(items, at, known)))


def _can_lead(item: Item) -> bool:
    """Tell whether an item can stand before the style of a picture: "la foto del grito", not "make it"."""
    is_noun = item.has("photo") and not item.has("statement")
    return item.is_mark or is_noun or item.has(*_BEFORE)


def _is_noun(items: Sequence[Item], at: int, known: Lexicon) -> bool:
    """Tell whether a style has an article, or a word such as "one" behind it."""
    title = fold(items[at].raw).split()[0]
    is_led = at > 0 and items[at - 1].has("article", "described")
    return is_led or "article" in known.of(title) or any(one.has(*_BEHIND) for one in items[at + 1 : at + 2])
