"""Read the number or the letter of a photo behind a word for it: "la photo 2", "photos 1 & 3", "photo B".

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
    items = list(_lettered(items, words))
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
