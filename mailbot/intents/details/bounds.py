"""Find where the clauses of a sentence begin and end. What ends one depends on who asks.

before, behind   where the clause around an item begins and ends
spans            all clauses of a sentence

is_mark          a clause ends at each mark: "the scream, please"
is_named         and at each style: "the scream for me and the wave for you"
parts_requests   only at marks between two requests: "20/30" and "A & B" are within one
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mailbot.intents.sentence import Item

#: Marks within a request.
_WITHIN = ("%", "/", "+", "&", "x")

#: Tells whether an item ends a clause.
End = Callable[[Item], bool]


def is_mark(item: Item) -> bool:
    """Tell whether an item is a mark, such as a comma."""
    return item.is_mark


def is_named(item: Item) -> bool:
    """Tell whether an item is a mark, or means a style."""
    return item.is_mark or item.mention is not None


def parts_requests(item: Item) -> bool:
    """Tell whether an item is a mark between two requests."""
    return item.is_mark and item.text not in _WITHIN


def before(items: Sequence[Item], at: int, ends: End = is_mark) -> int:
    """Return the index behind the last item before `at` that ends a clause, 0 for none."""
    return next((n for n in range(at, 0, -1) if ends(items[n - 1])), 0)


def behind(items: Sequence[Item], at: int, ends: End = is_mark) -> int:
    """Return the index of the first item behind `at` that ends a clause, the number of items for none."""
    return next((n for n in range(at + 1, len(items)) if ends(items[n])), len(items))


def spans(items: Sequence[Item], ends: End = is_mark) -> Iterator[range]:
    """Yield the indices of each clause that is not empty; the items that end one are in none."""
    start = 0
    while start < len(items):
        end = behind(items, start - 1, ends)
        if end > start:
            yield range(start, end)
        start = end + 1
