"""Find the words of a request that mean nothing here.

named_elsewhere   the style that a sentence clearly asks for, and that this project lacks
unread            numbers and sizes of a sentence that changed nothing
misunderstood     pieces of a sentence beside its styles that should have meant something
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, takewhile

from mailbot.intents.mentions.refusals import is_option_refused
from mailbot.intents.options import Options
from mailbot.intents.sentence import Item, Sentence
from styles.language.intents import SIZES, Intent
from styles.language.lexicon import Lexicon
from styles.language.tokens import words

#: Words of an unknown style's name, and of a piece that should have meant something.
_LONGEST_NAME, _LONGEST_PIECE = 4, 4
#: Kinds of words that end the name of an unknown style.
_ENDS = ("ask", "courtesy", "for", "not", "place", "strength", "intents", "letter")
#: Words up to which a sentence is a request and nothing else, so that each word should mean something.
_SHORT = 8
#: Words up to which each addition to a request should mean something.
_LONGEST_REQUEST = 14
#: Intents that an address cannot have.
_OF_SENDER = ("stop", "start", "delete")
#: Kinds that begin a piece: "starry night with glitter".
_BEGINS = ("and", "with", "limit")


def named_elsewhere(sentence: Sentence, known: Lexicon) -> str:
    """Return what stands behind "in the style of", or all of an address's tag; "" if it names nothing."""
    if sentence.where == "tag":
        is_named = sentence.unknown or any(
            known.intents.get(item.text) in _OF_SENDER for item in sentence.items
        )
        return " ".join(item.raw for item in sentence.words) if is_named else ""
    for at, item in enumerate(sentence.items):
        if item.has("style_of") and any("after" in known.of(word) for word in item.text.split()):
            name = list(_name(sentence.items[at + 1 :]))
            if any(word.is_unknown for word in name):
                return " ".join(word.raw for word in name)
    return _in_style(sentence.items) if len(sentence.words) <= _SHORT else ""


def _in_style(items: Sequence[Item]) -> str:
    """Return the unknown words before "style": "Hundertwasser style please", "岡本太郎風で"."""
    for at, item in enumerate(items):
        if item.has("in_style") and at and items[at - 1].is_unknown:
            name = list(takewhile(lambda one: one.is_unknown, reversed(items[:at])))[:_LONGEST_NAME]
            return " ".join(one.raw for one in reversed(name))
    return ""


def _name(items: Sequence[Item]) -> Iterator[Item]:
    count = 0
    for item in items:
        if item.is_mark or (item.has(*_ENDS) and not item.has("article")) or count == _LONGEST_NAME:
            return
        if count or not item.has("article"):
            count += 1
            yield item


def misunderstood(
    sentence: Sentence, used: Collection[int], refused: Collection[int], name: str
) -> list[str]:
    """Return pieces of a request that mean nothing: styles that are left out, and unknown additions.

    `used` and `refused` are indices of mentions. A sender's `name` is no addition.
    """
    items = sentence.items
    if not used:
        return []
    is_short = len(sentence.words) <= _LONGEST_REQUEST
    is_all = is_short and sentence.kinds.isdisjoint(("fallback", "condition"))  # "Monet, or else the wave"
    left = [
        item.raw
        for at, item in enumerate(items)
        if item.mention and not {at} & {*used, *refused} and (is_all or _is_beside(items, at, used))
    ]
    if not is_short:
        return left
    return left + [piece for piece in _pieces(items, max(used)) if not set(words(piece)) <= set(words(name))]


def unread(
    sentence: Sentence, painted: Sequence[Options], known: Lexicon, taken: Collection[int], *, is_apart: bool
) -> Iterator[str]:
    """Yield pixels and sizes in which nothing is painted, and percentages where the sentence `is_apart`.

    `painted` are the options of the paintings, and `taken` indices of numbers that are shares or strengths.
    """
    sizes = {each.size for each in painted if each.size is not None}
    is_plain = all(each.strength is None for each in painted)
    for at, (item, after) in enumerate(pairwise(sentence.items)):
        is_strength = at not in taken and item.is_number and (after.text == "%" or after.has("percent"))
        if is_apart and is_strength and is_plain:
            yield f"{item.raw}{after.raw}" if after.is_mark else f"{item.raw} {after.raw}"
        is_thing = after.is_unknown or after.has("caption", "of", "thanks", "letter", "photo", "ask")
        is_thing = is_thing or is_option_refused(sentence.items, at, known)
        is_size = item.has("size") and not (item.mention or is_thing or item.has("again"))
        is_pixels = item.is_number and after.has("pixel") and not sizes
        if is_pixels or (is_size and not _is_painted(known.intents.get(item.text, ""), sizes)):
            yield f"{item.raw} {after.raw}".strip(" ,.!")


def _is_painted(word: str, sizes: Collection[int]) -> bool:
    """Tell whether something is painted in a size, or in a larger one: "a big print, full size"."""
    intent = Intent.of(word)
    side = SIZES.get(intent) if intent else None
    return bool(sizes) and (side is None or side in sizes or (intent is Intent.BIG and max(sizes) > side))


def _is_beside(items: Sequence[Item], at: int, used: Collection[int]) -> bool:
    """Tell whether only small words stand between a mention and one that is used."""
    return any(
        not any(item.is_unknown for item in items[min(at, other) + 1 : max(at, other)])
        and abs(at - other) <= _LONGEST_PIECE
        for other in used
    )


def _pieces(items: Sequence[Item], last: int) -> Iterator[str]:
    """Yield the additions behind the last style that hold nothing but unknown words."""
    piece: list[Item] | None = None
    for item in [*items[last + 1 :], None]:
        is_end = item is None or item.is_mark or item.has(*_BEGINS)
        if not is_end and piece is not None and item is not None:
            piece.append(item)
        elif is_end:
            if piece and _is_addition(piece):
                yield " ".join(word.raw for word in piece)
            piece = [] if item is not None and _begins(items, item) else None


def _begins(items: Sequence[Item], lead: Item) -> bool:
    """Tell whether an addition begins behind an item; "with my goat" is what the photo shows."""
    start = next(at for at, item in enumerate(items) if item is lead) + 1
    behind = next((item for item in items[start:] if item.has("own") or not item.has("article")), lead)
    is_own = behind.has("own") and not lead.has("and")
    return lead.text == "," or (lead.has(*_BEGINS) and not is_own)


def _is_addition(piece: Sequence[Item]) -> bool:
    is_told = any(item.has("statement") and not item.has("article") for item in piece)
    if is_told or piece[0].has("for", "place"):
        return False
    bare = [item for item in piece if not item.has("article", "filler", "courtesy")]
    return (
        0 < len(bare) <= _LONGEST_PIECE - 1
        and len(piece) <= _LONGEST_PIECE
        and all(i.is_unknown for i in bare)
    )
