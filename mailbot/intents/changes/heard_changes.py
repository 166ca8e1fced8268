"""Tell which sentences of a reply are about the painting before.

is_change         whether a sentence says how it is to be painted
means_all         whether a sentence is about all pictures: "both at 50%"
numbers_tell_why  whether the pictures that such a sentence numbers are not meant alone
intent_of         what else a whole sentence asks for; "all bigger" is no sheet
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from mailbot.intents.changes.picture_choices import narrows
from mailbot.intents.changes.relative_changes import MAX_WORDS, asked
from mailbot.intents.details.excepted_photos import leaves_one_out
from mailbot.intents.details.option_clauses import with_options
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.photo_numbers import numbers_of
from mailbot.intents.requests_without_style import is_long, whole_intent
from mailbot.intents.sentence import Item, Sentence
from styles.language.intents import Intent
from styles.language.lexicon import Lexicon
from styles.language.tokens import key
from styles.language.word_rows import reply

#: Kinds of words between "all" and what is asked of all pictures, and those by which that is asked.
_SMALL = ("article", "of", "photo", "these", "own", "original", "make", "filler", "counts")
_ASKING = (
    *("cue", "again", "size", "strength", "percent", "paint", "with", "courtesy", "versions", "apart"),
    *("color", "keep"),
)
#: Kinds of words that say how pictures are to be.
_CHANGING = ("again", "size", "strength", "percent")
#: Items of a count of all pictures, at most: "两 幅 我 都".
_LONGEST = 4

#: Kinds of words beside the wish for another style.
_BESIDE = (
    "again",
    "further",
    "separate",
    "and",
    "filler",
    "courtesy",
    "ask",
    "want",
    "make",
    "article",
    "cue",
    "photo",
    "no",
    "not_refusing",
)
#: Those that only ask or refuse; "no." at the end of a clause is read as a number's lead.
_POLITE = ("courtesy", "ask", "want", "make", "no", "not_refusing", "exclaim")


def is_change(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence asks for a change, or is short and says an option."""
    if asked(sentence, words):
        return True
    is_letter = any(item.has("letter") and not item.has("intents") for item in sentence.items)
    said = read_options(with_options(sentence, is_beside=True), words)
    return said != Options() and not is_letter and len(sentence.words) <= MAX_WORDS


def means_all(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence asks for something of all pictures: "make them all weaker", not "all good"."""
    items = sentence.items
    for at, item in enumerate(items):
        behind = next((one for one in items[at + 1 :] if one.has(*_CHANGING) or not one.has(*_SMALL)), None)
        is_asked = behind is None or behind.is_number or behind.mention or behind.has(*_ASKING)
        is_counted = item.has("counts") and behind is not None and behind.has("apart")
        if (item.has("every", "these") or is_counted or _is_all(item, words)) and is_asked:
            return True
        if ends := _counted(items, at):
            rest = [one for one in items[ends:] if not one.has(*_SMALL)]
            first = rest[0] if rest else None
            return not first or first.is_mark or first.is_number or bool(first.mention) or first.has(*_ASKING)
    return False


def numbers_tell_why(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence numbers pictures only behind what it asks of all: "both at 60, or 1 is sad"."""
    items = sentence.items
    first = next((at for at, item in enumerate(items) if numbers_of(item)), len(items))
    said = [at for at, item in enumerate(items) if item.is_number or item.mention or item.has(*_CHANGING)]
    is_asked = bool(said) and said[-1] < first and not leaves_one_out(items, first, len(items))
    return is_asked and not narrows(items) and means_all(replace(sentence, items=items[:first]), words)


def _counted(items: Sequence[Item], at: int) -> int:
    """Return where a count of all pictures that begins at an item ends, 0 if none does: "all three"."""
    for end in range(min(len(items), at + _LONGEST), at, -1):
        if "".join(item.text.replace(" ", "") for item in items[at:end]) in _counts():
            return end
    return 0


@cache
def _counts() -> frozenset[str]:
    return frozenset(key(phrase).replace(" ", "") for phrase in reply("all_of"))


def _is_all(item: Item, words: Lexicon) -> bool:
    """Tell whether a phrase for a sheet means the pictures as well: "all of them", not "all styles"."""
    is_sheet = not item.mention and words.intents.get(item.text) == Intent.SHEET.value
    return is_sheet and not any(noun in item.text for noun in words.phrases("gallery"))


def _is_for_another(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence wants another style, and names none: "another one, surprise me".

    "Another one, but bigger" is the same painting.
    """
    if _bare(sentence) in _others():
        return True
    at = next((at for at, item in enumerate(sentence.items) if _is_other(item, words)), None)
    if at is None or any(item.mention or item.is_number for item in sentence.items):
        return False
    is_again = sentence.items[at].has("again")
    clause = sentence.items if is_again else _behind(sentence, at)
    return all(
        item.is_mark
        or _is_other(item, words)
        or (item.has(*_BESIDE) and not (is_again and item.has("size", "strength")))
        for item in clause
    )


def _bare(sentence: Sentence) -> str:
    """Return the words of a sentence without those that only ask: "hmm nein, bitte ein anderer Maler"."""
    said = (item for item in sentence.words if item.has("gallery") or not item.has(*_POLITE))
    return "".join(item.text.replace(" ", "") for item in said)


@cache
def _others() -> frozenset[str]:
    return frozenset(key(phrase).replace(" ", "") for phrase in reply("another_style"))


def _behind(sentence: Sentence, at: int) -> tuple[Item, ...]:
    """Return the items of a clause from one on: "I lost my appetite, something else please"."""
    clause = sentence.clause(at)
    return clause[next(n for n, item in enumerate(clause) if item is sentence.items[at]) :]


def _is_other(item: Item, words: Lexicon) -> bool:
    return item.has("another") or words.intents.get(item.text) == Intent.SURPRISE.value


def intent_of(one: WeighedSentence, words: Lexicon, *, is_reply: bool) -> Intent | None:
    """Return the intent of a whole sentence; where a painting is meant, "all bigger" means the paintings."""
    intent = whole_intent(one.sentence, words, one.refused)
    if intent is None and is_reply and not one.refused and _is_for_another(one.sentence, words):
        return Intent.SURPRISE
    is_share = any(item.has("percent") or item.text == "%" for item in one.sentence.items)
    if intent is Intent.SHEET and is_reply and (is_share or asked(one.sentence, words)):
        named = [item for item in one.sentence.items if is_long(item.text) and not _is_all(item, words)]
        return intent if any(words.intents.get(item.text) == intent.value for item in named) else None
    return intent
