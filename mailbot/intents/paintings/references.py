"""Read requests for all of the styles that other sentences name: "do both", "mix those two".

both     a clause behind two styles that names none, asks for something and counts them
several  a sentence that counts as many paintings as a mail names styles: "all three versions, please"
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mailbot.intents.details import bounds
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.painting_counts import count_at, is_counted
from mailbot.intents.paintings.ratios import Part, read_ratio
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Item
from styles.language import blend_syntax
from styles.language.lexicon import Lexicon

#: Least evidence of one of several styles.
_LEAST = 2.0
#: Fewest styles of several paintings.
_TWO = 2
#: Words up to which a clause says only that both are wanted.
_SHORT = 7
#: Kinds of words that such a clause can hold.
_SMALL = (
    "filler",
    "courtesy",
    "ask",
    "want",
    "make",
    "mix",
    "every",
    "counts",
    "and",
    "article",
    "photo",
    "separate",
    "or",
    "percent",
    "ratios",
)
#: Kinds of words by which it asks for something.
_ASKS = ("make", "want", "mix", "ask")


def both(
    sentences: Sequence[WeighedSentence],
    count: int,
    words: Lexicon,
    best: Callable[[Sequence[str]], str],
) -> Selection | None:
    """Return a blend of two styles, or a painting in each, where a clause asks for both.

    The mail has `count` photos.
    """
    text = [one for one in sentences if one.sentence.where != "tag"]
    named = [
        one.sentence.styles_at(at)
        for one in text
        for at in one.scores
        if at not in one.refused and one.sentence.styles_at(at) and _is_name(one.sentence.items[at])
    ]
    found = list(dict.fromkeys(named))
    if len(found) != 2 or (clause := _clause(text, words)) is None:
        return None
    names = tuple(best(styles) for styles in found)
    if any(item.has("mix") for item in clause):
        parts = [Part(start=0, end=0, styles=(name,)) for name in names]
        read_ratio(clause, parts, words, [one.sentence for one in text if not one.scores])
        shares = {part.styles[0]: part.share or 1 / len(parts) for part in parts}
        return Selection(how="blend", names=(blend_syntax.write(shares),))
    return Selection(how="each", names=names) if count == 1 else None


def several(
    sentences: Sequence[WeighedSentence], words: Lexicon, best: Callable[[Sequence[str]], str]
) -> Selection | None:
    """Return a painting in each style of a mail that counts as many, or wants them apart, and mixes none."""
    text = [one for one in sentences if one.sentence.where != "tag"]
    if any("mix" in one.sentence.kinds or "percent" in one.sentence.kinds for one in text):
        return None
    if max((score for one in text for score in one.scores.values()), default=0.0) < _LEAST:
        return None
    found = _named_apart(text)
    said = [one.sentence for one in text]
    is_said = is_counted(said, len(found), words) or any("apart" in one.kinds for one in said)
    if len(found) < _TWO or not is_said:
        return None
    return Selection(how="each", names=tuple(best(styles) for styles in found))


def _named_apart(text: Sequence[WeighedSentence]) -> list[tuple[str, ...]]:
    """Return the styles that sentences name and do not refuse, with one for mentions that agree."""
    found: list[tuple[str, ...]] = []
    refused = {name for one in text for at in one.refused for name in one.sentence.styles_at(at)}
    for one in text:
        if not one.named and not one.sentence.kinds.isdisjoint(("past", "others")):
            continue
        for at in sorted(one.scores):
            styles = one.sentence.styles_at(at)
            if refused.issuperset(styles) or not _is_name(one.sentence.items[at]):
                continue
            same = next((n for n, other in enumerate(found) if set(other) & set(styles)), None)
            if same is None:
                found.append(styles)
            else:
                found[same] = tuple(name for name in found[same] if name in styles)
    return found


def _is_name(item: Item) -> bool:
    return item.mention is not None and item.mention.grade > Grade.WORD


def _clause(text: Sequence[WeighedSentence], words: Lexicon) -> Sequence[Item] | None:
    """Return the clause behind the first style that asks for both."""
    is_behind = False
    for one in text:
        items = one.sentence.items
        for span in bounds.spans(items, bounds.is_named):
            is_behind = is_behind or any(at in one.scores for at in range(span.start))
            clause = [items[at] for at in span]
            if is_behind and _asks_for_both(clause, words):
                return clause
        is_behind = is_behind or bool(one.scores)
    return None


def _asks_for_both(clause: Sequence[Item], words: Lexicon) -> bool:
    counts = [at for at, item in enumerate(clause) if item.has("every") or count_at(clause, at, words) == 2]
    is_small = all((item.is_number or item.has(*_SMALL)) and not item.has("letter") for item in clause)
    return bool(counts) and len(clause) <= _SHORT and is_small and any(item.has(*_ASKS) for item in clause)
