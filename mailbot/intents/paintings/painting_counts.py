"""Read how many paintings of one photo a sentence asks for, and one style at several strengths.

counted     the paintings that a sentence counts: "surprise me with three"
wants_all   whether a sentence asks for all that another one lists: "can I have both?"
is_counted  whether a number says that the styles are a painting each: "three versions: A, B and C"
are_photos  whether these may be the photos of the mail
series      the strengths of several paintings in one style: "three times, at 30, 60 and 90%"
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.sentence import Item, Sentence
from mailbot.intents.strengths import number_at, percent_at
from styles.language.lexicon import Lexicon

#: Paintings that a number can count.
_FEWEST, _MOST = 2, 9
#: Kinds of words in a sentence that asks for all of a list.
_OF_ALL = ("every", "these", "ask", "want", "courtesy", "filler", "for", "article")
#: Per cent that a number of a series can mean, as of a strength that can be painted.
_LEAST_PERCENT, _FULL = 5, 100
#: Kinds of words that can stand behind a count; those of things count something else: "three kids".
_COUNTED = ("versions", "separate", "of", "photo", "gallery", "courtesy", "ask")
#: Kinds of words between a count and a list of styles: "three of the same one: …".
_OF_SAME = ("of", "article", "photo", "again", "versions", "filler", "separate")
#: Kinds of words between two strengths of a series, and those that part them.
_BETWEEN = ("and", "cue", "with", "article", "strength_word", "filler", "versions", "for", "percent", "times")
_PARTING = ("and", "separate", "one_each")
_AND = frozenset(("and",))
#: Signs between two strengths of a series.
_DOTS = ("/", "・")


def wants_all(sentence: Sentence) -> bool:
    """Tell whether a sentence asks for all that another one lists: "can I have both?", "send both"."""
    is_told = "statement" in sentence.kinds and sentence.kinds.isdisjoint(("ask", "want", "courtesy"))
    is_small = all(item.has(*_OF_ALL) and not item.mention for item in sentence.words)
    return is_small and not is_told and not sentence.kinds.isdisjoint(("every", "these"))


def is_counted(sentences: Sequence[Sentence], count: int, words: Lexicon) -> bool:
    """Tell whether a number says that there are to be `count` paintings: "I want three: …"."""
    return count > 1 and any(count in _counts(sentence.items, words) for sentence in sentences)


def counted(sentences: Sequence[Sentence], words: Lexicon) -> int:
    """Return how many paintings sentences ask for: 3 by "surprise me with three", 1 where none are counted.

    Numbers of photos do not count.
    """
    counts = ((one, count) for one in sentences for count in _counts(one.items, words))
    return max((count for one, count in counts if not are_photos([one], count, words)), default=1)


def are_photos(sentences: Sequence[Sentence], count: int, words: Lexicon) -> bool:
    """Tell whether `count` stands before a word for photos, which may be those of the mail."""
    return any(
        item.has("photo") and not item.has("versions") and count in _counts(one.items[: at + 1], words)
        for one in sentences
        for at, item in enumerate(one.items)
        if at and (words.counts.get(one.items[at - 1].text) == count or one.items[at - 1].text == str(count))
    )


def series(sentence: Sentence, words: Lexicon) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the strengths of several paintings in one style, fractions, and the indices of their numbers.

    Both are empty where at most one strength is said, or where one of two is to be chosen: "40% or 60%".
    """
    if sentence.kinds & {"mix", "correction"}:
        return (), ()
    items = _without_repeats(sentence.items)
    run = max(_runs(items, words), key=len, default=[])
    shares = tuple(share for _, share in run)
    counts = set(_counts(items, words))
    is_said = len(run) in counts or not sentence.kinds.isdisjoint(("versions", "separate", "one_each"))
    is_joined = any(item.has("and") for (a, _), (b, _) in pairwise(run) for item in items[a:b])
    is_percent = any(percent_at(items, at, words) is not None for at, _ in run)
    is_strength = is_percent or "strength_word" in sentence.kinds or len(run) in counts
    if len(set(shares)) < _FEWEST or not is_strength or not (is_said or is_joined or len(run) > _FEWEST):
        return (), ()
    return shares, tuple(at for at, _ in run)


def _without_repeats(items: Sequence[Item]) -> list[Item]:
    """Return the items with an "and" for a style that was named before: "udnie at 40% and udnie at 80%"."""
    named: set[tuple[str, ...]] = set()
    found = []
    for item in items:
        styles = item.mention.styles if item.mention else ()
        is_repeated = bool(styles) and styles in named
        named.add(styles)
        found.append(replace(item, kinds=_AND, mention=None, is_mark=True) if is_repeated else item)
    return found


def _counts(items: Sequence[Item], words: Lexicon) -> Iterator[int]:
    """Yield the numbers that count paintings."""
    for at in range(len(items)):
        count = count_at(items, at, words)
        if count is None:
            continue
        behind = next((one for one in items[at + 1 :] if not one.has("article", "any")), None)
        is_versions = any(item.has("versions") for item in items[at + 2 : at + 4])
        if items[at].has("versions") or (behind is not None and behind.is_unknown and is_versions):
            yield count  # "三通り", "three separate versions"
        is_bare = behind is None or behind.text in (",", ":", "(", ".") or behind.has("make", "ask")
        is_listed = _leads_to_list(items[at + 1 :])
        is_noun = behind is not None and behind.has(*_COUNTED) and not is_of_us(items, at)
        if behind is not None and words.intents.get(behind.text) == "surprise":
            yield count  # "three surprises"
        elif is_listed or (is_bare and _is_asked(items, at)) or is_noun:
            yield count


def _leads_to_list(behind: Sequence[Item]) -> bool:
    """Tell whether a list of styles follows a number: "do 3: …", "three of the same photo, …"."""
    is_noun = len(behind) > 1 and behind[0].is_unknown and behind[1].text == ":"  # "two outcomes: …"
    small = (at for at, item in enumerate(behind) if not item.has(*_OF_SAME))
    mark = 1 if is_noun else next(small, len(behind))
    listed = [item for item in behind[mark + 1 :] if not item.has("article")]
    return mark < len(behind) and behind[mark].text in (":", ",") and bool(listed and listed[0].mention)


def count_at(items: Sequence[Item], at: int, words: Lexicon) -> int | None:
    """Return the number of paintings that an item can count, None for other items."""
    item = items[at]
    if item.is_number and item.text.isdigit() and _FEWEST <= int(item.text) <= _MOST:
        return int(item.text)
    return None if item.mention else words.counts.get(item.text)


def is_of_us(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number counts people: "the 3 of us"."""
    return any(one.has("of") for one in items[at + 1 : at + 2]) and not _is_of_photo(items[at + 1 :])


def _is_of_photo(behind: Sequence[Item]) -> bool:
    """Tell whether an "of" leads to the photo: "three of this one", but not "the two of us"."""
    near = behind[1:4]
    return behind[0].has("versions") or all(
        any(item.has(kind) for item in near) for kind in ("article", "photo")
    )


def _is_asked(items: Sequence[Item], at: int) -> bool:
    """Tell whether a number without a noun counts paintings: "3つ、…", "I want three: …"."""
    before = items[at - 1] if at else None
    is_word = not items[at].is_number
    return is_word and (
        before is None or before.has("want", "make", "ask", "photo", "cue", "of", "article", "filler")
    )


def _runs(items: Sequence[Item], words: Lexicon) -> Iterator[list[tuple[int, float]]]:
    """Yield the rows of numbers with only small words between them: "at 30%, 60% and 90%"."""
    run: list[tuple[int, float]] = []
    for at in range(len(items)):
        share = _share(items, at, words)
        if share is None:
            continue
        if run and not _is_row(items[run[-1][0] + 1 : at]):
            yield run
            run = []
        run.append((at, share))
    yield run


def _share(items: Sequence[Item], at: int, words: Lexicon) -> float | None:
    """Return the fraction that a number means if it is a strength, None for other items and numbers."""
    if items[at].mention or items[at].has("counts") or (number := number_at(items, at, words)) is None:
        return None
    if (share := percent_at(items, at, words)) is not None:
        return share
    behind = items[at + 1] if at + 1 < len(items) else None
    if behind and behind.has("pixel", "cm", "inch", "versions", "photo"):
        return None
    return number / _FULL if _LEAST_PERCENT <= number <= _FULL else None


def _is_row(between: Sequence[Item]) -> bool:
    """Tell whether two numbers are strengths of two paintings."""
    is_small = all(
        not item.mention and (item.text in (",", "%", *_DOTS) or item.has(*_BETWEEN, *_PARTING))
        for item in between
    )
    return is_small and any(item.text in (",", *_DOTS) or item.has(*_PARTING) for item in between)
