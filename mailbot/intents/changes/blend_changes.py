"""Read how a reply mixes a style into the painting before: "a hint of wave", "more udnie", "only the wave".

    Mix         what is wanted of one style
    with_mixes  the items of a sentence, with the words for each mix as one item
    mixed       the shares of a painting after a mix

The words are the rows `more_of`, `less_of`, `add`, `drop_of` and `only_of` of the table `reply` of the words
files, and the amounts of blends. Where a sentence names another style too, it says a blend of its own, and
nothing is joined.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.said_shares import vague
from mailbot.intents.sentence import Item
from styles.language.lexicon import Lexicon
from styles.language.tokens import fold
from styles.language.word_rows import reply

#: Kind of an item that is a mix; its text is that of `Mix`.
MIX = "mix_in"
#: Factor of the share of the other styles, or of the one itself, for "more" and "less" of it.
STEP = 0.6
#: Step of a style that gets a share of its own, and the rows for none and for all of a blend.
SET, _SET_ROWS = 2, {"drop_of": 0.0, "only_of": 1.0}
#: Styles of a swap.
_TWO = 2
#: Stands for the style in the phrases of the words files, and where these are sought.
_WRITTEN, _STYLE = "…", "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """Hold what is wanted of one style."""

    style: str
    step: int = 0  #: 1 for more of it, -1 for less, `SET` for `share`
    share: float | None = None  #: of a style that is added; None for as much as each of the others
    former: str = ""  #: the style in whose place it comes: "swap the scream for udnie"

    def __str__(self) -> str:
        share = "-" if self.share is None else self.share
        return f"{self.style} {self.step} {share} {self.former}".strip()

    @classmethod
    def of(cls, text: str) -> Mix:
        """Return the mix that an item's text says."""
        style, step, share, *former = text.split()
        own = None if share == "-" else float(share)
        return cls(style=style, step=int(step), share=own, former=former[0] if former else "")


def with_mixes(items: Sequence[Item], words: Lexicon) -> tuple[Item, ...]:
    """Return the items with those of each mix joined; as they are if any style is not one of a mix."""
    mentions = [at for at, item in enumerate(items) if item.mention and item.mention.styles]
    if len(mentions) == _TWO and (swapped := _with_swap(items, mentions)):
        return swapped
    found = [_mix_at(items, at, words) for at in mentions]
    joined, mixes = [*items], [each for each in found if each]
    if len(mixes) < len(found) or sum(not mix.step for *_, mix in mixes) > 1:
        return tuple(items)
    for start, end, mix in reversed(mixes):
        raw = " ".join(item.raw for item in items[start:end])
        joined[start:end] = [Item(text=f"{mix}", raw=raw, kinds=frozenset(("again", MIX)))]
    return tuple(joined)


def _with_swap(items: Sequence[Item], mentions: Sequence[int]) -> tuple[Item, ...]:
    """Return the items with those of a swap joined, none if it is no swap: "swap the scream for udnie"."""
    text, places = "", list[tuple[int, int]]()
    for at, item in enumerate(items):
        said = _STYLE if at in mentions else item.text
        places.append((len(text), len(text) + len(said)))
        text += f"{said} "
    if not (match := _pattern("replace").search(text)):
        return ()
    inside = [at for at, (begin, end) in enumerate(places) if begin < match.end() and end > match.start()]
    former, new = (mention.styles[0] for at in mentions if (mention := items[at].mention))
    raw = " ".join(item.raw for item in items[inside[0] : inside[-1] + 1])
    joined = Item(text=f"{Mix(style=new, former=former)}", raw=raw, kinds=frozenset(("again", MIX)))
    return (*items[: inside[0]], joined, *items[inside[-1] + 1 :])


def mixed(shares: Mapping[str, float], mix: Mix) -> Mapping[str, float]:
    """Return the shares of a painting after a mix, the same if it changes nothing."""
    if mix.former:
        kept = {name: share for name, share in shares.items() if name != mix.former}
        return (
            {**kept, mix.style: kept.get(mix.style, 0) + shares[mix.former]}
            if mix.former in shares
            else shares
        )
    before = shares.get(mix.style)
    if mix.step and (before is None or len(shares) == 1):
        return shares
    if mix.step == SET:
        after = mix.share or 0
    elif before and mix.step:
        after = 1 - (1 - before) * STEP if mix.step > 0 else before * STEP
    elif set(shares) == {mix.style}:
        return shares
    else:
        after = 1 / (len({*shares, mix.style})) if mix.share is None else mix.share
    rest = 1 - (before or 0)
    scaled = {name: share * (1 - after) / rest for name, share in shares.items()}
    return {name: share for name, share in {**scaled, mix.style: after}.items() if share > 0}


def _mix_at(items: Sequence[Item], at: int, words: Lexicon) -> tuple[int, int, Mix] | None:
    """Return where the words of a mix begin and end, and the mix; None if a style is only named."""
    mention = items[at].mention
    start = next((n + 1 for n in reversed(range(at)) if _ends(items[n])), 0)
    end = next((n for n in range(at + 1, len(items)) if _ends(items[n])), len(items))
    lead = at
    while lead > start and (items[lead - 1].has("article", "of") or _amount(items[lead - 1], words)):
        lead -= 1
    if mention is None or (lead > start and items[lead - 1].has("not") and _has_article(mention.raw, words)):
        return None  # "menos o grito" leaves it out, "menos grito" wants less of it
    if lead > start and lead - 1 > 0 and items[lead - 1].has("again") and _is_percent(items[lead - 2]):
        return None  # "20% weaker starry night"
    if _pattern("drop_of").search(" ".join([*(item.text for item in items[lead:at]), f"{_STYLE} "])):
        return (
            lead,
            at + 1,
            Mix(style=mention.styles[0], step=SET, share=_SET_ROWS["drop_of"]),
        )  # no drop of it
    text, places = "", list[tuple[int, int, int]]()
    for n in (*range(start, lead), *range(at, end)):
        if not _amount(items[n], words):
            said = _STYLE if n == at else items[n].text
            places.append((len(text), len(text) + len(said), n))
            text += f"{said} "
    for row, step in (("less_of", -1), ("more_of", 1), ("add", 0), *((row, SET) for row in _SET_ROWS)):
        if match := _pattern(row).search(text):
            inside = [n for first, last, n in places if first < match.end() and last > match.start()]
            share = next((s for item in items[start:end] if (s := _amount(item, words))), None)
            if not (step or share or mention.grade > Grade.WORD):
                continue  # "add a hat to my dog"
            own = _SET_ROWS.get(row) if step else share
            mix = Mix(style=mention.styles[0], step=step, share=own)
            first = min(inside[0], next((n for n in range(start, at) if _amount(items[n], words)), at))
            return first, max(inside[-1], at) + 1, mix
    led = [n for n in range(lead, at) if _amount(items[n], words)]
    share = _amount(items[led[0]], words) if led else None
    return (led[0], at + 1, Mix(style=mention.styles[0], share=share)) if led else None


def _is_percent(item: Item) -> bool:
    return item.text == "%" or item.has("percent")


def _ends(item: Item) -> bool:
    return item.is_mark or bool(item.mention)


def _amount(item: Item, words: Lexicon) -> float | None:
    """Return the share that a word says; "more" and "less" say a step."""
    is_none = item.mention or _is_step(item.text) or item.has("instead", "want")  # "plutôt"
    amount = None if is_none else words.amounts.get(item.text)
    return None if amount is None else vague(amount)


@cache
def _is_step(text: str) -> bool:
    """Tell whether a phrase is "more" or "less", alone or with small words: "plus d'"."""
    said = (f"{text} {_STYLE} ", f"{_STYLE} を {text} ")  # Japanese has them behind the style
    return any(_pattern(row).search(each) for row in ("more_of", "less_of") for each in said)


def _has_article(raw: str, words: Lexicon) -> bool:
    first, *others = fold(raw).replace("'", " ").split()
    return bool(others) and "article" in words.of(first)


@cache
def _pattern(row: str) -> re.Pattern[str]:
    """Return the pattern of a row's phrases, of which Chinese and Japanese ones may be cut into items."""
    phrases = sorted((fold(phrase.replace(_WRITTEN, _STYLE)) for phrase in reply(row)), key=len, reverse=True)
    return re.compile("|".join(map(_spelt, phrases)))


def _spelt(phrase: str) -> str:
    if phrase.replace(_STYLE, "").isascii():
        return rf"(?<!\w){re.escape(phrase)}(?!\w)".replace(rf"\ {_STYLE}", rf"\ (?:[\w']+\ )?{_STYLE}")
    return r"\s*".join(re.escape(character) for character in phrase)
