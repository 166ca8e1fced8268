"""Hold what came of the words of a mail, and tell whether a word had a part in it.

    Effects     the styles, shares, options and photos that were decided
      .used     whether a word says something that was decided

A word is used if what it says is what is painted: “70%” is used where something has a strength or a share of
0.7. So no decision has to note its words, and a word that says the same twice is used twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mailbot.intents.changes.relative_changes import Change
from mailbot.intents.details.refused_options import is_option_refused
from mailbot.intents.details.sizes import is_excess, is_quality
from mailbot.intents.details.told_options import is_described, is_told
from mailbot.intents.options import Options
from mailbot.intents.paintings.photo_numbers import NUMBERS, REST, numbers_of
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Item
from styles.language.intents import SIZES, Intent
from styles.language.lexicon import Lexicon

#: Units of a length, by which any number is used where a size is painted.
_UNITS = ("pixel", "cm", "inch", "times")
#: Kinds of words of a reply that say how it is painted.
_LEADING = ("make", "color", "percent", "pixel", "strength", "size")
#: Kinds of words behind a size that is that of a thing: "a big thank you", "small town".
_THINGS = ("caption", "of", "thanks", "letter", "photo", "ask")


@dataclass(frozen=True, kw_only=True)
class Effects:
    """Hold what came of the words of a mail."""

    selection: Selection | None = None
    options: Options = Options()
    of_photos: tuple[Options, ...] = ()  #: those of the photos that have their own
    refused: frozenset[str] = frozenset()  #: styles that are not wanted
    photos: frozenset[int] = frozenset()  #: photos that the mail names, or leaves out
    count: int = 1  #: photos of the mail
    several: int = 1  #: paintings of each photo in styles that the bot chooses
    change: Change | None = None  #: of the painting before, in a reply
    is_sheet: bool = False  #: every style is painted, on one sheet
    is_disputed: bool = False  #: a refused style is named once more, and not refused there

    @cached_property
    def names(self) -> frozenset[str]:
        """The styles that are painted."""
        return self.selection.styles if self.selection else frozenset()

    @cached_property
    def painted(self) -> tuple[Options, ...]:
        """The options of all paintings."""
        return (self.options, *(self.selection.own if self.selection else ()), *self.of_photos)

    @property
    def taken(self) -> tuple[int, ...]:
        """Indices of the numbers that are shares, in the sentence of the styles."""
        return self.selection.taken if self.selection else ()

    @property
    def is_blend(self) -> bool:
        """Whether styles are mixed."""
        return self.selection is not None and self.selection.how == "blend"

    @property
    def paintings(self) -> int:
        """Number of paintings of a photo, or of those photos that have their own style."""
        return max(self.several, len(self.selection.names) if self.selection else 1)

    @cached_property
    def counts(self) -> frozenset[int]:
        """Numbers of paintings of a photo, of photos, of those that are painted, and of styles."""
        painted = len(self.selection.photos) if self.selection else 0
        return frozenset((self.paintings, self.count, painted or self.count, len(self.names) or 1))

    @cached_property
    def _numbers(self) -> frozenset[int]:
        """Per cents of strengths and shares, and pixels."""
        blended = [
            part for name in (self.selection.names if self.selection else ()) for part in name.split(",")
        ]
        shares = [float(share) for part in blended if (share := part.partition(":")[2])]
        strengths = [each.strength for each in self.painted if each.strength is not None]
        sizes = [each.size for each in self.painted if each.size is not None]
        return frozenset((*(round(100 * each) for each in (*shares, *strengths)), *sizes))

    def has_number(self, number: float) -> bool:
        """Tell whether something is painted by a number: a per cent, a fraction, a side or a count."""
        said = {round(number), round(100 * number)} if number <= 1 else {round(number)}
        return bool(said & self._numbers) or number in self.counts

    def has(self, option: str) -> bool:
        """Tell whether something is painted with an option that the mail says."""
        is_changed = self.change is not None and self.change.has(option)
        return is_changed or any(getattr(each, option) is not None for each in self.painted)

    def has_size(self, items: Sequence[Item], at: int, words: Lexicon) -> bool:
        """Tell whether something is painted in the size that a word says, or the word says none."""
        behind = items[at + 1] if at + 1 < len(items) else None
        is_thing = behind is not None and (behind.is_unknown or behind.has(*_THINGS))
        is_none = is_option_refused(items, at, words) or is_told(items, at) or is_quality(items, at)
        is_none = is_none or is_described(items, at, words) or is_excess(items, at, words)
        if is_thing or is_none or items[at].has("again"):
            return True
        sizes = {each.size for each in self.painted if each.size is not None}
        intent = Intent.of(words.intents.get(items[at].text, ""))
        side = SIZES.get(intent) if intent else None
        is_measured = not sizes <= {*SIZES.values()}  # "a poster, 2000 pixels"
        is_large = side in (SIZES[Intent.BIG], SIZES[Intent.FULL])
        return bool(sizes) and (
            side is None
            or side in sizes
            or (is_large and is_measured)
            or (side == SIZES[Intent.BIG] and max(sizes) > side)
        )

    @property
    def has_refusal_or_photos(self) -> bool:
        """Whether the mail refuses styles, or names photos or leaves some out."""
        return bool(self.refused or self.photos)

    @property
    def is_plain(self) -> bool:
        """Whether nothing but a style was understood."""
        is_changed = self.change is not None and self.change.is_any
        return not is_changed and not any(each != Options() for each in self.painted)

    @property
    def repeats(self) -> bool:
        """Whether a reply has the painting before once more, as it was."""
        is_said = self.selection is not None or any(each != Options() for each in self.painted)
        return self.change is not None and self.change.is_repeat and not is_said

    def acts(self, item: Item, words: Lexicon) -> bool:
        """Tell whether something is painted by a word alone: by a style, or in a reply by "bigger"."""
        if item.mention:
            return not self.names.isdisjoint(item.mention.styles)
        return self.change is not None and item.has("again") and self.change.obeys(item, words)

    def leads(self, item: Item, words: Lexicon) -> bool:
        """Tell whether more can be asked behind a word: "can you do that one with a golden frame?"."""
        is_option = self.change is not None and item.has(*_LEADING)
        return is_option or self.acts(item, words)

    def skips_none(self, item: Item, unknown: int) -> bool:
        """Tell whether a word leaves out a photo, and unknown words say which: "skip the blurry one"."""
        return item.has("skip") and unknown > 0 and self.count > 1 and self.photos <= {REST}

    def misses_photo(self, item: Item) -> bool:
        """Tell whether a word means one of several photos by its number, and all are painted alike."""
        if self.change and self.change.pictures:
            count, meant = self.change.count, self.change.pictures  # a reply of its own says who is the rest
            named = {at + count * (at < 0) for at in numbers_of(item) if at != REST}
            return not named <= self.change.left_out | {at + count * (at < 0) for at in meant}
        count = max(self.count, self.change.count if self.change else 1)
        return count > 1 and names_photo(item) and not (self.photos or self.of_photos)


def names_photo(item: Item) -> bool:
    """Tell whether a word means a photo by its number."""
    return item.has(*NUMBERS)


def is_measure(item: Item) -> bool:
    """Tell whether a word is a unit of length."""
    return item.has(*_UNITS)
