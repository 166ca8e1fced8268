"""Split a line at the words that join styles: "mosaic and 30% gret wave" has two parts.

Names are found first, so "salt-and-pepper" is one part. A comma joins only in a line with an "and" or "or":
"mosaic, wave and candy", but not "mosaic please, Candy". "With" joins two styles, or a style and a share:
"mosaic with a bit of wave".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from mailbot.intents.line import Line, fraction, is_percent, is_word
from mailbot.intents.style_matching import StyleMatch
from styles.language.intents import PHRASES, Intent
from styles.language.lexicon import AMOUNTS, FILLERS, HALF, MIXING, OF, WITH

Join = Literal["", "and", "or", ","]


@dataclass(slots=True, kw_only=True)
class Clause:
    """Hold the words between two joins."""

    join: Join = ""  #: the join before it
    named: list[StyleMatch] = field(default_factory=list)  #: styles
    words: list[str] = field(default_factory=list)  #: without those of `named`
    style: str = ""  #: name of the style, set by `blends`
    share: float | None = None
    is_share_last: bool = False  #: the share stands behind the style

    @property
    def content(self) -> list[str]:
        """Words that are no fillers."""
        return [word for word in self.words if word not in FILLERS]

    @property
    def is_style(self) -> bool:
        """Whether this is a style or could be one."""
        return bool(self.named) or (bool(self.content) and " ".join(self.words) not in PHRASES)


#: "and" and "or" in all languages, and the comma.
_JOINS: dict[str, Join] = {
    **{phrase: "and" for phrase, intent in PHRASES.items() if intent is Intent.BLEND},
    **{phrase: "or" for phrase, intent in PHRASES.items() if intent is Intent.EITHER},
    ",": ",",
}


class _Item(NamedTuple):
    kind: Literal["style", "share", "join", "word", "filler"]
    text: str = ""
    join: Join = ""
    share: float = 0
    found: StyleMatch | None = None


_NOTHING = _Item("filler")


def take_apart(line: Line, named: Sequence[StyleMatch]) -> list[Clause]:
    """Return the line's parts, in order; those without a style hold only a share or fillers."""
    items = list(_with_joins(list(_with_shares(_items(line, named)))))
    can_comma = any(item.join in ("and", "or") for item in items)
    is_mix = not MIXING.isdisjoint(line.words)
    parts = [Clause()]
    for item in items:
        if item.kind == "join":
            if item.join != "," or can_comma:
                parts.append(Clause(join=item.join))
        else:
            if _begins_another(item, parts[-1], is_mix=is_mix):
                parts.append(Clause(join="and" if is_mix else ""))
            _add(item, parts[-1])
    return parts


def _begins_another(item: _Item, part: Clause, *, is_mix: bool) -> bool:
    """Tell whether a part begins here without a join: "70% mosaic 30% wave", "mix mosaic wave"."""
    if item.kind == "share":
        return part.share is not None
    is_second = is_mix and (part.is_style if item.kind == "style" else bool(part.named))
    return item.kind in ("style", "word") and (is_second or part.is_share_last)


def _add(item: _Item, part: Clause) -> None:
    if item.kind == "share":
        part.share, part.is_share_last = item.share, part.is_style
    elif item.found:
        part.named.append(item.found)
    else:
        part.words.append(item.text)


def _items(line: Line, named: Sequence[StyleMatch]) -> list[_Item]:
    """Return an item for each token; a style's name is one item, marks within it included."""
    starts = {found.start: found for found in named}
    inside = {at for found in named for at in range(found.start + 1, found.end)}
    items: list[_Item] = []
    at = 0  # counts the words
    for token in line.tokens:
        if is_percent(token):
            items.append(_Item("share", share=fraction(token)))
        elif not is_word(token):
            items += [] if at in inside else [_of_word(token)]
        else:
            if at in starts:
                items.append(_Item("style", found=starts[at]))
            elif at not in inside:
                items.append(_of_word(token))
            at += 1
    return items


def _of_word(text: str) -> _Item:
    if text in _JOINS:
        return _Item("join", text, _JOINS[text])
    return _Item("filler" if text in FILLERS else "word", text)


def _with_shares(items: Sequence[_Item]) -> Iterator[_Item]:
    """Yield the items, with "half" and "a bit of" as a share where a style, or a possible one, follows."""
    has_style = any(item.kind == "style" for item in items)
    for item, next, after in zip(items, [*items[1:], _NOTHING], _after(items), strict=True):
        is_part = next.text in OF or item.text in HALF  # "a bit of wave", but not "a little dog"
        if item.text in AMOUNTS and (
            after.kind == "style" or (is_part and has_style and after.kind == "word")
        ):
            yield _Item("share", share=AMOUNTS[item.text])
        else:
            yield item


def _with_joins(items: Sequence[_Item]) -> Iterator[_Item]:
    """Yield the items, with "with" as a join between two styles, and between a style and a share."""
    for item, before, after in zip(items, _before(items), _after(items), strict=True):
        if item.text in WITH and before.kind == "style" and after.kind in ("style", "share"):
            yield _Item("join", item.text, "and")
        else:
            yield item


def _before(items: Sequence[_Item]) -> list[_Item]:
    """Return for each item the last one before it that is neither filler nor comma."""
    last, found = _NOTHING, []
    for item in items:
        found.append(last)
        last = last if item.kind == "filler" or item.join == "," else item
    return found


def _after(items: Sequence[_Item]) -> list[_Item]:
    """Return for each item the first one behind it that is neither filler nor comma."""
    return _before(items[::-1])[::-1]
