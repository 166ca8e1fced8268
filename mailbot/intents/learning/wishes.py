"""Find the wish to have a painting learnt in ordinary sentences: "Could you learn from it?".

A sentence is such a wish if it has a verb of learning with its object, or one of making with “a style”, and
no word is left but small ones. Only a teacher with a picture means it so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mailbot.intents.learning.learning_words import CLAUSE, is_refused, row, small, tokens
from styles.language.lexicon import LANGUAGES, word_file
from styles.language.tokens import key
from styles.language.word_rows import command

#: Words of a name behind "learn", as in "Learn Blue Hills".
LONGEST_BARE = 5
_SENTENCE = re.compile(r"[.!?。！？]+")


def wish_of(line: str) -> str | None:
    """Return what stands behind "call it" in a line that wants a painting learnt, None for another line."""
    found = name_in(line)
    said, name = found or (line, "")
    return name if any(_is_wish(part) for part in _SENTENCE.split(said)) else bare_name(line)


def name_in(line: str) -> tuple[str, str] | None:
    """Return what stands before "its name is" and the like in a line, and what stands behind."""
    found = [match for frame in _frames() if (match := frame.search(line))]
    first = min(found, key=lambda match: (match.start(), -len(match[0])), default=None)
    return (line[: first.start()], first[1]) if first else None


def bare_name(line: str) -> str | None:
    """Return the name in "Learn Blue Hills, please", whose words have capitals; None for another line."""
    words = _SENTENCE.split(line)[0].partition(",")[0].split()
    while words and key(words[0]) in small() and key(words[0]) not in row("head"):
        del words[0]
    while len(words) > 1 and key(words[-1]) in row("please"):
        del words[-1]
    if not (1 < len(words) <= LONGEST_BARE and key(words[0]) in row("head")):
        return None
    name = words[1:]
    is_name = all(word[0].isupper() for word in name) and not small().issuperset(map(key, name))
    return " ".join(name) if is_name else None


def _is_wish(sentence: str) -> bool:
    return any(_is_clear(clause) for clause in CLAUSE.split(sentence))


def _is_clear(clause: str) -> bool:
    """Tell whether a clause wants a painting learnt, and says nothing else."""
    words, rows = tokens(clause), command("teaching")
    said = " ".join(word for word in words if word not in row("new"))
    if is_refused(said) or any(rows[name].is_in(said) for name in ("wondering", "photos")) or _is_left(words):
        return False
    if rows["learn_verb"].is_in(said):
        return rows["learnt"].is_in(said) or any(word in row("canvas") for word in words)
    return rows["make_verb"].is_in(said) and rows["a_style"].is_in(said) and not rows["in_style"].is_in(said)


def _is_left(words: Sequence[str]) -> bool:
    """Tell whether a word is left beside those of learning and the small ones."""
    rows = [command("teaching")[name] for name in ("learn_verb", "make_verb", "learnt", "a_style", "canvas")]
    known = {word for each in rows for phrase in each.words for word in phrase.split()}
    known |= {*small(), *row("new"), *row("joined"), *row("please")}
    parts = sorted((word for word in known if not word.isascii()), key=len, reverse=True)
    cut = re.compile("|".join(map(re.escape, parts)))
    return any(
        word not in known and not any(word in each for each in rows[:2]) and cut.sub("", word)
        for word in words
    )


@cache
def _frames() -> Sequence[re.Pattern[str]]:
    """Return patterns of a name between words: "its name is …", "soll … heißen"."""
    written = ",".join(word_file(code)["teaching"]["called"] for code in LANGUAGES)
    halves = [phrase.strip().partition("…")[::2] for phrase in written.split(",") if "…" in phrase]
    return [
        re.compile(
            rf"{_edge(before)}{_spaced(before)}[\s:：]*(.+?)\s*(?:{_spaced(after) or '$'})", re.IGNORECASE
        )
        for before, after in halves
    ]


def _edge(before: str) -> str:
    return r"\b" if before[:1].isascii() else ""


def _spaced(words: str) -> str:
    return r"[\s-]+".join(map(re.escape, words.split()))
