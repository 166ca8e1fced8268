"""Put together what several sentences or clauses of a mail say about styles.

merge_selections   those of several sentences: "The scream, small. And the wave, big."
select_with_again  those of a sentence whose end names a style again: "A and B, make the A small"
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mailbot.intents.details import bounds
from mailbot.intents.options import Options, read_options
from mailbot.intents.paintings.style_selection import Selection, select_styles
from mailbot.intents.paintings.variants import filled
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Styles before the first one that is named again, at least.
_TWO = 2
#: Kinds of words by which the end of a sentence chooses among its styles.
_NEVER = ("rest", "correction", "or", "mix")
#: Kinds of words by which a clause is about all styles.
_ALL = ("every", "these")


def merge_selections(selections: Sequence[Selection], said: Sequence[Options]) -> Selection:
    """Return what several sentences ask for: a painting each, with the options that each of them says."""
    if len(selections) == 1:
        return selections[0]
    if found := _shared(selections):
        return found
    is_apart = sum(each.size is not None or each.keep_colors is not None for each in said) > 1
    rows: list[tuple[str, Options]] = []
    for one, options in zip(selections, said, strict=True):
        names = one.names * max(1, len(one.photos)) if one.how == "one" else one.names
        of_one = replace(options if is_apart else Options(), strength=one.strength)
        rows += zip(names, one.own or (of_one,) * len(names), strict=True)
    photos = tuple(number for one in selections for number in one.photos)
    is_numbered = len(photos) == len(rows)
    rows = rows if is_numbered else list(dict.fromkeys(rows))
    own = tuple(options for _, options in rows)
    return Selection(
        how="each",
        names=tuple(name for name, _ in rows),
        own=own if any(each != Options() for each in own) else (),
        photos=photos if is_numbered else (),
    )


def _shared(selections: Sequence[Selection]) -> Selection | None:
    """Return the blend whose shares are said, where all blend the same: "Mix A and B. A 80, B 20"."""
    is_one = all(each.how == "blend" and each.styles == selections[0].styles for each in selections)
    uneven = [each for each in selections if len(each.shares) > 1]
    return (uneven or selections)[0] if is_one else None


def select_with_again(
    sentence: Sentence,
    wanted: Sequence[int],
    words: Lexicon,
    best: Callable[[Sequence[str]], str],
    apart: Sequence[Sentence],
) -> Selection:
    """Return what a sentence asks for, with the options that its end says of some of several paintings.

    The arguments and the error are those of `select_styles`.
    """
    if end := _end(sentence, wanted):
        start = replace(sentence, items=sentence.items[:end])
        first = select_styles(start, [at for at in wanted if at < end], words, best, apart)
        of_styles = _said(sentence, end, wanted, words)
        of_all = of_styles.pop((), Options())
        said = {best(styles): options.over(of_all) for styles, options in of_styles.items()}
        is_loose = first.how == "blend" and not first.photos and "mix" not in start.kinds
        if is_loose and any(options.size is not None for options in of_styles.values()):
            names = tuple(dict.fromkeys(best(sentence.styles_at(at)) for at in wanted if at < end))
            first = Selection(how="each", names=names)  # a size of one is no part of a blend
        is_plain = first.how == "each" and not (first.own or first.photos)
        if is_plain and any(options != Options() for options in said.values()):
            numbers = (at for at in range(end, len(sentence.items)) if sentence.items[at].is_number)
            own = filled([said.get(name, of_all) for name in first.names])
            return replace(first, own=own, taken=(*first.taken, *numbers))
    return select_styles(sentence, wanted, words, best, apart)


def _end(sentence: Sentence, wanted: Sequence[int]) -> int:
    """Return where the clauses begin that only name styles again, of at least two before; 0 for none."""
    items = sentence.items
    for end in (at for at in range(1, len(items)) if bounds.parts_requests(items[at])):
        before = {sentence.styles_at(at) for at in wanted if at < end}
        behind = {sentence.styles_at(at) for at in wanted if at > end}
        clause = range(end, bounds.behind(items, end, bounds.parts_requests))
        if len(before) >= _TWO and behind <= before and any(at in wanted for at in clause):
            return 0 if any(item.has(*_NEVER) for item in items[end:]) else end
    return 0


def _said(
    sentence: Sentence, end: int, wanted: Sequence[int], words: Lexicon
) -> dict[tuple[str, ...], Options]:
    """Return what the end of a sentence says of each style, and of all by an empty key.

    A clause without a style belongs to that before: "the udnie for my mum, small".
    """
    found: dict[tuple[str, ...], Options] = {}
    styles: tuple[str, ...] = ()
    for span in bounds.spans(sentence.items[end:], _parts_options):
        clause = range(end + span.start, end + span.stop)
        items = tuple(sentence.items[at] for at in clause)
        named = next((sentence.styles_at(at) for at in clause if at in wanted), ())
        is_of_all = any(item.has(*_ALL) for item in items)
        if named and is_of_all:
            return {}  # "both the udnie and the wave at 50%"
        styles = named or (() if is_of_all else styles)
        options = read_options(replace(sentence, items=items), words)
        found[styles] = options.over(found.get(styles, Options()))
    return found


def _parts_options(item: Item) -> bool:
    """Tell whether an item parts what is said of all from that of one: "both at 50% but udnie small"."""
    return bounds.parts_requests(item) or item.has("limit")
