"""Recognize the sentences that ask for something else than a style: help, the list, a sheet, a surprise.

A phrase of several words must be the whole sentence except for small words: "please paint it in all styles".
A single word must be the whole sentence except for courtesies: "all of us" does not ask for a sheet.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from rapidfuzz import fuzz, process

from mailbot.intents.details import bounds
from mailbot.intents.paintings.painting_counts import count_at
from mailbot.intents.sentence import Sentence
from styles.language.intents import Intent
from styles.language.lexicon import Lexicon, lexicon
from styles.language.tokens import words as split_words
from styles.language.word_rows import guidance

#: Intents of a whole sentence; the other intents stand beside a style.
WHOLE = (Intent.SURPRISE, Intent.SHEET, Intent.LIST, Intent.HELP)
#: Those of them that a clause can ask for.
_FREE = (Intent.SURPRISE, Intent.SHEET)
#: Words up to which a sentence is searched.
_LONGEST = 14
#: Least rapidfuzz ratio of a misspelt phrase, and its least number of letters.
_TYPO_SCORE, _SHORTEST_TYPO = 86, 7
#: Kinds of words beside a phrase of several words, and beside a single word.
_SMALL = frozenset(
    ("filler", "courtesy", "ask", "want", "make", "photo", "cue", "article", "style_of", "strength", "any")
) | {"counts", "versions", "gallery"}
_COURTEOUS = frozenset(("courtesy", "ask", "size"))
#: What ends a word of which the last letter is left out.
_ELIDED = ("'", "’")


def whole_intent(sentence: Sentence, words: Lexicon, refused: Collection[int] = ()) -> Intent | None:
    """Return the intent of the whole sentence; `refused` are indices: "all styles except the scream"."""
    if not sentence.words:
        return Intent.HELP if sentence.is_question else None
    if len(sentence.words) > _LONGEST:
        is_asked = not sentence.kinds.isdisjoint(("ask", "want"))
        return Intent.SHEET if is_asked and _names_all_styles(sentence, words) else None
    return Intent.SURPRISE if _counts_styles(sentence, words) else _of_whole(sentence, words, refused)


def _of_whole(sentence: Sentence, words: Lexicon, refused: Collection[int]) -> Intent | None:
    """Return the intent of a sentence that is no longer than a request."""
    for at, item in enumerate(sentence.items):
        intent = _of(item.text, words)
        if intent is None or item.mention or (intent is Intent.SHEET and at and not is_long(item.text)):
            continue  # "hello all" is no sheet
        if item.raw.endswith(_ELIDED):
            continue  # "all'80%"
        is_counted = intent is Intent.SURPRISE and any(
            one.is_number or one.has("counts") for one in sentence.items
        )
        around = _SMALL if is_long(item.text) or refused or is_counted else _COURTEOUS
        rest = [
            other
            for index, other in enumerate(sentence.items)
            if not (
                index == at
                or index in refused
                or other.is_mark
                or (refused and other.has("not", "not_after", "instead"))
            )
        ]
        if all(other.has(*around) or other.is_number or _is_size(other.text, words) for other in rest):
            return intent
    if not sentence.kinds.isdisjoint(("ask", "make")) and (intent := _in_clause(sentence, words)):
        return intent
    if _names_all_styles(sentence, words):
        return Intent.SHEET
    return _misspelt(sentence, words) if sentence.unknown else None


def _counts_styles(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence asks for a number of styles, and says nothing else: "5 different styles"."""
    items = sentence.items
    counts = [at for at in range(len(items)) if count_at(items, at, words)]
    if (
        len(counts) != 1
        or "gallery" not in sentence.kinds
        or any(one.has("every") for one in items[: counts[0]])
    ):
        return False
    noun = next((item for item in items[counts[0] + 1 :] if not item.has("versions", "any", "article")), None)
    is_small = all(item.is_mark or item.is_number or item.has(*_SMALL) for item in items)
    return noun is not None and noun.has("gallery") and is_small and not sentence.has_mention


def _names_all_styles(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a request is for "all styles", or for all on one page, with more words around it."""
    gallery = words.phrases("gallery")
    is_whole = any(
        _of(item.text, words) is Intent.SHEET and any(word in item.text for word in gallery)
        for item in sentence.items
    )
    is_tale = "letter" in sentence.kinds and not (is_whole and "page" in sentence.kinds)
    if is_tale or any(item.mention or item.has("not") for item in sentence.items):
        return False
    every = [
        item.has("every", "any")
        or _of(item.text, words) is Intent.SHEET
        or (item.is_number and noun.has("gallery"))
        for item, noun in zip(sentence.items, [*sentence.items[1:], sentence.items[-1]], strict=True)
    ]
    of_photos = [
        is_all and item.has("own", "caption") for is_all, item in zip(every, sentence.items[1:], strict=False)
    ]
    return is_whole or ("page" in sentence.kinds and any(every) and not any(of_photos))


def _in_clause(sentence: Sentence, words: Lexicon) -> Intent | None:
    """Return the sheet or the surprise that one clause of a request is for: "I can't decide, do them all"."""
    items = sentence.items
    for span in bounds.spans(items) if any(map(bounds.is_mark, items)) else ():
        clause = items[span.start : span.stop]
        found = [item for item in clause if is_long(item.text) and _of(item.text, words) in _FREE]
        if found and all(item is found[0] or item.has(*_SMALL) for item in clause):
            return _of(found[0].text, words)
    return None


def asked_within(sentence: Sentence, words: Lexicon) -> Intent | None:
    """Return the list or help that a sentence of a mail without a photo asks for, in whatever words.

    A phrase of several words can stand anywhere: "what am I meant to do". Else single words tell it: "how"
    and "work" for help, "which" and "painters" for the list.
    """
    found = (_of(item.text, words) for item in sentence.items if is_long(item.text))
    said = next((intent for intent in found if intent in (Intent.LIST, Intent.HELP)), None)
    if said or sentence.has_mention:
        return said
    rows = guidance(words.languages)
    text = " ".join(split_words(" ".join(item.raw for item in sentence.items)))
    holds = {name: row.is_in(text) for name, row in rows.items()}
    if holds["how"] and holds["work"]:
        return Intent.HELP
    if holds["choice"] and (sentence.is_question or holds["ask"]):
        return Intent.LIST
    return Intent.HELP if holds["explain"] or (holds["what"] and holds["write"]) else None


def counts(intent: Intent, sentence: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Tell whether an intent counts where it stands: a question within a letter is not for the bot."""
    text = [one for one in sentences if one.where == "text"]
    return intent in (Intent.SHEET, Intent.SURPRISE) or sentence not in text[1:]


def is_long(phrase: str) -> bool:
    """Tell whether a phrase has several words; Chinese and Japanese ones have no spaces."""
    return " " in phrase or (not phrase.isascii() and len(phrase) > 3)


def _of(phrase: str, words: Lexicon) -> Intent | None:
    intent = Intent.of(words.intents.get(phrase, ""))
    return intent if intent in WHOLE else None


def _is_size(phrase: str, words: Lexicon) -> bool:
    return words.intents.get(phrase, "") in ("big", "full", "small")


def _misspelt(sentence: Sentence, words: Lexicon) -> Intent | None:
    if any(item.mention for item in sentence.items):
        return None
    bare = " ".join(item.text for item in sentence.words if not item.has("courtesy") or item.text == "me")
    if len(bare) < _SHORTEST_TYPO:
        return None
    found = process.extractOne(bare, _misspellable(), scorer=fuzz.ratio, score_cutoff=_TYPO_SCORE)
    return _of(found[0], words) if found else None


@cache
def _misspellable() -> tuple[str, ...]:
    """Return the phrases of all languages that are long enough to be misspelt."""
    words = lexicon()
    return tuple(phrase for phrase in words.intents if len(phrase) >= _SHORTEST_TYPO and _of(phrase, words))
