"""Tell how the styles of a sentence belong together, by the words between them.

How            one style, a blend, a choice, or a painting in each
how_joined     tells it
is_apart       whether words say that there are several paintings: "one in udnie", "separately"
has_subjects   whether each style has a thing of its own: "the dog in udnie and the cat in mosaic"
between        the items between the styles
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from mailbot.intents.paintings.ratios import Part
from mailbot.intents.sentence import Item, Sentence

How = Literal["one", "blend", "choice", "each"]
#: Kinds of words of one painting of several: "one soft scream"; those behind its style, and those before it.
_OF_ONE = ("strength", "strength_word", "slight", "size", "of")
_ENDS, _BEGINS = ("in_style", "photo"), ("cue", "style_of", "with", "article", "photo", "versions", "rest")


def how_joined(sentence: Sentence, parts: Sequence[Part]) -> How:
    """Tell how styles belong together."""
    if "mix" in sentence.kinds and "choose" not in sentence.kinds:
        return "blend"
    if (len(parts) > 1 and has_subjects(sentence.items, parts)) or is_apart(sentence, parts):
        return "each"
    joints = between(sentence, parts)
    if _is_asked_again(joints):
        return "each"
    if any(item.has("and", "with", "times") for item in joints) and "choose" not in sentence.kinds:
        return "blend"
    if "choose" in sentence.kinds:
        return "choice"
    return "choice" if any(item.has("or") for item in joints) else "each"


def is_apart(sentence: Sentence, parts: Sequence[Part]) -> bool:
    """Tell whether words say that there are several paintings: "one in udnie", "separately"."""
    if "apart" in sentence.kinds:
        return True
    if _are_ones(sentence.items, parts) or _ends_with_all(sentence, parts):
        return True
    lead = sentence.items[: parts[0].start]
    if any(one.has("again") and after.has("photo") for one, after in pairwise(lead)):
        return True  # "the same photo in the wave and in the scream"
    behind = [item for part in parts for item in sentence.items[part.end : part.end + 1]]
    if len(behind) == len(parts) > 1 and all(item.has("for") and not item.has("of") for item in behind):
        return True  # "the wave for me and the scream for my sister"
    lead = sentence.items[max(0, parts[0].start - 2) : parts[0].start]
    return (
        any(item.has("separate", "one_each") for item in between(sentence, parts))
        or any(item.has("separate") and not item.has("and") for item in sentence.items)
        or any(item.has("one_each") for item in lead)
    )


def _is_asked_again(joints: Sequence[Item]) -> bool:
    """Tell whether the second style has a request of its own: "… and could you do another one like …"."""
    kinds = frozenset[str]().union(*(item.kinds for item in joints))
    return "and" in kinds and {"ask", "make"} <= kinds and "amounts" not in kinds


def _ends_with_all(sentence: Sentence, parts: Sequence[Part]) -> bool:
    """Tell whether a sentence ends with a word for all its styles: "Schrei und Welle, beide"."""
    behind = [item for item in sentence.items[parts[-1].end :] if not item.has("courtesy")]
    words = [item for item in behind if not item.is_mark]
    return len(parts) > 1 and len(words) == 1 and words[0].has("every") and behind[0].is_mark


def _is_one(item: Item) -> bool:
    return item.text == "1" or (item.has("single") and not item.has("separate"))


def _are_ones(items: Sequence[Item], parts: Sequence[Part]) -> bool:
    """Tell whether each style is one of its own: "one soft wave, one like the scream".

    A "one" stands before all but the first style, or behind every style: "a wave one and a scream one".
    """
    gaps = [items[a.end : b.start] for a, b in pairwise(parts)]
    if gaps and all(map(_leads_to_one, gaps)):
        return True
    tails = [[item for item in items[part.end :] if not item.has("in_style")][:1] for part in parts]
    return len(parts) > 1 and all(any(_is_one(item) or item.has("versions") for item in one) for one in tails)


def _leads_to_one(gap: Sequence[Item]) -> bool:
    """Tell whether the words between two styles end one painting and begin another: "and one like"."""
    one = next((at for at, item in enumerate(gap) if _is_one(item)), len(gap))
    ends, begins = gap[:one], gap[one + 1 :]
    return (
        one < len(gap)
        and all(item.has("and", *_ENDS, *_OF_ONE) for item in ends)
        and all(item.has(*_BEGINS, *_OF_ONE) or _is_one(item) for item in begins)
    )


def between(sentence: Sentence, parts: Sequence[Part]) -> list[Item]:
    """Return the items between the styles."""
    return [item for a, b in pairwise(parts) for item in sentence.items[a.end : b.start]]


def has_subjects(items: Sequence[Item], parts: Sequence[Part]) -> bool:
    """Tell whether each style has a thing of its own: "the dog in udnie and the cat in mosaic"."""
    gaps = [items[a.end : b.start] for a, b in pairwise(parts)]
    return all(
        any(item.has("caption") or (item.is_unknown and item.raw.isascii()) for item in gap)
        and any((item.has("cue", "for") and not item.has("with")) or item.text == ":" for item in gap)
        for gap in gaps
    ) or all(any(_is_owned(one, after) for one, after in pairwise(gap)) for gap in gaps)


def _is_owned(item: Item, after: Item) -> bool:
    """Tell whether a painting is of somebody's photo: "grandma's one as the scream"."""
    return item.raw.endswith(("'s", "’s")) and after.has("one_each")
