"""Find the name in a sentence that speaks of the name: “Pour le nom, j'ai pensé à Sel gris”.

Words for *name* or *title* open it. The name has quotation marks, or stands behind a colon, or begins with a
capital behind a word that leads to it. Behind a sentence that a name is missing or wrong it may be all of the
next one: “I forgot to tell you the name. Harvest Moon”.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.learning_words import COLON, folded, has, is_refused, row, written
from mailbot.intents.learning.own_names import is_talk, own_name
from mailbot.intents.learning.painters.other_names import is_of_other
from mailbot.intents.learning.spoken_names import FIRST_CJK
from mailbot.intents.learning.wishes import is_known
from mailbot.intents.learning.written_names import SIGNS, cut_runs, quoted_names, runs, without_end
from styles.language.tokens import key

#: Words of a name, and characters of a Chinese or Japanese one.
LONGEST, LONGEST_RUN = 6, 8
#: What ends a sentence; the full stop in “St. Ives” does not.
_SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{3})\.|[!?])(?:\s+|$)|[。！？\n]+")
_CLAUSE = re.compile(r"[,;]\s+|\s[-–—]\s")
#: Signs before a word.
_OPENING = "¿¡«“„\"'("


def name_in_sentences(text: str) -> str:
    """Return the name that a sentence about the name tells, "" where none does."""
    sentences = [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]
    for sentence, following in pairwise([*sentences, ""]):
        if not _is_about_name(sentence):
            continue
        if name := _named(sentence):
            return name
        if following and has("name_amiss", folded(sentence)):
            return own_name(cut_runs(following, runs("name_end"), at_start=False), is_asked=True)
    return ""


def _is_about_name(sentence: str) -> bool:
    """Tell whether a sentence speaks of a name, not of its writer's (“my name is Ann”) or another thing's."""
    said = f" {sentence.lower()} "
    is_of_person = any(person in said for person in _persons())
    return has("name_noun", folded(sentence)) and not (is_of_person or is_of_other(sentence))


@cache
def _persons() -> Sequence[str]:
    """Return the words of a name that is a person's: “my name”."""
    nouns = written("name_noun")
    return [
        f" {mine} {noun} " if noun[0] < FIRST_CJK else f"{mine}{noun}"
        for mine in written("mine")
        for noun in nouns
    ]


def _named(sentence: str) -> str:
    if not sentence.isascii() and (name := _run_in(sentence)):
        return name
    quoted = [name for name in quoted_names(sentence) if len(name.split()) <= LONGEST]
    if len(quoted) == 1:
        return "" if _is_refused_before(sentence, quoted[0]) else quoted[0]
    about, *behind = COLON.split(sentence, maxsplit=1)
    if behind and has("name_noun", folded(about)) and len(behind[0].split()) <= LONGEST:
        return behind[0]
    return _titled(sentence.split())


def _titled(words: Sequence[str]) -> str:
    """Return the name that begins with a capital behind a word that leads to it, up to a comma."""
    is_changing = has("changing", folded(" ".join(words)))
    leads = row("name_lead") | row("name_noun") | (row("change_lead") if is_changing else frozenset())
    starts = [word.lstrip(_OPENING)[:1].isupper() and _may_begin(word.lstrip(_OPENING)) for word in words]
    for at in range(len(words) - 1, 0, -1):
        if not starts[at] or (at > 1 and starts[at - 1]):  # the name begins with the first of its capitals
            continue
        clause = _CLAUSE.split(" ".join(words[at:]))[0].rstrip(".")
        name = without_end(clause)
        is_led = _last_key(words[:at]) in leads or name != clause
        if is_led and len(name.split()) <= LONGEST and not _is_refused_before(" ".join(words), words[at]):
            return name
    return ""


def _last_key(words: Sequence[str]) -> str:
    return "" if words[-1].endswith((",", ";")) else (key(words[-1]).split() or [""])[-1]


def _may_begin(word: str) -> bool:
    return key(word) not in row("name_noun") and not is_known(key(word))


def _is_refused_before(sentence: str, name: str) -> bool:
    clause = _CLAUSE.split(sentence[: sentence.index(name)])[-1]
    return is_refused(folded(clause))


def _run_in(sentence: str) -> str:
    """Return a Chinese or Japanese name behind a word for it and others: 名字应该是毛地黄."""
    noun = next((noun for noun in longest_first("name_noun") if not noun.isascii() and noun in sentence), "")
    if not noun:
        return ""
    rest, leads = sentence.partition(noun)[2].strip(SIGNS), runs("name_lead")
    name = cut_runs(rest, leads, at_start=True)
    is_led, name = name != rest, cut_runs(name, runs("name_end"), at_start=False).strip(SIGNS)
    return name if is_led and 0 < len(name) <= LONGEST_RUN and not is_talk(name) else ""
