"""Find the photos that a reply names by the styles they have: "the Mondrian one bigger", "der Schrei größer".

with_numbers  text, the pictures before -> the text with "photo 1" for such a style

Where a reply speaks of several pictures by their styles, each clause is about its own one: "the scream is
great, starry night a bit weaker" changes the second alone, also where both are of one photo.

A style behind "in", "as" or "now" is a wish: "in Mondrian, bigger" is for all photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from mailbot.conversation.mail_reader import Earlier
from mailbot.intents.changes.heard_changes import means_all
from mailbot.intents.changes.phrase_patterns import replaced
from mailbot.intents.changes.relative_changes import MAX_TEXT, MAX_WORDS
from mailbot.intents.details import bounds
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

#: Kinds of words by which a change is asked for, and of those that only ask or add.
_CHANGES = (*_OPTIONS, "again", "original")
_ASKING = ("ask", "want", "make", "paint", "further", "or", "mix", "instead")
#: Kinds of words between two clauses.
_JOINS = ("and", "limit")
#: "ones" behind the name of a style.
_ONES = r"(?:\s+ones?\b)?"


def with_numbers(text: str, before: Sequence[Earlier], catalogue: Catalogue) -> str:
    """Return the text with the numbers of the pictures that it names by their styles, where a change is said.

    Every photo has one picture, and some have other styles; or the text names the styles of all pictures.
    """
    if len(before) < 2:
        return text
    known = relative(detect(tokenize(text[:MAX_TEXT])))
    sentences = list(SentenceReader(catalogue, known).sentences(text[:MAX_TEXT], "text"))
    if spoken := _spoken_of(sentences, before):
        for item, said in spoken:
            text = replaced(text, item, said, behind=_ONES)
        return text
    is_of_each_photo = len({number for number, _ in before}) == len(before)
    for sentence in sentences:
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
            text = replaced(text, sentence.items[at], numbers, behind=_ONES)
            start = at + 1
    return text


def _spoken_of(sentences: Sequence[Sentence], before: Sequence[Earlier]) -> list[tuple[Item, str]]:
    """Return the styles that stand for pictures, with words for those: "the scream is great, udnie weaker".

    None where a style is not that of one picture alone, where a clause says nothing of its own, or where no
    change is asked for.
    """
    styles: list[tuple[str, ...]] = [(recipe.style,) for _, recipe in before]
    found: dict[int, tuple[Item, str]] = {}
    is_asked = False
    for sentence in sentences:
        places = list(sentence.mentions)
        if places and (any(one.has(*_OTHERS) for one in sentence.items) or len(sentence.words) > MAX_WORDS):
            return []
        for at, part in zip(places, _parts(sentence.items, places), strict=True):
            if sentence.items[at] not in part:
                return []
            style = sentence.styles_at(at)
            is_change = any(one.has(*_CHANGES) or one.text == "%" for one in part)
            rest = [one for one in part if not (one.is_mark or one.mention or one.has("article", "courtesy"))]
            behind = part[part.index(sentence.items[at]) :]
            is_other = not is_change and any(one.has(*_ASKING) for one in rest)
            is_other = is_other or any(one.has("for") for one in behind)  # "the scream for me, udnie for her"
            number = styles.index(style) if styles.count(style) == 1 else None
            if number is None or number in found or not rest or is_other:
                return []
            is_asked = is_asked or is_change
            is_last = all(one.is_mark or one.mention for one in behind)  # "I love the scream"
            found[number] = sentence.items[at], "" if is_last and not is_change else call(number)
    return [*found.values()] if is_asked and len(found) > 1 else []


def _parts(items: Sequence[Item], places: Sequence[int]) -> list[Sequence[Item]]:
    """Return the clauses of the styles at some places; that of one before another in its clause is cut."""
    ends = [
        next((n for n in range(b - 1, a, -1) if bounds.parts_requests(items[n]) or items[n].has(*_JOINS)), a)
        for a, b in pairwise(places)
    ]
    return [items[start:end] for start, end in pairwise((0, *ends, len(items)))] if places else []


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
