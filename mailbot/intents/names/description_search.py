"""Find the style that words describe: "the one where somebody screams on the bridge".

    Descriptions  the longer names of styles, by the stems of their words
      .find       words -> the style of which most of a name's words are among them
      .guess      words -> the styles that they fit best, in whichever names they stand
      .fitting    some styles, words -> the one of them that the words fit best
    stems         the stems of some words

The order of the words does not matter, nor do their endings. Four letters are a stem, or a Chinese character.
A stem weighs the more, the fewer styles have it (inverse document frequency): "stars" tell more than "night".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import filterfalse
from math import ceil, log

from mailbot.intents.names.painting_features import says_nothing
from mailbot.intents.sentence import FIRST_CJK
from styles.contract import StyleSummary
from styles.language.tokens import words
from styles.language.translated_titles import unmarked

#: Letters of a stem, and the fewest stems of a description: fewer are a title, such as "Starry Sky".
_STEM, _FEWEST = 4, 2
#: Letters of the shortest word of a guess: "sky".
_SHORTEST = 3
#: Letters of a stem by which one of an artist's styles is chosen: "parecido" is no "parede".
_LONG_STEM = 6
#: Share of a guess's stems that a style must have, of a stem's weight that it must reach where no other style
#: has the stem, and of its weight that no other style may reach.
_KNOWN, _LEAST, _LEAD = 0.5, 0.8, 0.75
#: The same weight for words of which most may tell nothing.
_CLEAR = 1.5
#: Share of a description's stems that must be said: with three of four it is clear, with two of three not.
_MOST = 0.75
#: Fewest Chinese characters of a description, and those that tell nothing.
_FEWEST_HAN = 3
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SMALL_HAN = frozenset("的上那有人个画在和一了中下里这幅名")


class Descriptions:
    """Find styles by what their paintings show. Immutable."""

    def __init__(self, styles: Sequence[StyleSummary]) -> None:
        #: Stems of each longer name, the fewest of them that must be said, and the style.
        self._rows = [
            (found, max(_fewest(found), ceil(_MOST * len(found))), style.name)
            for style in styles
            for name in style.other_names
            if not _is_list(name)
            if len(found := stems(words(unmarked(name)))) >= _fewest(found)
        ]
        bags: defaultdict[str, set[str]] = defaultdict(set)
        longer: defaultdict[str, set[str]] = defaultdict(set)
        for style in styles:
            first_names = words(style.artist)[:-1]  # "our little Edvard" describes nothing
            for name in filterfalse(_is_list, (style.title, style.artist, *style.other_names)):
                written = [word for word in words(unmarked(name)) if word not in first_names]
                bags[style.name] |= stems(written, _SHORTEST)
                longer[style.name] |= stems(written, _SHORTEST, _LONG_STEM)
        self._bags, self._longer = bags, longer
        self._artists = {style.name: style.artist for style in styles}
        self._spread = Counter(stem for bag in bags.values() for stem in bag)

    def find(self, written: Sequence[str]) -> str:
        """Return the name of the style that these words describe, "" for none and for several."""
        said = stems(written)
        found = {name for row, fewest, name in self._rows if len(row & said) >= fewest}
        return next(iter(found)) if len(found) == 1 else ""

    def guess(self, written: Sequence[str]) -> tuple[str, ...]:
        """Return the style that these words fit best, or several of one artist that they fit alike."""
        said = stems(written, _SHORTEST)
        fewest = _FEWEST if any(map(_HAN.match, said)) else 1
        return self._best(said, max(fewest, _KNOWN * len(said)), _LEAST)

    def hint(self, written: Sequence[str]) -> tuple[str, ...]:
        """Return the same for words of which many are about something else: several of them must fit."""
        said = stems(written, _SHORTEST)
        is_han = any(map(_HAN.match, said))
        fewest, least = (_FEWEST_HAN + 1, 2 * _CLEAR) if is_han else (_FEWEST, _CLEAR)
        longer = stems(written, _SHORTEST, _LONG_STEM)  # "comprends" is no "composition"
        found = self._best(said, fewest, least)
        return tuple(name for name in found if len(self._longer[name] & longer) >= fewest)

    def _best(self, said: frozenset[str], fewest: float, least: float) -> tuple[str, ...]:
        """Return the styles with the most weight: `least` of a stem's, with the `fewest` stems of `said`."""
        most = log(len(self._bags) + 1)
        weights = {
            name: sum(most - log(self._spread[stem]) for stem in found)
            for name, bag in self._bags.items()
            if len(found := bag & said) >= fewest
        }
        best = max(weights.values(), default=0.0)
        if best < least * most:
            return ()
        alike = [name for name, weight in weights.items() if weight > _LEAD * best]
        is_clear = len({self._artists[name] for name in alike}) == 1
        return tuple(name for name in alike if weights[name] == best) if is_clear else ()

    def fitting(self, styles: Sequence[str], written: Sequence[str]) -> str:
        """Return the style that the words describe best; "" if there is no single best one.

        A style's score is the number of its stems among the words that no other of `styles` has.
        """
        said = stems(written, _SHORTEST, _LONG_STEM)
        bags = {name: self._longer[name] & said for name in styles if name in self._longer}
        own = {
            name: len(bag.difference(*(other for one, other in bags.items() if one != name)))
            for name, bag in bags.items()
        }
        best = max(own.values(), default=0)
        found = [name for name, count in own.items() if count == best]
        return found[0] if best and len(found) == 1 else ""

    def fits(self, name: str, written: Sequence[str]) -> bool:
        """Tell whether one of some words stands in any name of a style."""
        return not self._bags[name].isdisjoint(stems(written, _SHORTEST))

    def tells(self, name: str, written: Sequence[str]) -> bool:
        """Tell whether one of some words describes a style."""
        said = stems(written)
        return any(row & said for row, _, style in self._rows if style == name)


def stems(written: Iterable[str], shortest: int = _STEM, length: int = _STEM) -> frozenset[str]:
    """Return the stems of words with at least `shortest` letters, but for those that tell nothing."""
    return frozenset(stem for word in written for stem in _stems(word, shortest, length))


def _stems(word: str, shortest: int, length: int) -> Iterator[str]:
    if characters := _HAN.findall(word):
        yield from (each for each in characters if each not in _SMALL_HAN)
    elif len(word) >= shortest and not says_nothing(word):
        yield word[:length]


def _is_list(name: str) -> bool:
    """Tell whether a name lists Chinese or Japanese words, whose single characters tell nothing."""
    return name.count(" ") > 1 and name[0] >= FIRST_CJK


def _fewest(row: frozenset[str]) -> int:
    return _FEWEST_HAN if any(map(_HAN.match, row)) else _FEWEST
