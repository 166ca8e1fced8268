"""Weigh in which languages a text is written, by its script and its words.

    without_names    text -> its words, without names of styles
    language_points  these words -> points by language

`detection.detect` chooses the word files to read a request by, and may choose several. An answer has one
language. So each word counts by how few languages know it: “bitte” one point, “foto” a
quarter for each of four. The table `telling` of a word file adds words and phrases that no request needs, and
words that tell more where they come first: “o grito” is Portuguese, and “o” in the middle is “or”, too.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache, lru_cache
from itertools import pairwise

from styles.language.language_detection import han
from styles.language.lexicon import LATIN, lexicon, vocabulary, word_file
from styles.language.tokens import key

#: Characters of a text that are weighed.
MAX_TEXT = 2000
#: Words that English knows from names: "la grande vague".
_NOT_ENGLISH = frozenset(
    ("la", "le", "les", "el", "il", "lo", "de", "der", "die", "das", "gran", "van", "von")
)
#: Points of a word that tells its language where it is the first one, besides those that it has anyway.
_FIRST = 0.5
#: Points of one Chinese or Japanese character, of which a word has about two.
_CHARACTER = 0.5
_CJK = re.compile(r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def without_names(text: str, names: Collection[str]) -> str:
    """Return the words of a text with spaces between them, but for names of styles, which tell nothing."""
    written = f" {key(text[:MAX_TEXT])} "
    said = {folded for name in names if (folded := _key(name)) and folded in written}
    for name in sorted(said, key=len, reverse=True):
        while f" {name} " in written:  # of two in a row, one pass leaves the second
            written = written.replace(f" {name} ", " ")
    return written.strip()


_key = lru_cache(maxsize=100_000)(key)  # of a list of styles, which seldom changes


def language_points(written: str) -> dict[str, float]:
    """Return points for each language to which some of the words belong."""
    words = [word for word in written.split() if any(map(str.isalpha, word))]
    runs = [word for word in words if _CJK.fullmatch(word)]
    points = dict.fromkeys(LATIN, 0.0)
    for word in (*words, *map(" ".join, pairwise(words))):
        knowing = _knowing(word)
        for code in knowing:
            points[code] += 1 / len(knowing)
    for code in LATIN:
        if words[1:] and words[0] in _telling(code, "first") and words.count(words[0]) == 1:
            points[code] += _FIRST
    if runs:
        points[han(runs)] = _CHARACTER * sum(map(len, runs))
    return {code: each for code, each in points.items() if each}


@cache
def _knowing(phrase: str) -> tuple[str, ...]:
    """Return the languages that have a word or a pair of words; a painter's name belongs to none."""
    if phrase in lexicon().elsewhere:
        return ()
    knowing = (
        code
        for code in LATIN
        if (" " not in phrase and phrase in vocabulary(code)) or phrase in _telling(code, "words")
    )
    return tuple(code for code in knowing if code != "en" or phrase not in _NOT_ENGLISH)


@cache
def _telling(code: str, row: str) -> frozenset[str]:
    """Return words and pairs of words that tell a language, and nothing of a request."""
    return frozenset(filter(None, map(key, word_file(code).get("telling", {}).get(row, "").split(","))))
