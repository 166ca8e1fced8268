"""Take the only style that a mail names for its wish, where nothing else asks for one.

    with_sole   the sentences of a mail, with what the place of its only style says for it
    of_place    the evidence of that place

A wish has more words than any list: "I would be honoured by a Turner". A letter names a style in its middle,
among much else; a wish does so in a short mail, in its first or last sentence, or beside a courtesy. The
weights are those of a logistic regression over 190 letters that name a style by chance, and 258 wishes whose
verbs were hidden: its scores put 0.78 of the wishes before all letters but one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import log

from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence
from mailbot.intents.mentions.neighbouring_words import PLACE_BEHIND, words_before, words_behind
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.intents import Intent
from styles.language.lexicon import Lexicon

#: Points as those of `evidence.py`: of a mail without words, and for each time that their number is e-fold.
SOLE, LENGTH = 5.0, -1.3
COURTEOUS = 2.2  #: its sentence has a "please"
QUESTION = 1.3  #: its sentence is a question
LAST = 2.0  #: its sentence is the last one
FIRST = 1.0  #: its sentence is the first one


def with_sole(groups: Sequence[Sequence[WeighedSentence]], known: Lexicon) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail; the only style that its text names is a request, where much says so."""
    written = [one for group in groups for one in group]
    text = [one for one in written if one.sentence.where == "text"]
    found = [(one, at) for one in text for at in one.scores if _is_sure(one, at)]
    if not found or _is_other(written, known):
        return [*map(list, groups)]
    if not set.intersection(*(set(one.sentence.styles_at(at)) for one, at in found)):
        return [*map(list, groups)]
    best, at = max(found, key=lambda pair: pair[0].scores[pair[1]] + of_place(pair[0], text))
    points = best.scores[at] + of_place(best, text)
    if points < THRESHOLD:
        return [*map(list, groups)]
    taken = replace(best, scores={**best.scores, at: points})
    return [[taken if one is best else one for one in group] for group in groups]


def of_place(one: WeighedSentence, text: Sequence[WeighedSentence]) -> float:
    """Return the evidence of a sentence by its place among those of a text."""
    sentence = one.sentence
    words = sum(_length(item) for other in text for item in other.sentence.words)
    is_courteous = "courtesy" in sentence.kinds
    points = SOLE + LENGTH * log(1 + words) + COURTEOUS * is_courteous + QUESTION * sentence.is_question
    return points + LAST * (one is text[-1]) + FIRST * (one is text[0])


def _length(item: Item) -> float:
    """Return the words of an item: two characters of Chinese or Japanese are one."""
    return len(item.raw) / 2 if item.raw[:1] >= FIRST_CJK else 1.0


def _is_sure(one: WeighedSentence, at: int) -> bool:
    """Tell whether a mention is a whole name, and no thing, place or person by the words beside it."""
    mention = one.sentence.items[at].mention
    if mention is None or mention.grade < Grade.TAG or not mention.styles:
        return False
    is_part = mention.is_described and len(mention.raw.split()) == 1 and mention.raw[0] < FIRST_CJK
    return not is_part and min(words_before(one.sentence, at), words_behind(one.sentence, at)) > PLACE_BEHIND


def _is_other(written: Sequence[WeighedSentence], known: Lexicon) -> bool:
    """Tell whether a mail refuses a style, or asks for something else: a surprise, one that is not here."""
    items = [item for one in written for item in one.sentence.items]
    if any(one.refused for one in written):
        return True
    others = (Intent.SURPRISE, Intent.SHEET, Intent.LIST, Intent.HELP)
    return any(item.is_elsewhere or Intent.of(known.intents.get(item.text, "")) in others for item in items)
