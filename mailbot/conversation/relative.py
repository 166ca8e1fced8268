"""Read how a mail wants the last painting changed: again, the same, stronger, more subtle, bigger, smaller.

The phrases are in `relative.toml`. What else the mail says (a style, "60%", "keep the colours") is read by
`mailbot.intents`, of the text that is left over (`Change.rest`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: Words up to which a sentence can ask for a change; a longer one tells a story.
MAX_WORDS = 16
#: Characters of a text that are read.
MAX_TEXT = 4_000
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(r"[^.!?;\n。！？；]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold what a mail says about the painting before."""

    strength: int = 0  #: steps; below 0: weaker
    size: int = 0  #: steps; below 0: smaller
    is_same: bool = False  #: as last time
    is_again: bool = False
    is_swapped: bool = False  #: the shares of a blend are exchanged
    rest: str = ""  #: the text without these words

    @property
    def is_any(self) -> bool:
        """Whether the mail asks for the painting before, changed or not."""
        return bool(self.strength or self.size or self.is_same or self.is_again or self.is_swapped)


def read_change(text: str) -> Change:
    """Return the change that a text asks for. Takes time linear in its length."""
    text = text[:MAX_TEXT]
    found: set[str] = set()
    rest: list[str] = []
    at = 0
    for sentence in _SENTENCE.finditer(text):
        rest.append(text[at : sentence.start()])
        at = sentence.end()
        rest.append(_without(sentence[0], found))
    rest.append(text[at:])
    return Change(
        strength=("stronger" in found) - ("weaker" in found),
        size=("larger" in found) - ("smaller" in found),
        is_same="same" in found,
        is_again="again" in found,
        is_swapped="swap" in found,
        rest="".join(rest),
    )


def _without(sentence: str, found: set[str]) -> str:
    """Return the sentence without the phrases, whose kinds are added to `found`."""
    words = list(_WORD.finditer(sentence))
    if len(words) > MAX_WORDS:
        return sentence
    spans = [*_phrases(sentence, words), *_unspaced(sentence)]
    kept, at = [], 0
    for start, end, kind in sorted(spans):
        if start >= at:
            found.add(kind)
            kept.append(sentence[at:start])
            at = end
    return " ".join((*kept, sentence[at:]))


def _phrases(sentence: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of the longest phrases of whole words."""
    written = [normal(word[0]) for word in words]
    at = 0
    while at < len(written):
        for length in range(min(_lexicon().longest, len(written) - at), 0, -1):
            if kind := _lexicon().spaced.get(tuple(written[at : at + length])):
                yield words[at].start(), words[at + length - 1].end(), kind
                at += length - 1
                break
        at += 1


def _unspaced(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and kind of the Chinese and Japanese phrases, the longest first."""
    left = sentence
    for phrase, kind in _lexicon().unspaced:
        if (at := left.find(phrase)) >= 0:
            yield at, at + len(phrase), kind
            left = left.replace(phrase, "\0" * len(phrase))


def normal(word: str) -> str:
    """Return a word in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """Hold the phrases of `relative.toml`."""

    spaced: dict[tuple[str, ...], str]  #: kind by words
    unspaced: tuple[tuple[str, str], ...]  #: phrase and kind, the longest first
    longest: int  #: words of the longest phrase


@cache
def _lexicon() -> _Phrases:
    kinds = tomllib.loads(Path(__file__).with_name("relative.toml").read_text(encoding="utf-8"))
    spaced: dict[tuple[str, ...], str] = {}
    unspaced: dict[str, str] = {}
    for kind, listed in kinds.items():
        for phrase in (each.strip() for each in re.split(r"[,\n]", listed)):
            if not phrase:
                continue
            if _is_unspaced(phrase):
                unspaced[phrase] = kind
            else:
                spaced[tuple(normal(word) for word in _WORD.findall(phrase))] = kind
    by_length = sorted(unspaced.items(), key=lambda pair: -len(pair[0]))
    return _Phrases(spaced=spaced, unspaced=tuple(by_length), longest=max(map(len, spaced)))


def _is_unspaced(phrase: str) -> bool:
    return any("\u3040" <= letter <= "\u9fff" for letter in phrase)
