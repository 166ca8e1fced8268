"""Weigh how well words fit what each painting shows: "red walls, a green ceiling, a billiard table".

    PaintingFeatures  the words on the cards of some styles
      .fit            words -> how well they fit the style that they fit best
    Fit               that style, and the weight of its features
    says_nothing      whether a word says nothing about a painting

Each word of a card is a feature. A feature weighs the less, the more styles have it. Words in Latin script
match if they begin alike: "screams" is "screaming". Chinese and Japanese are searched for the words of names
with spaces: "捂脸 尖叫 桥".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from mailbot.intents.sentence import FIRST_CJK
from styles.contract import StyleSummary
from styles.language.lexicon import lexicon
from styles.language.tokens import segment, tokenize
from styles.language.translated_titles import unmarked

#: Letters of the shortest feature, those that two words share at least, and least share of the longer word.
_SHORTEST, _SHARED, _ALIKE = 3, 4, 0.6
#: Characters of the longest Chinese or Japanese name that is a feature, and of a word of one with spaces.
_LONGEST_HAN, _LONGEST_WORD = 5, 8
#: Weight of a word of three letters, which is another word in another language: "hat".
_SHORT_WEIGHT = 0.5
#: Kinds of words of an ordinary request, which say nothing about a painting.
_OF_REQUESTS = frozenset(
    ("filler", "article", "cue", "place", "for", "photo", "that", "letter", "ask", "want")
)
#: Least weight of a clear fit, and its least lead.
_CLEAR, _LEAD = 2.5, 1.0
#: Words of which the styles are kept.
_KEPT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Hold the style that some words fit best."""

    style: str
    weight: float  #: of all its features among the words; a feature of no other style weighs 1
    count: int  #: of these features
    lead: float  #: its weight less that of the next style of another artist


class PaintingFeatures:
    """Find styles by the features of their paintings. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        self._most = log(len(styles) + 1)
        self._artists = {style.name: style.artist for style in styles}
        found: defaultdict[str, set[str]] = defaultdict(set)
        for style in styles:
            for name in (style.title, style.artist, *style.other_names):
                for word in _features(unmarked(name)):
                    found[word].add(style.name)
        titles = (name for style in styles for name in _titles(style))
        #: Words of titles and of artists' names, by their first letters.
        self._titles: defaultdict[str, list[str]] = defaultdict(list)
        for token in (token for title in titles for token in tokenize(title)):
            if token.is_word and not says_nothing(token.text):
                self._titles[token.text[:_SHARED]].append(token.text)
        self._styles = {word: frozenset(names) for word, names in found.items()}
        self._runs = frozenset(word for word in found if word[0] >= FIRST_CJK)
        #: The styles of a word, kept since each sentence of a mail is read several times.
        self._of = lru_cache(maxsize=_KEPT)(self._styles_of)
        #: Features in Latin script by their first letters.
        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._styles.keys() - self._runs:
            self._alike[word[:_SHARED]].append(word)

    def fit(self, text: str, among: Iterable[str] = ()) -> Fit | None:
        """Return the style that a text fits best, of all or of those `among` which it is; None for none."""
        weights, counts = self._weighed(text)
        chosen = frozenset(among) or self._artists.keys()
        ranked = sorted((name for name in weights if name in chosen), key=lambda name: -weights[name])
        if not ranked:
            return None
        best = ranked[0]
        others = (weights[name] for name in ranked if among or self._artists[name] != self._artists[best])
        after = next((weight for name, weight in zip(ranked, others, strict=False) if name != best), 0.0)
        return Fit(style=best, weight=weights[best], count=counts[best], lead=weights[best] - after)

    def clear(self, text: str) -> str:
        """Return the style that a text fits clearly, "" for none."""
        fit = self.fit(text)
        return fit.style if fit and fit.weight >= _CLEAR and fit.lead >= _LEAD else ""

    def untitled(self, text: str) -> str:
        """Return a text without the words of titles and of artists' names: "the yellow wheat field"."""
        said = (token for token in segment(tokenize(text), self._runs) if token.is_word)
        return " ".join(token.raw for token in said if not self._is_of_title(token.text))

    def _is_of_title(self, word: str) -> bool:
        if word[0] >= FIRST_CJK:
            titles = (title for each in self._titles.values() for title in each)
            return any(word in title for title in titles)
        return any(are_alike(title, word) for title in self._titles.get(word[:_SHARED], ()))

    def of(self, text: str) -> frozenset[str]:
        """Return the styles of which some words of a text are features."""
        said = (token.text for token in segment(tokenize(text), self._runs) if token.is_word)
        return frozenset[str]().union(*map(self._of, said))

    def _weighed(self, text: str) -> tuple[dict[str, float], dict[str, int]]:
        said = {token.text for token in segment(tokenize(text), self._runs) if token.is_word}
        known: dict[str, frozenset[str]] = {}
        for word in said:
            if styles := self._of(word):
                known.setdefault(word[:_SHARED], styles)
        weights: defaultdict[str, float] = defaultdict(float)
        counts: defaultdict[str, int] = defaultdict(int)
        for word, styles in known.items():
            weight = 1 - log(len(styles)) / self._most
            if len(word) <= _SHORTEST and word[0] < FIRST_CJK:
                weight *= _SHORT_WEIGHT
            for name in styles:
                weights[name] += weight
                counts[name] += 1
        return weights, counts

    def _styles_of(self, word: str) -> frozenset[str]:
        """Return the styles that have a word, or one that begins like it."""
        if exact := self._styles.get(word):
            return exact
        if word[0] >= FIRST_CJK or says_nothing(word):
            return frozenset()
        alike = (one for one in self._alike.get(word[:_SHARED], ()) if are_alike(one, word))
        return frozenset[str]().union(*(self._styles[one] for one in alike))


def _titles(style: StyleSummary) -> Iterator[str]:
    """Yield the titles of a style and its artist's name; a translated title has the code of its language."""
    yield from (style.title, style.artist)
    yield from (bare for name in style.other_names if (bare := unmarked(name)) != name)


def are_alike(one: str, other: str) -> bool:
    """Tell whether two words are forms of one, or the second is a compound: "wirbel", "wirbelhimmel"."""
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if shared is None:
        shared = min(len(one), len(other))
        if shared == len(one) > _SHARED:
            return True
    return shared >= _SHARED and shared >= _ALIKE * max(len(one), len(other))


def says_nothing(word: str) -> bool:
    """Tell whether a word says nothing about a painting: one of an ordinary request, or no whole word."""
    return len(word) < _SHORTEST or not word.isalpha() or bool(lexicon().of(word) & _OF_REQUESTS)


def _features(name: str) -> Iterable[str]:
    """Yield the words of a name that are features, which a long run of Chinese or Japanese is not."""
    written = name.split()
    longest = _LONGEST_WORD if len(written) > 1 else _LONGEST_HAN
    for token in (token for word in written for token in tokenize(word)):
        is_run = token.text[0] >= FIRST_CJK
        if token.is_word and (len(token.text) <= longest if is_run else not says_nothing(token.text)):
            yield token.text
