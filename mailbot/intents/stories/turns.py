"""Choose among the styles of a story the one that is wished at its end.

    with_turns   sentences of a mail -> the same, in which the styles told by the way are refused

A long mail that names several styles and asks for one painting mostly tells a story: one style was tried, the
neighbour has another, and the last is wished. Mails that ask for a blend, or for several paintings, are left
as they are (`wished_together.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.intents.learned.wish_model import LONG, in_order
from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence
from mailbot.intents.sentence import Item
from mailbot.intents.stories.told_styles import ToldStyle, told_styles
from mailbot.intents.stories.wished_together import are_several, belongs, is_of_photo
from styles.language.lexicon import Lexicon

#: Weight by which the wished style must lead over one that is told by the way: with one photo, with several.
_LEAD, _LEAD_OF_PHOTOS = 2.0, 4.0
#: Weight from which a style is a wish that no words ask for, and the least evidence of it.
_SURE, _LEAST = 3.0, -6.0
#: Evidence from which a style that the catalogue lacks is clearly asked for.
_CLEAR = 5.0
#: Evidence that a style told by the way loses.
_ASIDE = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turns:
    """Hold the style that is wished, and those told by the way."""

    wished: ToldStyle | None  #: None for one that the catalogue lacks
    asides: Sequence[ToldStyle]
    is_raised: bool  #: no words ask for the wished style, but the story leads to it


def with_turns(
    groups: Sequence[Sequence[WeighedSentence]], words: Lexicon, photos: int
) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail with `photos`, in which the styles told by the way are refused."""
    mail = in_order(groups)
    turns = _turns(mail, words, photos) if sum(len(one.sentence.items) for one in mail) >= LONG else None
    if turns is None:
        return [*map(list, groups)]
    return [[_turned(one, turns) for one in group] for group in groups]


def _turned(one: WeighedSentence, turns: _Turns) -> WeighedSentence:
    asides = {told.at for told in turns.asides if told.one is one}
    scores = {at: score - _ASIDE * (at in asides) for at, score in one.scores.items()}
    if turns.wished and turns.is_raised and turns.wished.one is one:
        scores[turns.wished.at] = max(THRESHOLD, scores[turns.wished.at])
    return replace(one, scores=scores, refused=one.refused | asides)


def _turns(mail: Sequence[WeighedSentence], words: Lexicon, photos: int) -> _Turns | None:
    """Return the turns of a mail, None where it tells no story of several styles."""
    every = told_styles(mail, words)
    refused = frozenset[str]().union(*(one.styles for one in every if one.is_refused))
    told = [one for one in every if not (one.is_refused or one.styles <= refused)]
    if told and all(one.is_aside for one in told) and _is_elsewhere(mail):
        return _Turns(wished=None, asides=told, is_raised=False)
    if not told or all(one.styles & told[-1].styles for one in told):
        return None
    last = next((one.styles for one in reversed(told) if one.is_theirs == one.is_deferred), told[-1].styles)
    wished = max(told, key=lambda one: (_weight(one, last), one.place))
    others = [one for one in told if not one.styles & wished.styles]
    same = [one for one in told if one.styles & wished.styles]
    if wished.is_described and "settled" not in wished.parts:
        return None
    if not others or are_several(mail, told, others[0], words):
        return None
    lead = _LEAD_OF_PHOTOS if photos > 1 else _LEAD
    asides = [
        one
        for one in others
        if _weight(wished, last) - _weight(one, last) >= lead
        and not (photos > 1 and is_of_photo(one, told, photos))
        and not belongs(one, same)
    ]
    return _Turns(wished=wished, asides=asides, is_raised=_is_raised(wished, same, asides, last))


def _is_elsewhere(mail: Sequence[WeighedSentence]) -> bool:
    """Tell whether a mail asks for a style that the catalogue lacks, in its subject or more than once."""
    found = [
        (one.sentence.where, one.sentence.items[at].raw.casefold(), score)
        for one in mail
        for at, score in one.scores.items()
        if at not in one.refused and _is_lacking(one.sentence.items[at])
    ]
    names = [name for _, name, _ in found]
    return any(
        score >= _CLEAR and (where == "subject" or names.count(name) > 1) for where, name, score in found
    )


def _is_lacking(item: Item) -> bool:
    return item.is_elsewhere and item.mention is not None and item.mention.movement != "things"


def _weight(one: ToldStyle, last: frozenset[str]) -> float:
    return one.weight(is_last=bool(one.styles & last))


def _is_raised(
    wished: ToldStyle, same: Sequence[ToldStyle], asides: Sequence[ToldStyle], last: frozenset[str]
) -> bool:
    """Tell whether the story leads to a style that no words ask for."""
    if any(one.score >= THRESHOLD for one in same):
        return False
    if "won" in wished.parts:
        return True
    if wished.score < _LEAST:
        return False
    is_settled = "settled" in wished.parts and _weight(wished, last) >= _SURE
    return is_settled or (any(one.score >= THRESHOLD for one in asides) and _weight(wished, last) > 0)
