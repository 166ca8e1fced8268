"""Find the wish for one perfect picture: a photo that is painted exactly like one painting."""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    folded,
    has,
    is_refused,
    is_wanted,
    row,
    says,
    small,
    tokens,
    without,
)
from mailbot.intents.learning.picture_sides import are_both_told, has_number, is_question
from styles.language.word_rows import command

#: Words before a painting's noun among which is its determiner: “my attached painting”.
DETERMINED = 2
_MARKS = "\"'“‘„«»‚(["  #: that open a title
NAMED = 2  #: words behind a painting among which is its title or its artist
#: What a clause holds that wants a picture exactly like a painting, in words of its own.
_NEEDED = ("exactness", "likeness", "as_painting")


def is_exact(sentence: str) -> bool:
    """Tell whether a clause has one of the usual phrases: “exactly like this painting”.

    A title behind it is that of a style: “in the style of the painting The Scream”.
    """
    return _is_phrased(sentence) and not _is_named(sentence)


def _is_phrased(sentence: str) -> bool:
    return any(is_wanted(command("teaching")["exactly"], clause) for clause in CLAUSE.split(sentence))


def _is_named(sentence: str) -> bool:
    """Tell whether a title or an artist stands right behind a phrase: “… of the painting by Munch”."""
    written = sentence.split()
    said = [folded(word) for word in written]
    ends = (
        at + len(phrase.split())
        for phrase in row("exactly")
        for at in range(len(written))
        if said[at : at + len(phrase.split())] == phrase.split()
    )
    behind = [word.lstrip(_MARKS) for end in ends for word in written[end : end + NAMED]]
    return any(word[:1].isupper() for word in behind)


def may_be_exact(sentences: Sequence[str]) -> bool:
    """Tell whether sentences want that in words of their own, which only a teacher means so."""
    return any(_is_likened(each) or _is_modelled(each) for each in sentences) or are_both_told(sentences)


def _is_modelled(sentence: str) -> bool:
    """Tell whether a sentence wants one picture like the other one, and says nothing else.

    “Use the second as the style for the first”, “in the manner of the attached painting”, unlike “in the
    style of the painting by Munch” and “like a painting”.
    """
    words, said = tokens(sentence), folded(sentence)
    known = small() | row("exact_small")
    left = " ".join(word for word in words if word not in known)
    runs = "".join(word for word in left.split() if not word.isascii())
    is_other = any(word.isascii() for word in left.split()) or is_refused(said)
    is_left = is_other or without(runs, longest_first("exact_small", "please")).strip()
    return bool(not is_left and has("alike", said) and (has_number(said) or is_given(words)))


def is_given(words: Sequence[str]) -> bool:
    """Tell whether words have a painting of which they say which one: “my painting”, not “a painting”."""
    said, paintings = " ".join(words), row("as_painting") | row("canvas")
    if not said.isascii():
        return has("as_painting", said) and has("given", said)
    return any(
        word in paintings and not row("given").isdisjoint(words[max(0, at - DETERMINED) : at])
        for at, word in enumerate(words)
    )


def _is_likened(sentence: str) -> bool:
    rows, clauses = command("teaching"), CLAUSE.split(sentence)
    if any(says(clause, "perfect") for clause in clauses):
        return True
    said = [folded(clause) for clause in clauses]
    return any(
        all(rows[name].is_in(clause) for name in _NEEDED)
        and not is_refused(clause)
        and not is_question(clause)
        for clause in said
    )
