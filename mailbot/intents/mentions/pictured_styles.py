"""Find the style whose painting a mail describes in its own words, in one sentence or two.

    with_picture  sentences -> the same, with what describes a painting as a mention

"The one with the swirls in the sky" is a form, which `described_styles.py` knows. Here what is seen counts,
however it is said: "a pub with red walls, a green ceiling and lamps that buzz. Can you do ours like that?".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.refusals import without_refused
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.names.name_index import Grade
from mailbot.intents.names.painting_features import Fit
from mailbot.intents.sentence import FIRST_CJK, Item, Mention, Sentence

#: Items of a part of a long sentence in which a painting is described, and those between two parts.
_PART, _STEP = 36, 12
#: Least weight of a description with a request in its sentences, with one beside them, and without one.
_ASKED, _BESIDE, _UNASKED = 2.7, 2.9, 3.5
#: What these are less if its sentences name the style, or its artist, too.
_NAMED = 0.6
#: Share of a description's weight by which it must lead over the next style.
_LEAD = 0.3
#: Kinds of words of a request beside a description.
_OF_REQUESTS = (
    "ask",
    "want",
    "make",
    "paint",
    "style_of",
    "described",
    "alike",
    "that",
    "fit",
    "likes",
    "past",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _DescribedPainting:
    """Hold what some sentences of a text describe."""

    at: int  #: index of the first sentence
    count: int  #: of the sentences
    items: tuple[Item, ...]
    fit: Fit


def with_picture(
    sentences: Sequence[Sentence], catalogue: Catalogue, refused: Collection[str]
) -> list[Sentence]:
    """Return the sentences of a text with the painting that they describe best as a mention."""
    found = list(sentences)
    pictures = [one for one in _pictures(sentences, catalogue) if one.fit.style not in refused]
    best = max(pictures, key=lambda one: one.fit.weight + one.fit.lead - one.count, default=None)
    if best is None or best.fit.lead < _LEAD * best.fit.weight:
        return found
    seen = best.fit.weight - _least(sentences, best)
    if seen < 0:
        return found
    counted = {
        at: sum(_is_feature(item, best.fit, catalogue) for item in sentences[at].items)
        for at in range(best.at, best.at + best.count)
    }
    at = max(counted, key=lambda each: counted[each])
    found[at] = _mentioned(sentences[at], best.fit, seen, catalogue)
    return found


def _least(sentences: Sequence[Sentence], picture: _DescribedPainting) -> float:
    """Return the least weight of a description that is a request."""
    inside = sentences[picture.at : picture.at + picture.count]
    beside = sentences[max(0, picture.at - 1) : picture.at + picture.count + 1]
    is_asked, is_beside = (
        any(not one.kinds.isdisjoint(_OF_REQUESTS) for one in each) for each in (inside, beside)
    )
    is_named = any(picture.fit.style in one.styles_at(at) for one in inside for at in one.mentions)
    return (_ASKED if is_asked else _BESIDE if is_beside else _UNASKED) - _NAMED * (is_named and is_beside)


def is_pictured(one: WeighedSentence) -> bool:
    """Tell whether a sentence asks for a painting that it describes."""
    mentions = (one.sentence.items[at].mention for at in one.named)
    return any(mention is not None and mention.seen is not None for mention in mentions)


def _pictures(sentences: Sequence[Sentence], catalogue: Catalogue) -> Iterator[_DescribedPainting]:
    """Yield what each sentence of a text describes, and each two side by side."""
    for at in range(len(sentences)):
        for count in (1, 2):
            chosen = sentences[at : at + count]
            if len(chosen) < count or any(one.where != "text" for one in chosen):
                continue
            items = [item for one in chosen for item in without_refused(one, is_refused=False)]
            starts = range(0, max(1, len(items) - _PART + _STEP), _STEP) if count == 1 else (0,)
            for start in starts:
                part = tuple(items[start : start + _PART])
                if fit := catalogue.features.fit(_said(part, catalogue)):
                    yield _DescribedPainting(at=at, count=count, items=part, fit=fit)


def _said(items: Sequence[Item], catalogue: Catalogue) -> str:
    """Return the words of some items, without those of titles and artists in names of styles."""
    kept = [_untitled(item, catalogue) for item in items]
    glue = "" if kept and items[0].raw[0] >= FIRST_CJK else " "
    return glue.join(kept)


def _untitled(item: Item, catalogue: Catalogue) -> str:
    is_named = item.mention is not None and item.mention.grade > Grade.WORD
    return catalogue.features.untitled(item.raw) if is_named else item.raw


def _is_feature(item: Item, fit: Fit, catalogue: Catalogue) -> bool:
    return fit.style in catalogue.features.of(_untitled(item, catalogue))


def _features_at(items: Sequence[Item], at: int, fit: Fit, catalogue: Catalogue) -> tuple[int, ...]:
    """Return the indices of the items that are a feature from `at` on: one, or two of Chinese, "大 叫"."""
    if _is_feature(items[at], fit, catalogue):
        return (at,)
    pair = "".join(_untitled(item, catalogue) for item in items[at : at + 2])
    is_pair = items[at].raw[0] >= FIRST_CJK and fit.style in catalogue.features.of(pair)
    return (at, at + 1) if is_pair and at + 1 < len(items) else ()


def _mentioned(sentence: Sentence, fit: Fit, seen: float, catalogue: Catalogue) -> Sentence:
    """Return a sentence with its longest part that describes a style as a mention of it."""
    items = sentence.items
    told = sorted({n for at in range(len(items)) for n in _features_at(items, at, fit, catalogue)})
    parts: list[list[int]] = [[]]
    for at in told:
        before = parts[-1]
        if before and any(_is_cut(item, fit) for item in items[before[-1] + 1 : at]):
            parts.append([])
        parts[-1].append(at)
    part = max(parts, key=len)
    if not part:
        return sentence
    first, last = part[0], part[-1]
    raw = " ".join(item.raw for item in items[first : last + 1])
    mention = Mention(grade=Grade.TAG, styles=(fit.style,), raw=raw, is_described=True, seen=seen)
    return replace(
        sentence, items=(*items[:first], Item(text=raw, raw=raw, mention=mention), *items[last + 1 :])
    )


def _is_cut(item: Item, fit: Fit) -> bool:
    """Tell whether an item cannot stand within a description: another style, or a percentage."""
    is_other = item.mention is not None and fit.style not in item.mention.styles
    return is_other or item.is_number or item.has("percent", "strength", "strength_word", "pixel")
