"""Tell a plain order from a loose phrase: “Please stop it” from “Stop it, you're too kind!”.

A plain order is all that its sentence says, but for courtesies and a reason such as “I sent the wrong photo”,
and no other sentence of the mail praises the painting or sets a condition. It is acted upon at once. A loose
phrase is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from mailbot.intents.learning.learning_words import (
    CLAUSE,
    LONGEST_PHRASE,
    has,
    is_refused,
    row,
    small,
    tokens,
)
from styles.language.lexicon import lexicon

#: Rows of phrases that may stand around an order.
_AROUND = ("no", "no_answer", "please", "after_all", "agreed", "first_of_all", "regret", "speaker")
#: Rows of words that make an order of another sentence doubtful.
_AGAINST = ("delighted", "only_if")
_ASIDES = ("not_exactly", "changed_mind", "mistaken")
#: A space between Chinese or Japanese characters, which have none.
_JOINED = re.compile(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])")
_CJK = re.compile(r"[\u3040-\u9fff]+")


def is_plain(sentences: Sequence[str], is_part: Callable[[str], bool]) -> bool:
    """Tell whether one of the sentences has no clause that is neither part of an order nor idle.

    The callable tells of a clause whether it is an order.
    """
    return is_sober(sentences) and any(_is_plain(sentence, is_part) for sentence in sentences)


def is_sober(sentences: Sequence[str]) -> bool:
    """Tell whether sentences neither praise anything nor set a condition."""
    return not any(_is_against(clause) for sentence in sentences for clause in CLAUSE.split(sentence))


def _is_against(clause: str) -> bool:
    said = " ".join(tokens(clause))
    is_polite = is_aside(clause)  # “if possible”
    return any(has(name, said) for name in _AGAINST) and not (is_polite or is_refused(said))


def _is_plain(sentence: str, is_part: Callable[[str], bool]) -> bool:
    if is_part(sentence):
        return True
    clauses = [clause for clause in CLAUSE.split(sentence) if tokens(clause)]
    parts = [is_part(clause) for clause in clauses]
    return any(parts) and all(part or is_aside(clause) for part, clause in zip(parts, clauses, strict=True))


def is_whole(clause: str, *rows: str) -> bool:
    """Tell whether phrases of some rows are all that a clause says, between courtesies."""
    left, is_said = _without(clause, rows)
    return is_said and not left


def is_aside(clause: str) -> bool:
    """Tell whether a clause only goes along with an order: “please”, “I don't like it”, “wrong photo”."""
    left, _ = _without(clause, _ASIDES)
    return row("styles").issuperset(left)


def _without(clause: str, rows: Sequence[str]) -> tuple[Sequence[str], bool]:
    """Return the words of a clause beside phrases of rows and courtesies, and whether a row has one there."""
    said, wanted, around = _JOINED.sub("", " ".join(tokens(clause))), _phrases(rows), _around(rows)
    words = [word for word in said.split() if word not in row("please")]  # “mach das bitte nicht”
    ends = range(1, len(words) + 1)
    spans = [(start, end) for end in ends for start in range(max(0, end - LONGEST_PHRASE), end)]
    spans = [(start, end) for start, end in spans if " ".join(words[start:end]) in around]
    found: list[str] = []
    left: list[str | None] = [*words]
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):
        if None not in left[start:end]:
            found.append(" ".join(words[start:end]))
            left[start:end] = [None] * (end - start)
    runs = [_without_runs(word, rows) for word in left if word]
    is_said = any(map(wanted.__contains__, found)) or any(is_cut for _, is_cut in runs)
    return [word for word, _ in runs if word and not _is_small_run(word)], is_said


def _without_runs(word: str, rows: Sequence[str]) -> tuple[str, bool]:
    """Return a Chinese or Japanese run without phrases, and whether it has one of the rows."""
    is_cut = False
    for phrase in () if word.isascii() else _runs(rows):
        if phrase in word:
            word, is_cut = word.replace(phrase, ""), is_cut or phrase in _phrases(rows)
    return word, is_cut


def _is_small_run(word: str) -> bool:
    return bool(_CJK.fullmatch(word)) and small().issuperset(tokens(word))


@cache
def _phrases(rows: Sequence[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(row, rows))


@cache
def _around(rows: Sequence[str]) -> frozenset[str]:
    """Return the phrases of some rows and the courtesies."""
    return _phrases((*rows, *_AROUND)) | lexicon().phrases("courtesy", "polite", "ask")


@cache
def _runs(rows: Sequence[str]) -> Sequence[str]:
    """Return the Chinese and Japanese phrases, the longest first."""
    return sorted((each for each in _around(rows) if not each.isascii()), key=len, reverse=True)
