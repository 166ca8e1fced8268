"""Tell a plain order from a loose phrase: “Please stop it” from “Stop it, you're too kind!”.

A plain order is all that its sentence says, but for courtesies and a reason such as “I sent the wrong photo”.
No other sentence of the mail praises the painting, sets a condition, jokes, or puts the order off. It is no
question but a polite one, and no “no” stands behind it: “Delete it? Never!”. It is acted upon at once. A
loose phrase is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from mailbot.intents.learning.answers import begins_no
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    CONJOINED,
    LONGEST_PHRASE,
    folded,
    has,
    is_refused,
    row,
    small,
    tokens,
    without,
)
from styles.language.lexicon import lexicon

#: Rows of phrases that may stand around an order.
_AROUND = ("no", "no_answer", "please", "after_all", "agreed", "first_of_all", "regret", "speaker")
#: Rows of words that make an order of another sentence doubtful.
_AGAINST = ("delighted", "only_if")
_NOT_MEANT = ("joking", "unthinkable")  #: they refuse by themselves
_ASIDES = ("not_exactly", "changed_mind", "mistaken")
#: A space between Chinese or Japanese characters, which have none.
_JOINED = re.compile(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])")
_CJK = re.compile(r"[\u3040-\u9fff]+")


def is_plain(sentences: Sequence[str], is_part: Callable[[str], bool]) -> bool:
    """Tell whether one of the sentences has no clause that is neither part of an order nor idle.

    The callable tells of a clause whether it is an order.
    """
    is_meant = is_sober(sentences) and not is_doubted(sentences, is_part)
    return is_meant and any(_is_plain(sentence, is_part) for sentence in sentences)


def is_doubted(sentences: Sequence[str], is_part: Callable[[str], bool]) -> bool:
    """Tell whether sentences only ask whether an order is one, refuse it behind it, or put it off."""
    if any(map(_wonders, sentences)):
        return True
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence) if tokens(clause)]
    first = next((at for at, clause in enumerate(clauses) if is_part(clause)), len(clauses))
    is_refused_then = any(_is_bare_no(clause) and not is_part(clause) for clause in clauses[first + 1 :])
    return is_refused_then or any(_puts_off(clause, is_part) for clause in clauses)


def _wonders(sentence: str) -> bool:
    """Tell whether a sentence is a question, and no polite order: “Could you delete it, please?”."""
    said = folded(sentence)
    return sentence.rstrip().endswith("?") and not (has("requested", said) or has("please", said))


def _is_bare_no(clause: str) -> bool:
    """Tell whether a clause begins with a “no”, or refuses without a word of what: “please don't”."""
    return begins_no(clause) or is_whole(clause, "no", "not_exactly")


def _puts_off(clause: str, is_part: Callable[[str], bool]) -> bool:
    """Tell whether a clause puts an order off, or is an order for another day: “delete it on Friday”."""
    is_later = has("put_off", folded(clause)) and is_part(clause)
    return is_later or any(is_whole(piece, "put_off") for piece in CONJOINED.split(clause))


def is_sober(sentences: Sequence[str]) -> bool:
    """Tell whether sentences neither praise anything, nor joke, nor set a condition."""
    clauses = [clause for sentence in sentences for clause in CLAUSE.split(sentence)]
    is_meant = not any(has(name, folded(clause)) for clause in clauses for name in _NOT_MEANT)
    return is_meant and not any(map(_is_against, clauses))


def _is_against(clause: str) -> bool:
    said = folded(clause)
    is_polite = is_aside(clause)  # “if possible”
    return any(has(name, said) for name in _AGAINST) and not (is_polite or is_refused(said))


def _is_plain(sentence: str, is_part: Callable[[str], bool]) -> bool:
    clauses = [clause for clause in CLAUSE.split(sentence) if tokens(clause)]
    parts = [is_part(clause) for clause in clauses]
    return any(parts) and all(part or is_aside(clause) for part, clause in zip(parts, clauses, strict=True))


def is_whole(clause: str, *rows: str, among: Sequence[str] = _AROUND) -> bool:
    """Tell whether phrases of some rows are all that a clause says, between courtesies and other rows."""
    left, is_said = _without(clause, rows, among)
    return is_said and not left


def is_courteous(clause: str) -> bool:
    """Tell whether a clause is a courtesy and no more."""
    said = _JOINED.sub("", folded(clause))
    return not without(f" {said} ", _courtesies()).strip()


def is_aside(clause: str) -> bool:
    """Tell whether a clause only goes along with an order: “please”, “I don't like it”, “wrong photo”."""
    left, _ = _without(clause, _ASIDES)
    return row("styles").issuperset(left)


def _without(clause: str, rows: Sequence[str], among: Sequence[str] = _AROUND) -> tuple[Sequence[str], bool]:
    """Return the words of a clause beside phrases of rows and courtesies, and whether a row has one there."""
    said, wanted = _JOINED.sub("", folded(clause)), _phrases(tuple(rows))
    around = _around((*rows, *among))
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
    runs = [_without_runs(word, wanted, _runs((*rows, *among))) for word in left if word]
    is_said = any(map(wanted.__contains__, found)) or any(is_cut for _, is_cut in runs)
    return [word for word, _ in runs if word and not _is_small_run(word)], is_said


def _without_runs(word: str, wanted: frozenset[str], runs: Sequence[str]) -> tuple[str, bool]:
    """Return a Chinese or Japanese run without phrases, and whether it has a wanted one."""
    is_cut = False
    for phrase in () if word.isascii() else runs:
        if phrase in word:
            word, is_cut = word.replace(phrase, ""), is_cut or phrase in wanted
    return word, is_cut


def _is_small_run(word: str) -> bool:
    return bool(_CJK.fullmatch(word)) and small().issuperset(tokens(word))


@cache
def _courtesies() -> Sequence[str]:
    phrases = lexicon().phrases("courtesy", "polite") | row("please")
    return sorted(phrases, key=len, reverse=True)


@cache
def _phrases(rows: Sequence[str]) -> frozenset[str]:
    return frozenset[str]().union(*map(row, rows))


@cache
def _around(rows: Sequence[str]) -> frozenset[str]:
    """Return the phrases of some rows and the courtesies."""
    return _phrases(rows) | lexicon().phrases("courtesy", "polite", "ask")


@cache
def _runs(rows: Sequence[str]) -> Sequence[str]:
    """Return the Chinese and Japanese phrases, the longest first."""
    return sorted((each for each in _around(rows) if not each.isascii()), key=len, reverse=True)
