"""Read several paintings that differ in their options: "one small and one big".

    Variants       the options of each painting in one style
    variants       those of a sentence that names one style, or none
    own_options    the options of each style of a sentence, where they differ
    own_strengths  the strengths of each, where words give them others: "a soft scream, a strong wave"
    referred       those of each style, where the end says them of some by number: "the latter small"
    numbered       those of each painting that a sentence names by number
    with_repeated  those options, where one style has "the same" as the one before
    is_repeated    whether the last style has it
    filled         options with the usual ones where only others say something

A sentence is cut at its commas, at each "and" and before each "one". The pieces that say an option are
paintings of their own where the sentence counts them, or where their sizes differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress, pairwise

from mailbot.intents.details import bounds
from mailbot.intents.details.graded_options import both_colors, contrasted, graded
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.painting_counts import is_counted, series
from mailbot.intents.paintings.photo_numbers import NUMBERS, numbers_of
from mailbot.intents.paintings.ratios import Part
from mailbot.intents.sentence import Item, Sentence
from styles.contract import DEFAULT_SIZE
from styles.language.lexicon import Lexicon

#: Kinds of words that begin a painting of its own: "one", "another in", "first".
_LEADS = ("single", "one_each", "separate")
#: Kinds of words by which a sentence says that there are several paintings.
_COUNTING = ("versions", "separate")
#: Kinds of sentences in which options are not those of several paintings.
_NEVER = {"mix", "correction", "or"}
#: Unknown words of a piece that is a painting of its own.
_FEW = 1
#: Strength of a style with a word for less beside it.
_SLIGHT = 0.6
#: Options of a painting that says none of those in which the others differ.
_USUAL = Options(strength=1.0, size=DEFAULT_SIZE, keep_colors=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Hold the options of each painting in one style."""

    own: tuple[Options, ...]
    taken: tuple[int, ...] = ()  #: indices of the numbers that are strengths
    photos: tuple[int, ...] = ()  #: numbers of the photos that they are for, if they say so


def variants(sentence: Sentence, words: Lexicon) -> Variants | None:
    """Return the options of several paintings in one style, None where there is but one painting."""
    if strengths := graded(sentence) or contrasted(sentence, words):
        return Variants(own=tuple(Options(strength=each) for each in strengths))
    if both_colors(sentence):
        return Variants(own=(Options(keep_colors=True), Options(keep_colors=False)))
    pieces = [
        (piece, _said(sentence, piece, words)) for piece in _pieces(sentence.items) if not _tells(piece)
    ]
    meant = [(piece, said) for piece, said in pieces if said != Options() or _is_led(piece)]
    options = [said for _, said in meant]
    if not _differ(options, "size") and not _differ(options, "keep_colors"):
        strengths, taken = series(sentence, words)
        if strengths:
            return Variants(own=tuple(Options(strength=each) for each in strengths), taken=taken)
    is_one = len(options) < 2 or len(set(options)) < len(options) or not sentence.kinds.isdisjoint(_NEVER)
    if is_one or not _are_paintings(sentence, meant, words):
        return None
    photos = tuple(number for piece, _ in meant for number in _photos(piece))
    numbered = len(photos) == len(meant) == len(set(photos))
    return Variants(own=filled(options), photos=photos if numbered else ())


def own_options(sentence: Sentence, parts: Sequence[Part], words: Lexicon) -> tuple[Options, ...]:
    """Return the options of each style, none unless two styles differ in the size or the colours."""
    pieces = _of_parts(sentence.items, parts)
    options = [_said(sentence, piece, words) for piece in pieces]
    is_apart = any(_differ(options, name) for name in ("size", "keep_colors"))
    is_each = all(map(_is_led, pieces)) and any(said != Options() for said in options[:-1])
    return filled(options) if is_apart or is_each else ()


def referred(sentence: Sentence, parts: Sequence[Part], words: Lexicon) -> Variants | None:
    """Return the options of each style, where the end says them of some by number: "…, the latter at 50%"."""
    items, end = sentence.items, parts[-1].end
    at = next((at for at in range(end, len(items)) if numbers_of(items[at])), len(items))
    lead = next((item for item in reversed(items[:at]) if not item.has("only", "article")), None)
    is_apart = lead is not None and lead.is_mark and sentence.kinds.isdisjoint(_NEVER)
    is_each = sum(bool(numbers_of(item)) for item in items[at:]) == len(parts)
    is_blend = is_each and all(part.share is not None for part in parts)  # "the first 70%, the second 30%"
    if is_blend or not is_apart or any(item.has("amounts") for item in items[at:]):
        return None
    said = numbered(replace(sentence, items=items[at:]), len(parts), words)
    taken = tuple(n for n in range(at, len(items)) if items[n].is_number)
    return Variants(own=filled(said), taken=taken) if said else None


def numbered(sentence: Sentence, count: int, words: Lexicon) -> tuple[Options, ...]:
    """Return the options of each of `count` paintings that a sentence names by number, else nothing."""
    items = sentence.items
    cuts = [at for at, item in enumerate(items) if numbers_of(item)]
    said = [Options()] * count
    for start, end in pairwise([*cuts, len(items)]):
        number, *others = numbers_of(items[start])
        if others or not -count <= number < count or said[number] != Options():
            return ()
        said[number] = _said(sentence, items[start:end], words)
    return tuple(said) if any(each != Options() for each in said) else ()


def own_strengths(sentence: Sentence, parts: Sequence[Part], words: Lexicon) -> tuple[Options, ...]:
    """Return the options of each style, none unless words give two of them another strength."""
    if "percent" in sentence.kinds or any(item.text == "%" for item in sentence.items):
        return ()
    pieces = _of_parts(sentence.items, parts)
    said = [_said(sentence, piece, words) for piece in pieces]
    options = [
        replace(each, strength=_SLIGHT if each.strength is None and _is_slight(piece) else each.strength)
        for piece, each in zip(pieces, said, strict=True)
    ]
    is_said = [any(item.has("slight", "strength", "strength_word") for item in piece) for piece in pieces]
    is_each = all(is_said) or (not is_said[0] and all(map(_is_led_by_strength, compress(pieces, is_said))))
    own = filled(options) if is_each else ()
    return own if _differ(own, "strength") else ()


def with_repeated(
    sentence: Sentence, parts: Sequence[Part], own: Sequence[Options], words: Lexicon
) -> tuple[Options, ...]:
    """Return the options of each style, "the same" as those before it: "wave 60%, scream the same"."""
    found: list[Options] = []
    for piece, options in zip(_of_parts(sentence.items, parts), own, strict=True):
        is_same = any(words.changes.get(item.text) == "same" for item in piece)
        found.append(found[-1] if is_same and found and options == Options() else options)
    return tuple(found)


def is_repeated(sentence: Sentence, parts: Sequence[Part], words: Lexicon) -> bool:
    """Tell whether the last style is to have what the one before it has: "波60%、叫びも同じ"."""
    behind = sentence.items[parts[-1].end : parts[-1].end + 2]
    return len(parts) > 1 and any(words.changes.get(item.text) == "same" for item in behind)


def _is_led_by_strength(piece: Sequence[Item]) -> bool:
    """Tell whether a strength stands before the style of a piece, so that it is for no other."""
    style = next(at for at, item in enumerate(piece) if item.mention)
    return not any(item.has("slight", "strength", "strength_word") for item in piece[style:])


def _is_slight(piece: Sequence[Item]) -> bool:
    return any(item.has("slight") for item in piece)


def _of_parts(items: Sequence[Item], parts: Sequence[Part]) -> list[Sequence[Item]]:
    """Return the pieces of a sentence around each of its styles, without what is said of all."""
    cuts = [0]
    for one, after in pairwise(parts):
        gap = range(one.end, after.start)
        cuts.append(next((at for at in gap if _is_cut(items, at)), one.end))
    of_all = (at for at in range(parts[-1].end, len(items)) if items[at].is_mark and _is_of_all(items, at))
    spans = zip(cuts, [*cuts[1:], next(of_all, len(items))], strict=True)
    return [items[start:end] for start, end in spans]


def _is_of_all(items: Sequence[Item], at: int) -> bool:
    """Tell whether a clause behind a mark is about all paintings: "…, both at 40%"."""
    return any(item.has("every", "these") for item in items[at + 1 : bounds.behind(items, at)])


def _said(sentence: Sentence, piece: Sequence[Item], words: Lexicon) -> Options:
    return read_options(replace(sentence, items=tuple(piece)), words)


def _differ(options: Sequence[Options], name: str) -> bool:
    """Tell whether two of the options say something else about a field."""
    return len({getattr(each, name) for each in options} - {None}) > 1


def filled(options: Sequence[Options]) -> tuple[Options, ...]:
    """Return the options with the usual ones in those fields of which others say something."""
    names = ("strength", "size", "keep_colors")
    said = {name for name in names if any(getattr(each, name) is not None for each in options)}
    usual = Options(**{name: getattr(_USUAL, name) for name in said})
    return tuple(each.over(usual) for each in options)


def _are_paintings(
    sentence: Sentence, meant: Sequence[tuple[Sequence[Item], Options]], words: Lexicon
) -> bool:
    """Tell whether pieces are paintings of their own: all begin with "one", or they are counted."""
    led = sum(_is_led(piece) for piece, _ in meant)
    if led == len(meant) or is_counted([sentence], len(meant), words):
        return True
    sizes = [said.size for _, said in meant]
    is_counting = not sentence.kinds.isdisjoint(_COUNTING) or min(size or 0 for size in sizes) < DEFAULT_SIZE
    return len(set(sizes) - {None}) > 1 and is_counting


def _tells(piece: Sequence[Item]) -> bool:
    """Tell whether a piece tells something, and is no painting of its own."""
    return any(item.has("letter") for item in piece) or sum(item.is_unknown for item in piece) > _FEW


def _is_led(piece: Sequence[Item]) -> bool:
    """Tell whether a piece begins with "one", and says more."""
    said = [item for item in piece if not (item.is_mark or (item.has("and") and not item.has(*_LEADS)))]
    return len(said) > 1 and (said[0].has(*_LEADS, *NUMBERS) or said[0].text == "1")


def _photos(piece: Sequence[Item]) -> Iterator[int]:
    for item in piece:
        yield from numbers_of(item)[:1]


def _pieces(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the pieces of a sentence, cut at its marks, and before each "and" and each "one"."""
    start = 0
    for at in range(len(items)):
        if at > start and _is_cut(items, at) and not _is_joint(items[start:at]):
            yield items[start:at]
            start = at
    yield items[start:]


def _is_cut(items: Sequence[Item], at: int) -> bool:
    return items[at].is_mark or items[at].has("and", *_LEADS)


def _is_joint(items: Sequence[Item]) -> bool:
    """Tell whether items only lead to a piece: ", and"."""
    return all(item.is_mark or item.has("and") for item in items)
