"""Read the rows of single words in `styles/language/words/`: commands, questions, answers to a painting.

WordRow     words and stems
command     the words of a command such as "delete all my photos"
guidance    those of questions how the bot is used, and what it offers
stories     those of a story that names several styles
reply       phrases that count in an answer to a painting only
reply_row   the same as a row of folded words
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from styles.language.alternatives import written_out
from styles.language.lexicon import LANGUAGES, word_file
from styles.language.tokens import key, words


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """Hold the words of a row, and stems that are written with a `*`: "delet*" is "deleting" too."""

    words: frozenset[str] = frozenset()
    stems: tuple[str, ...] = ()

    @classmethod
    def of(cls, phrases: Iterable[str]) -> WordRow:
        """Return the row of phrases as they stand in a word file."""
        bare = [phrase.strip() for phrase in phrases]
        return cls(
            words=frozenset(key(each) for each in bare if each and not each.endswith("*")),
            stems=tuple(key(each.rstrip("*")) for each in bare if each.endswith("*")),
        )

    def __contains__(self, word: str) -> bool:
        """Tell whether a folded word is one of the row."""
        return word in self.words or word.startswith(self.stems)

    def is_in(self, text: str) -> bool:
        """Tell whether folded words with spaces hold a word or phrase of the row."""
        padded = f" {text} "
        has_stem = any(f" {stem}" in padded for stem in self.stems if stem in text)
        return has_stem or any(
            not phrase.isascii() or f" {phrase} " in padded for phrase in self.words if phrase in text
        )

    def ends(self, text: str) -> bool:
        """Tell whether folded words with spaces end with a word or phrase of the row."""
        return f" {text}".endswith(tuple(f" {phrase}" for phrase in self.words))


@cache
def command(name: str, languages: tuple[str, ...] = LANGUAGES) -> Mapping[str, WordRow]:
    """Return the words of a command in some languages, by row, such as `verb`, `what` and `small`."""
    return _rows(name, languages)


@cache
def guidance(languages: tuple[str, ...]) -> Mapping[str, WordRow]:
    """Return the words of questions how the bot is used, and what it offers, in some languages."""
    return _rows("guidance", languages)


@cache
def stories(languages: tuple[str, ...]) -> Mapping[str, WordRow]:
    """Return the words of a story that names several styles, in some languages."""
    return _rows("story", languages)


def _rows(name: str, languages: Iterable[str]) -> Mapping[str, WordRow]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language in languages:
        for row, written in word_file(language)[name].items():
            found[row] += [each for phrase in written.split(",") for each in written_out(phrase.strip())]
    return {row: WordRow.of(phrases) for row, phrases in found.items()}


@cache
def reply(row: str) -> tuple[str, ...]:
    """Return the phrases of a row of the table `reply` in all languages, as they are written there."""
    written = ",".join(word_file(language)["reply"].get(row, "") for language in LANGUAGES)
    return tuple(
        each for part in written.split(",") if (phrase := part.strip()) for each in written_out(phrase)
    )


@cache
def reply_row(name: str) -> WordRow:
    """Return a row of the table `reply` in all languages, as folded words with spaces."""
    return WordRow.of(" ".join(words(phrase)) for phrase in reply(name))
