"""Find the clauses of a mail that ask for something that the bot cannot do.

edited         clauses that ask for something else to be done to the photo: "crop it"
asked_besides  clauses that ask for more than a style: "and make the sky purple"
unmet          short requests of which nothing was understood
clauses        the items between two marks or styles
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from mailbot.intents.sentence import FIRST_CJK, Item, Sentence

#: Kinds of small words before a clause.
_LEADING = ("and", "with", "courtesy", "ask", "filler")
#: Items behind a style up to which its sentence is searched for more requests.
_LONGEST_CLAUSE = 16
#: Words of a request that is nothing else, and kinds of words by which one is read elsewhere.
_LONGEST_REQUEST = 12
_READ = {
    *("size", "strength", "strength_word", "color", "percent", "pixel", "again", "paint", "alike", "that"),
    *("thus", "fit", "gallery", "thanks", "praise", "letter", "first", "second", "third", "fourth", "last"),
    *("rest", "edits", "choose", "skip", "only", "any", "another", "intents", "polite", "versions", "counts"),
}
#: Kinds of words of a clause that tells something, of one that begins to tell, and of one about the photo.
_TELLING, _STATING = ("letter", "praise", "thanks", "size", "strength", "polite"), ("statement",)
_ABOUT = ("for", "place", "caption")


def edited(sentence: Sentence, names: Collection[str]) -> Iterator[str]:
    """Yield the clauses that ask for something else to be done to the photo: "crop it", "a golden frame".

    A word of a title that is none of the `names` to be painted is a thing: "add a hat".
    """
    items = [
        replace(item, mention=None) if item.mention and set(item.mention.styles).isdisjoint(names) else item
        for item in sentence.items
    ]
    for clause in clauses(items):
        at = next((at for at, item in enumerate(clause) if item.has("edits")), None)
        others = clause if at is None else [*clause[:at], *clause[at + 1 :]]
        kinds = ("photo", "caption", "edits")
        is_said = any(item.is_unknown or item.is_number or item.has(*kinds) for item in others)
        if at is None or not is_said or any(item.has("not") for item in clause[:at]):
            continue  # "add some" before a style is a blend
        first = next((n for n, item in enumerate(clause) if not item.has(*_LEADING)), 0)
        yield " ".join(item.raw for item in clause[min(first, at) :])


def asked_besides(sentence: Sentence, *, is_apart: bool) -> Iterator[str]:
    """Yield the clauses behind a style that ask for more: "and make the sky purple".

    A sentence that `is_apart` from the style's counts if it begins with a verb: "Make the sky purple."
    """
    items = sentence.items
    start = max(sentence.mentions, default=-1) + 1
    if (is_apart and start) or len(items) - start > _LONGEST_CLAUSE:
        return
    for lead, clause in _spans(items[start:]):
        bare = [item for item in clause if not item.has(*_LEADING) or _is_subject(item)]
        is_order = bool(bare) and bare[0].has("make", "keep") and (lead != "" or is_apart)
        is_own = lead == "with" and any(item.has("own") for item in clause[:2])  # "with my dog"
        is_added = not is_own and lead in ("and", "with") and not is_apart
        is_of_photo = any(item.has("photo") and not item.has("filler") for item in clause) and is_apart
        unknown = sum(item.is_unknown for item in clause)
        if unknown and not is_of_photo and (is_order or is_added) and not _tells(clause, unknown, is_order):
            yield " ".join(item.raw for item in clause)


def unmet(sentence: Sentence) -> Iterator[str]:
    """Yield a short request of which nothing was understood: "could you lose the background?"."""
    small = ("and", "courtesy", "limit", "further")
    bare = [item for item in sentence.words if item.has("ask") or not item.has(*small)]
    if any(sentence.mentions) or not bare or len(bare) > _LONGEST_REQUEST:
        return
    if not (bare[0].has("ask") or (bare[-1].has("ask") and bare[-1].raw[0] >= FIRST_CJK)):
        return
    unknown = [item for item in bare if item.is_unknown and item.raw[0].isalpha()]
    is_own = len(unknown) < 2 and any(item.has("own", "photo", "caption") for item in bare)  # "do our boat?"
    if unknown and not (is_own or sentence.kinds & _READ):
        yield " ".join(item.raw for item in bare if item is not bare[0] or not item.has("ask"))


def _is_subject(item: Item) -> bool:
    """Tell whether a word begins to tell something: "we print it"; a "so" does not."""
    return item.has("statement") and not item.has("article", "thus")


def _tells(clause: Sequence[Item], unknown: int, is_order: bool) -> bool:
    """Tell whether a clause tells something, or is for somebody: "and my dog says hello"."""
    kinds = (*_TELLING, *(() if is_order else _STATING), *(_ABOUT if unknown < 2 else ()))
    return any(item.has(*kinds) and not item.has("article") for item in clause)


def _spans(items: Sequence[Item]) -> Iterator[tuple[str, list[Item]]]:
    """Yield the clauses of items, with what leads to each: "and", "with", "," or ""."""
    lead, clause = "", list[Item]()
    for item in items:
        joins = next((kind for kind in ("and", "limit", "with") if item.has(kind) and not item.is_mark), "")
        if item.is_mark or joins:
            if clause:
                yield lead, clause
                clause = []
            lead = joins or ","
        else:
            clause.append(item)
    if clause:
        yield lead, clause


def clauses(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the items between two marks, without the styles."""
    for is_cut, clause in groupby(items, key=lambda item: item.is_mark or bool(item.mention)):
        if not is_cut:
            yield list(clause)
