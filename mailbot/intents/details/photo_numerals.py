"""Read the number or the letter of a photo behind a word for it: "la photo 2", "photos 1 & 3", "photo B".

Two numbers with an article each are those of photos, too: "la due e la tre", "die zwei und die drei".

with_photo_numbers   items -> the same, with the kinds of words such as "the second" for these
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from mailbot.intents.sentence import ORDINALS, Item
from styles.language.lexicon import Lexicon

#: Kinds of words for the photos, by their numbers.
_ORDINALS = {f"{number}": kind for number, kind in enumerate(ORDINALS, start=1)}
#: The same numbers by letters.
_LETTERS = dict(zip("abcdefgh", _ORDINALS, strict=True))


def with_photo_numbers(items: Sequence[Item], words: Lexicon) -> Iterator[Item]:
    """Yield the items; a number behind a word for the photo is that of one: "la photo 2", "photo 1 & 3".

    One before a word for paintings counts them: "1 photo 3 paintings".
    """
    before, is_list = Item(text="", raw=""), False
    items = list(_lettered(_paired(items, words), words))
    for item, after in zip_longest(items, items[1:]):
        noun, _, digit = item.text.rpartition(" ")
        is_first = (item.is_number and _is_photo(before, words)) or (
            item.text[-1:] in _ORDINALS and item.has(*_ORDINALS.values())
        )
        is_joined = item.has("and") or item.text == "," or before.has("and") or before.text == ","
        is_list = is_first or (is_list and is_joined)
        is_count = after is not None and after.has("versions") and digit in _ORDINALS
        if is_list and item.is_number and item.text in _ORDINALS and not is_count:
            kinds = frozenset((_ORDINALS[item.text],))
            yield Item(text=f"{before.text} {item.text}", raw=item.raw, kinds=kinds)
        elif is_first and noun and is_count:
            yield Item(text=noun, raw=noun, kinds=words.of(noun))
            yield Item(text=digit, raw=digit, is_number=True)
        else:
            yield item
        before = item


def _paired(items: Sequence[Item], words: Lexicon) -> list[Item]:
    """Return the items with the numbers of two photos: "die zwei und die drei", "二和三用星空"."""
    found = list(items)
    for at, joint in enumerate(items):
        if not joint.has("and"):
            continue
        led = [n for n in (at - 2, at + 1) if 0 <= n < len(items) and items[n].has("article")]
        pair = [at - 1, at + 1 + (at + 1 in led)]
        kinds = [_ordinal(items[n], words) if 0 <= n < len(items) else "" for n in pair]
        is_led = len(led) > 1 or (at == 1 and not led) or (at and items[at - 1].has(*ORDINALS))
        if all(kinds) and kinds[0] != kinds[1] and is_led and _is_no_count(items[pair[1] + 1 :]):
            for n, kind in zip(pair, kinds, strict=True):
                found[n] = replace(items[n], kinds=frozenset((kind,)), is_number=False)
    return found


def _is_no_count(behind: Sequence[Item]) -> bool:
    """Tell whether nothing behind a number is counted by it: "the three of us", "die drei Katzen"."""
    small = ("cue", "make", "courtesy", "for", "copula", "want")
    return not behind or behind[0].is_mark or (behind[0].has(*small) and not behind[0].has("of"))


def _ordinal(item: Item, words: Lexicon) -> str:
    """Return the kind of a photo's number that a word for a number is, "" for other words."""
    said = next((kind for kind in ORDINALS if item.has(kind)), "")
    said = said or ORDINALS[0] * item.has("single")  # "la uno e la tre"
    number = item.text if item.is_number else str(words.counts.get(item.text, words.numbers.get(item.text)))
    return said or _ORDINALS.get(number, "")


def _lettered(items: Sequence[Item], words: Lexicon) -> Iterator[Item]:
    """Yield the items with a number for a capital letter behind a word for the photo: "photo B"."""
    before = Item(text="", raw="")
    for item in items:
        is_letter = item.raw.isupper() and item.text in _LETTERS and _is_photo(before, words)
        before = item
        yield (
            replace(item, text=_LETTERS[item.text], kinds=frozenset(), is_number=True) if is_letter else item
        )


def _is_photo(item: Item, words: Lexicon) -> bool:
    """Tell whether an item is a noun for the photo: "la photo", but not "all"."""
    noun = words.of(item.text.rpartition(" ")[2])
    return item.has("photo") and not noun.isdisjoint(("original", "sent"))
