"""Read for which photos the styles of a sentence are: "the first one in udnie, the rest as the scream"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailbot.intents import sentence as kinds
from mailbot.intents.details import bounds
from mailbot.intents.details.excepted_photos import ALL, is_all_but, is_excepted, is_not_alone
from mailbot.intents.paintings.ratios import Part
from mailbot.intents.sentence import Item, Sentence

#: Number of all photos that have none of their own: "the rest in udnie".
REST = -9
#: Kinds of words that mean one photo by its number, from 0; -1 is the last.
ORDINALS = {**{kind: number for number, kind in enumerate(kinds.ORDINALS)}, "last": -1}
#: Kinds of words that mean photos by their numbers.
NUMBERS = {
    **{kind: (number,) for kind, number in ORDINALS.items()},
    "first_two": (0, 1),
    "first_three": (0, 1, 2),
    "last_two": (-2, -1),
    "last_three": (-3, -2, -1),
    "rest": (REST,),
}
#: Kinds of words between the number of one photo and its style: "the first one should be in the scream".
_LINKS = ("cue", "for", "article", "style_of", "make", "filler", "photo", "courtesy", "fit", "one_each")
#: Kinds of words that point at one of two photos; some can mean either: "essa".
_POINTING = frozenset(("this_one", "that_one"))
#: Kind of a number that was only pointed at, so that the order of the photos is guessed.
POINTED = "pointed"
#: Kinds of words of a tale: "this one as the wave, I loved that one by Kandinsky".
_OF_TALES = ("letter", "likes", "past", "not")
#: Kinds of words by which a reply asks for a change.
_ASKED = ("again", "size", "strength", "percent")
#: The kinds of the number of a photo that is not meant.
_BARE = frozenset(("filler",))
#: The Japanese "except", behind what is left out.
_BUT_FOR = "以外"
#: Most words between a style and the number of its photo.
_ORDINAL_WORDS = 4


def numbers_of(item: Item) -> tuple[int, ...]:
    """Return the numbers of the photos that a word means; -1 is the last, `REST` all others."""
    if item.mention:
        return ()
    return tuple(number for kind, numbers in NUMBERS.items() if item.has(kind) for number in numbers)


def photo_numbers(items: Sequence[Item], parts: Sequence[Part]) -> list[tuple[int, ...]]:
    """Return the numbers of the photos that each part is for, none if it names none.

    All numbers stand before their styles ("the first in udnie"), or all behind them ("udnie for the first").
    """
    if of_excepted := _of_excepted(items, parts):
        return of_excepted
    items = [
        replace(item, kinds=frozenset()) if is_excepted(items, at) else item for at, item in enumerate(items)
    ]
    before = [0, *(part.end for part in parts)]
    after = [*(part.start for part in parts[1:]), len(items)]
    leads = [
        [item for item in items[at : part.start] if not _is_share(item)][::-1]
        for at, part in zip(before, parts, strict=False)
    ]
    tails = [
        [item for item in items[part.end : at] if not _is_share(item)]
        for at, part in zip(after, parts, strict=True)
    ]
    if len(parts) == 1:
        return [_of_one(leads[0]) or (() if _are_of_each(tails[0]) else _of_one(tails[0], is_behind=True))]
    led, followed = [_numbers(lead) for lead in leads], [_numbers(tail) for tail in tails]
    if not led[0] and all(followed):
        return followed
    if not led[0] and all(led[1:]) and any(item.has(*ALL) for item in items[: parts[1].start]):
        return [(REST,), *led[1:]]  # "all of them in udnie, only the last as the scream"
    return led


def _are_of_each(items: Sequence[Item]) -> bool:
    """Tell whether words part photos that have one style: "both udnie: the first small, the second …"."""
    numbers = [item for item in items if not item.kinds.isdisjoint(ORDINALS)]
    return len(numbers) > 1 and not any(item.has("and", "skip", "only", "not") for item in items)


def _of_excepted(items: Sequence[Item], parts: Sequence[Part]) -> list[tuple[int, ...]]:
    """Return the numbers of two styles, of which one is for a photo that is left out by the other.

    "Udnie for all except the last, she wants the scream", "except the last in the scream, the rest in udnie".
    """
    if len(parts) != 2:
        return []
    start, end = parts[0].end, parts[1].start
    at = next((at for at in range(end) if is_excepted(items, at)), end)
    if start <= at < end:
        return [(REST,), numbers_of(items[at])]
    later = _numbers(items[start:end][::-1])
    if at == end or not later:
        return []
    return [numbers_of(items[at]), later] if REST in later else [(REST,), later]


def _of_one(items: Sequence[Item], *, is_behind: bool = False) -> tuple[int, ...]:
    """Return the photo that the only style is for; nothing for a "first" with other words between."""
    for at, item in enumerate(items):
        if not item.kinds.isdisjoint(NUMBERS):
            nouns = [one for one in items[at + 1 : at + 2] if is_behind]
            is_noun = any(one.is_unknown or one.has("letter", "caption", "make") for one in nouns)
            if any(one.text == "," for one in items[:at]):  # "only the second one, udnie please"
                is_noun = not all(one.has(*_LINKS) for one in items[at + 1 :])
            return () if is_noun or (is_behind and not at) else _numbers([item])
        if not (item.has(*_LINKS) or item.text in (":", "=", "-", *("," * (not is_behind)))):
            return ()
    return ()


def _is_share(item: Item) -> bool:
    """Tell whether an item is a share, or a style that is taken back."""
    if item.mention or item.has("correction"):
        return True
    return item.is_number or item.text in ("%", "(", ")") or item.has("percent")


def _numbers(items: Sequence[Item]) -> tuple[int, ...]:
    """Return the numbers nearest to a style, and those joined to them: "the first and the second"."""
    found: dict[int, None] = {}
    passed = 0
    for item in items:
        numbers = numbers_of(item)
        is_joint = item.has("and", "photo", "article") or item.text in (",", "&", "+")
        if (not found and passed >= _ORDINAL_WORDS) or (found and not (numbers or is_joint)):
            break
        found.update(dict.fromkeys(numbers))
        passed += not item.is_mark
    return tuple(sorted(found)) if min(found, default=0) >= 0 else tuple(found)


def with_middle(sentence: Sentence, count: int) -> Sentence:
    """Return a sentence in which the middle one of the photos, or the middle two, have their numbers.

    So have the one in front and the one behind of two: "前一幅".
    """
    half = count // 2
    middle = {"middle": (half,)} if count % 2 else {"middle_two": (half - 1, half)}
    places = {"in_front": (0,), "behind": (1,)} if count == 2 else middle
    if not 1 < count <= len(kinds.ORDINALS) or sentence.kinds.isdisjoint(places):
        return sentence
    items = (_numbered(item, places) for item in sentence.items)
    return replace(sentence, items=tuple(items))


def _numbered(item: Item, places: Mapping[str, Sequence[int]]) -> Item:
    """Return an item with the numbers that its place among the photos gives it."""
    numbers = next((numbers for kind, numbers in places.items() if item.has(kind)), None)
    if numbers is None:
        return item
    return replace(item, kinds=frozenset(kinds.ORDINALS[number] for number in numbers))


def in_reply(sentence: Sentence, count: int) -> Sentence:
    """Return a sentence of a reply with the numbers of the photos that it means, the middle one's too.

    Where it leaves photos out of all, those are the others: "all bigger except the cat".
    """
    sentence = with_middle(sentence, count)
    items = sentence.items
    out = [at for at in range(len(items)) if _is_left_out(sentence, at)]
    others = set(range(count)).difference(left_out(sentence, count))
    if all_are_meant(sentence) and not sentence.kinds.isdisjoint(_ASKED):
        bare = (replace(item, kinds=_BARE) if numbers_of(item) else item for item in items)
        return replace(sentence, items=tuple(bare))
    if not (out and others) or count > len(kinds.ORDINALS):
        return sentence
    is_named = any(numbers_of(item) for at, item in enumerate(items) if at not in out)
    found = [replace(item, kinds=_BARE) if at in out else item for at, item in enumerate(items)]
    if not is_named:
        meant = frozenset(kinds.ORDINALS[number] for number in others)
        found[out[0]] = replace(items[out[0]], kinds=meant)
    return replace(sentence, items=tuple(found))


def all_are_meant(sentence: Sentence) -> bool:
    """Tell whether a sentence numbers photos, and means more than these: "not just the cat, both weaker"."""
    numbered = [at for at, item in enumerate(sentence.items) if numbers_of(item)]
    return bool(numbered) and all(is_not_alone(sentence.items, at) for at in numbered)


def left_out(sentence: Sentence, count: int) -> set[int]:
    """Return the numbers from 0 of the photos, of `count`, that a reply leaves out of all."""
    out = (item for at, item in enumerate(sentence.items) if _is_left_out(sentence, at))
    return {number % count for item in out for number in numbers_of(item)}


def _is_left_out(sentence: Sentence, at: int) -> bool:
    """Tell whether the photo at an index is left out of all, or joined to such a one: "except 1 and 2".

    What is asked of all is before it or in its clause: "all fine except the cat: weaker" is about the cat.
    """
    items = sentence.items
    if not numbers_of(items[at]):
        return False
    near = items[: bounds.behind(items, at)]
    is_asked = any(item.has(*_ASKED) or item.mention for item in near)
    is_all = not sentence.kinds.isdisjoint(ALL) or any(map(is_all_but, items[:at]))
    is_of_all = (is_asked and is_all) or "only" in sentence.kinds
    is_but = any(item.text.startswith(_BUT_FOR) for item in items[at + 1 : at + 2])
    if (is_of_all or is_but) and is_excepted(items, at):
        return True
    return at > 1 and items[at - 1].has("and") and _is_left_out(sentence, at - 2)


def with_pointed(sentence: Sentence, count: int) -> Sentence:
    """Return a sentence in which "this one" and "that one" are the first and the second of two photos.

    They stand before or behind their styles, and differ: "con este Kandinsky y esta ola" wishes a blend.
    """
    items = sentence.items
    pointing = [at for at, item in enumerate(items) if item.has(*_POINTING)]
    if not len(pointing) == count == 2 or "mix" in sentence.kinds:
        return sentence
    start, end = pointing
    is_told = any(item.has(*_OF_TALES) for item in items[start:end])
    is_one = items[start].kinds & _POINTING == items[end].kinds & _POINTING
    styles = set(sentence.mentions)
    if is_told or is_one or styles.isdisjoint(range(start, end)) or styles <= set(range(start, end)):
        return sentence
    numbers = dict(zip(pointing, kinds.ORDINALS, strict=False))
    pointed = (
        replace(item, kinds=frozenset((numbers[at], POINTED))) if at in numbers else item
        for at, item in enumerate(items)
    )
    return replace(sentence, items=tuple(pointed))
