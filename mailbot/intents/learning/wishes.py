"""Find the wish to have a painting learnt in ordinary sentences: "Could you learn from it?".

A sentence is such a wish if it has a verb of learning with its object, or one of making with “a style”, and
no word is left but small ones: what the style is for, such as “so that I can use it later”, says nothing.
Only a teacher with a picture means it so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mailbot.intents.learning.learning_words import (
    CONJOINED,
    SENTENCE,
    folded,
    has,
    is_refused,
    is_within,
    row,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.picture_sides import number_in, without_numbers
from mailbot.intents.learning.spoken_names import SpokenName, bare_name, name_in
from mailbot.intents.learning.written_names import quoted_name
from styles.language.word_rows import command

#: Words of a name behind “as” that has no capital.
LONGEST_PLAIN = 2
#: Rows of words that say that a clause is about something else.
_OTHERWISE = ("wondering", "snapshots", "in_style", "own_learning")


def is_whole(sentence: str) -> bool:
    """Tell whether a sentence asks to learn: a "canvas" is a painting, and a "new style" a style."""
    words = tokens(sentence)
    is_said = is_within(_general(words), _general_wholes()) or _is_numbered(words)
    return is_said and not is_refused(" ".join(words))


def _is_numbered(words: Sequence[str]) -> bool:
    """Tell whether words ask to learn one of several pictures: “learn the second one”."""
    said = " ".join(words)
    if number_in(said) is None or not has("learn_verb", said):
        return False
    left = without_numbers(said).split()
    return all(is_known(word) or word in row("pictures") for word in left)


@cache
def _general_wholes() -> frozenset[str]:
    return frozenset(" ".join(_general(phrase.split())) for phrase in row("whole"))


def _general(words: Sequence[str]) -> list[str]:
    return ["*" if word in row("canvas") else word for word in words if word not in row("new")]


def begins_to_learn(sentence: str) -> bool:
    """Tell whether a sentence begins as “learn my garden” does."""
    words, heads = tokens(sentence), row("head")
    start = next((number for number, word in enumerate(words) if word not in small()), len(words))
    return any(" ".join(words[start:end]) in heads for end in range(start + 1, len(words) + 1))


def wish_of(line: str) -> str | None:
    """Return what stands behind "call it" in a line that wants a painting learnt, None for another line."""
    called = name_in(line, "called")
    for found in (called, learnt_as(line)):
        if found and _wants(f"{found.before} {found.after}"):
            return found.name
    return "" if called is None and _wants(line) else bare_name(line)


def _wants(line: str) -> bool:
    return any(_is_wish(part) for part in SENTENCE.split(line))


def learnt_as(line: str) -> SpokenName | None:
    """Return the name in “memorize this painting as Foxglove”, None without one.

    Without a capital it has few words, and no small one: unlike “as you like”.
    """
    found = name_in(line, "learnt_as")
    if found is None or has("manner", folded(found.led_by + found.name)):  # "impara come dipingo"
        return None
    name, words = found.name.strip(), tokens(found.name)
    is_plain = len(words) <= LONGEST_PLAIN and small().isdisjoint(words)
    return found if is_plain or quoted_name(name) or not name[:1].islower() else None


def _is_wish(sentence: str) -> bool:
    return any(_is_clear(clause) for clause in (sentence, *CONJOINED.split(sentence)))


def _is_clear(clause: str) -> bool:
    """Tell whether a clause wants a painting learnt, and says nothing else."""
    words, rows = meant(tokens(clause)), command("teaching")
    said = " ".join(word for word in words if word not in row("new"))
    if is_refused(said) or any(rows[name].is_in(said) for name in _OTHERWISE):
        return False
    if is_left(words):
        return False
    has_canvas = any(word in row("canvas") for word in words)
    if rows["learn_verb"].is_in(said) and (has_canvas or rows["learnt"].is_in(said)):
        return True
    return rows["a_style"].is_in(said) and (has_canvas or rows["make_verb"].is_in(said))


def meant(words: Sequence[str]) -> Sequence[str]:
    """Return words without what a style is for; “how I paint”, which can be learnt, becomes “it”."""
    said = f" {' '.join(without_nouns(words))} "
    for phrase in _by_length("manner"):
        if phrase in said:
            said = said.replace(f" {phrase} " if phrase.isascii() else phrase, " it ")
    for phrase in _by_length("purpose"):
        if phrase in said:
            said = said.partition(f" {phrase} ")[0] if phrase.isascii() else said.replace(phrase, " ")
    return said.split()


def without_nouns(words: Sequence[str]) -> Sequence[str]:
    """Return words without nouns that look like verbs of learning: “a study of it”."""
    return without(f" {' '.join(words)} ", _by_length("as_noun")).split()


@cache
def _by_length(name: str) -> Sequence[str]:
    return sorted(row(name), key=len, reverse=True)


def is_left(words: Sequence[str]) -> bool:
    """Tell whether a word is left beside those of learning, the small ones, and one beside the painting's."""
    left = [number for number, word in enumerate(words) if not is_known(word)]
    return len(left) > 1 or any(row("canvas").isdisjoint(words[max(0, n - 1) : n + 2]) for n in left)


def is_known(word: str) -> bool:
    """Tell whether a folded word may stand in a sentence about learning."""
    known, parts = _known()
    verbs = (command("teaching")[name] for name in ("learn_verb", "make_verb"))
    return word in known or any(word in verb for verb in verbs) or not parts.sub("", word)


@cache
def _known() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the words that may stand in a wish, and a pattern of the Chinese and Japanese ones."""
    rows = (command("teaching")[name] for name in ("learn_verb", "make_verb", "learnt", "a_style", "canvas"))
    known = {word for each in rows for phrase in each.words for word in phrase.split()}
    known |= {*small(), *row("new"), *row("joined"), *row("please")}
    parts = sorted((word for word in known if not word.isascii()), key=len, reverse=True)
    return frozenset(known), re.compile("|".join(map(re.escape, parts)))
