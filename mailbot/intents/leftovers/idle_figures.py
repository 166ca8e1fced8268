"""Find the figures of a request that no painting shows: numbers, counts, units and strengths.

    IdleFigures   the figures of one sentence
      .has        whether a word of a clause is one without effect

Everything that a request counts or measures is painted so, or repeated in the answer: "in three sizes",
"thrice", "x3", "under 1 MB". Numbers of a tale count what it tells of: "for my 3 kids".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.intents.details.joined_items import is_of_ten
from mailbot.intents.leftovers.clauses import Clause
from mailbot.intents.leftovers.effects import Effects, is_measure
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.painting_counts import count_at
from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.strengths import number_at
from styles.contract import MIN_SIZE
from styles.language.lexicon import WEAKER, Lexicon

#: Words up to which a sentence is a request and nothing else, so that each number should mean something.
_SHORT = 8
#: Words up to which a sentence is a request for a style or a size, and nothing else.
_FEW = 4
#: A number of paintings: "x3", "3x".
_FACTOR = re.compile(r"x(\d{1,2})|(\d{1,2})x")
#: Words up to which a sentence is a request, so that each style and addition in it should mean something.
REQUEST = 14
#: Most paintings that a number counts: "200 copies" are those of a printer.
_COPIES = 20
#: Least number that may be a size without a unit, pixels.
_LARGE = 100
#: First and last number that is rather a year than a size, years.
_FIRST_YEAR, _LAST_YEAR = 1850, 2050
#: Least number that is a strength behind a word for it, and the full one, per cent: "force 8" is a wind.
_LEAST, _FULL = 10, 100
#: Least number out of ten that rates a picture, where it is no strength.
_GOOD = 7
#: Kinds of things that numbers count.
_COUNTED = ("caption", "letter", "photo", "versions")
#: Kinds of words behind a count of paintings: "in three sizes".
_OF_PAINTINGS = ("versions", "size_word", "strength_word")
#: Kinds of words before and behind a count that stands for itself: "the scream, thrice please".
_BEFORE, _BEHIND = (
    ("want", "make", "ask", "courtesy", "and"),
    ("courtesy", "ask", "with", "limit", "and", "make"),
)
#: Kinds of sentences that ask for something, though no style is named in them.
_ASKING = frozenset(("ask", "want", "make", "keep", "limit", "size_word"))


class IdleFigures:
    """Look at the figures of one sentence; it `is_apart` if it is none of those that were acted upon."""

    def __init__(self, sentence: Sentence, effects: Effects, words: Lexicon, *, is_apart: bool) -> None:
        self._sentence = sentence
        self._effects = effects
        self._words = words
        self._is_apart = is_apart

    def has(self, clause: Clause, at: int) -> bool:
        """Tell whether a word of a clause is a figure, and that of no painting."""
        item = clause.items[at]
        if self._is_rating(clause.start + at):
            return False
        if item.has("unit"):
            is_number = at > 0 and (clause.items[at - 1].is_number or clause.items[at - 1].has("numbers"))
            is_brief = len(self._sentence.words) <= _FEW
            is_heard = is_brief or not self._is_apart or not self._sentence.kinds.isdisjoint(_ASKING)
            return is_number and is_heard and len(self._sentence.words) <= REQUEST
        return (
            self._is_idle_count(clause, at)
            or self._is_each_size(clause, at)
            or self._is_several(clause, at)
            or self._is_idle_number(clause, at)
            or (not self._is_apart and (self._is_number_in_word(item) or self._is_idle_strength(clause, at)))
        )

    def _is_rating(self, at: int) -> bool:
        """Tell whether a number of a reply rates the last picture: "10/10, bigger please"."""
        number = number_at(self._sentence.items, at, self._words)
        is_good = number is not None and number >= _GOOD
        return self._effects.change is not None and is_good and is_of_ten(self._sentence.items, at)

    def _is_number_in_word(self, item: Item) -> bool:
        """Tell whether a word holds a number that is none of the paintings: "x3", and in few words any."""
        if item.kinds or item.mention or item.is_number or not any(map(str.isdigit, item.text)):
            return False
        factor = _FACTOR.fullmatch(item.text)
        if factor:
            return int(factor[1] or factor[2]) not in self._effects.counts
        return len(self._sentence.words) <= _FEW

    def _is_idle_count(self, clause: Clause, at: int) -> bool:
        """Tell whether a count is not that of the paintings: "two copies", "in three sizes", "thrice"."""
        items = self._sentence.items
        first = clause.start + at
        number = number_at(items, first, self._words)
        is_few = number is not None and number <= _COPIES
        count = self._words.counts.get(items[first].text) or (number if is_few else None)
        is_part = items[first].has("parts") and (self._effects.is_blend or not items[first].has("versions"))
        if not count or items[first].mention or is_part:
            return False
        behind = next((n for n in range(first + 1, len(items)) if not items[n].has("article")), len(items))
        if count in self._effects.counts:
            return not self._is_apart and self._is_of_each(clause, at, count)
        after = items[first + 1] if first + 1 < len(items) else None
        if after is not None and after.has("versions"):
            return True
        if self._is_apart:
            return False
        if self._is_surprise() and (behind == len(items) or not _is_thing(items[behind])):
            return True
        is_alone = behind == len(items) or items[behind].is_mark or items[behind].has(*_BEHIND)
        is_brief = len(self._sentence.words) <= REQUEST
        is_alone = is_alone and is_brief and items[first].has("counts") and _is_led(items, first)
        kinds = _OF_PAINTINGS if items[first].has("counts") else _OF_PAINTINGS[:2]
        is_of_paintings = behind < len(items) and items[behind].has(*kinds)
        return is_alone or is_of_paintings or self._counts_style(first, behind)

    def _is_each_size(self, clause: Clause, at: int) -> bool:
        """Tell whether all sizes or strengths are asked for, and one is painted: "in both sizes"."""
        behind = next((item for item in clause.items[at + 1 :] if not item.has("article", "of")), None)
        is_each = clause.items[at].has("every") and behind is not None and behind.has(*_OF_PAINTINGS[1:])
        return is_each and clause.is_behind and self._effects.paintings == 1 and not self._is_apart

    def _is_of_each(self, clause: Clause, at: int, count: float) -> bool:
        """Tell whether a count is that of one of several styles: "wave and scream, 2 copies each"."""
        selection = self._effects.selection
        if count == 1 or selection is None or selection.how != "each" or selection.photos:
            return False
        start = clause.start + at + 1
        behind = self._sentence.items[start : start + 1]
        is_each = any(item.has("every") for item in (*clause.items[:at], *clause.items[at + 1 :]))
        styles = [item.mention.styles for item in behind if item.mention and len(item.mention.styles) == 1]
        painted = [selection.names.count(name) for (name,) in styles]  # "one wave, two screams"
        return (is_each and len({*selection.names}) == len(selection.names)) or any(
            n != count for n in painted
        )

    def _is_surprise(self) -> bool:
        """Tell whether the bot chooses one style, by a sentence that is a request and nothing else."""
        is_asked = any(self._words.intents.get(item.text) == "surprise" for item in self._sentence.items)
        is_one = self._effects.selection is None and self._effects.several == 1
        return is_asked and is_one and len(self._sentence.words) <= _SHORT

    def _is_several(self, clause: Clause, at: int) -> bool:
        """Tell whether more paintings than one are asked for: "a few versions", "5 more styles"."""
        items, selection = clause.items, self._effects.selection
        number = number_at(items, at, self._words) or count_at(items, at, self._words) or 0
        is_vague = items[at].has("several") or (selection is None and number > 1)
        kinds = ("versions", "gallery") if items[at].has("several") else ("gallery",)
        is_noun = any(item.has(*kinds) for item in items[at + 1 : at + 3])
        is_alone = self._effects.paintings == 1 and self._sentence.kinds.isdisjoint(("every", "page"))
        is_brief = len(self._sentence.words) <= REQUEST and not self._sentence.kinds & {"letter", "past"}
        is_heard = not self._is_apart or selection is None
        return is_vague and is_noun and is_alone and is_brief and is_heard

    def _counts_style(self, at: int, behind: int) -> bool:
        """Tell whether a request begins with a count of one style: "make 4 of the scream"."""
        items = self._sentence.items
        mention = items[behind].mention if behind < len(items) else None
        is_name = mention is not None and mention.grade > Grade.WORD and len(mention.styles) == 1
        return is_name and all(item.has(*_BEFORE) for item in items[:at])

    def _is_idle_number(self, clause: Clause, at: int) -> bool:
        """Tell whether a number is that of no painting: "90%", "2400 px"."""
        items, effects = clause.items, self._effects
        number = number_at(items, at, self._words)
        is_less = number is not None and items[at].raw.startswith("-")  # "-40%" is 40% less, or 40%
        if number is None or is_less or (not self._is_apart and clause.start + at in effects.taken):
            return is_less
        after = items[at + 1] if at + 1 < len(items) else None
        is_side = at > 0 and items[at - 1].has("times")
        is_tiny = after is not None and after.has("pixel") and not is_side and number < MIN_SIZE
        if is_tiny or effects.has_number(number):
            return is_tiny
        if (after and is_measure(after)) or is_side:
            return not effects.has("size")
        if after is not None and (after.text == "%" or after.has("percent")):
            return not self._is_apart or not effects.has("strength")
        is_strength = number >= _LEAST and at > 0 and items[at - 1].has("strength_word")
        is_strength = is_strength or self._is_of_style(clause.start + at, number)
        if is_strength or (self._is_apart and self._is_size_alone(number)):  # "his strength 40, hers 70"
            return True
        is_bare = not clause.unknown or len(self._sentence.words) <= _SHORT
        is_counted = any(item.mention or item.has(*_COUNTED) for item in items)
        is_heard = clause.is_behind or (effects.selection is None and len(self._sentence.words) <= _SHORT)
        return is_bare and not is_counted and not self._is_apart and is_heard

    def _is_of_style(self, at: int, number: float) -> bool:
        """Tell whether a number stands right behind a style, with a small word between them at most."""
        before = self._sentence.items[max(0, at - 2) : at]
        before = before[:-1] if before and before[-1].has("cue", "equal", "place") else before
        return bool(before) and before[-1].mention is not None and _LEAST <= number <= _FULL

    def _is_size_alone(self, number: float) -> bool:
        """Tell whether a short sentence begins with its only number, which may be a size: "1500 wide."."""
        words = self._sentence.words
        is_first = words[0].is_number and not any(item.is_number for item in words[1:])
        is_size = number >= _LARGE and not _FIRST_YEAR <= number <= _LAST_YEAR
        return is_first and is_size and len(words) <= _FEW and self._sentence.where == "text"

    def _is_idle_strength(self, clause: Clause, at: int) -> bool:
        """Tell whether a word for a strength is against all that are painted: "light and strong"."""
        said = self._words.strengths.get(clause.items[at].text)
        painted = [each.strength for each in self._effects.painted if each.strength is not None]
        is_part = any(item.has("not", "amounts", "fractions", "percent") for item in clause.items)
        is_set = any(item.is_number for item in clause.items[at + 1 : at + 2])  # "con forza 55"
        if said is None or is_part or is_set or not painted or len(self._sentence.words) > _SHORT:
            return False
        if said <= WEAKER:
            return min(painted) == 1
        return said == _FULL and _FULL * max(painted) < WEAKER


def _is_thing(item: Item) -> bool:
    return item.is_unknown or item.has("caption", "being", "photo")


def _is_led(items: Sequence[Item], at: int) -> bool:
    """Tell whether a count is that of the style before it, or of nothing else."""
    before = items[at - 1] if at else None
    return before is None or before.is_mark or before.mention is not None or before.has(*_BEFORE)
