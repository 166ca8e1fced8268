"""Read a blend whose shares are said, wherever a mail says them and whatever else it tells.

    said_blend   sentences -> the blend, None unless shares of named styles make a whole

"The committee argued for hours: Léger six tenths, Kandinsky four tenths" is a wish, though nothing asks.
Two styles may be named in one sentence, and their shares said in another: "Half and half, then, mixed in one
picture".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.paintings.ratios import Part, is_whole, read_ratio
from mailbot.intents.paintings.said_shares import SaidShare, said_shares
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Sentence
from styles.language import blend_syntax
from styles.language.lexicon import Lexicon

#: Items between a style and its share at most, and styles whose shares may stand in another sentence.
_NEAR, _PAIR = 4, 2

_Best = Callable[[Sequence[str]], str]


def said_blend(
    sentences: Sequence[WeighedSentence], words: Lexicon, best: _Best, *, is_shared: bool
) -> Selection | None:
    """Return the blend; `best` chooses among several styles of an artist.

    Where the blend `is_shared` already, only shares beside each style count.
    """
    text = [one for one in sentences if one.sentence.where != "tag"]
    known = frozenset(name for one in text for part in _mentions(one) for name in part.styles)
    named = [list(_mentions(one, known)) for one in text]
    for one, mentions in zip(text, named, strict=True):
        parts = _distinct(mentions)
        if len(parts) > 1 and (taken := _shared(one.sentence, parts, mentions, words)):
            amounts = (at for at, item in enumerate(one.sentence.items) if item.text in words.amounts)
            return _blend(parts, best, (*taken, *amounts) if one.named else ())
    pair = _distinct([part for mentions in named for part in mentions])
    is_mixing = ["mix" in one.sentence.kinds for one in text]
    if is_shared or len(pair) != _PAIR or not any(is_mixing):
        return None
    behind = [False, *is_mixing]
    mixing = [one.sentence for one, is_mix in zip(text, is_mixing, strict=True) if is_mix]
    others = [
        one.sentence
        for one, is_next in zip(text, behind, strict=False)
        if len(exact := [*_exact(one.sentence, words)]) > 1
        and (is_next or not all(share.is_number for share in exact))
    ]
    read_ratio((), pair, words, [*mixing, *others])
    return _blend(pair, best) if all(part.share for part in pair) else None


def _mentions(one: WeighedSentence, known: frozenset[str] = frozenset()) -> Iterator[Part]:
    """Yield the styles that a sentence names and does not refuse; a word is enough for those `known`."""
    for at in sorted(at for at in one.scores if at not in one.refused):
        mention, styles = one.sentence.items[at].mention, one.sentence.styles_at(at)
        is_name = mention is not None and mention.grade > Grade.TAG
        if styles and (is_name or known.intersection(styles)):
            yield Part(start=at, end=at + 1, styles=styles)


def _distinct(mentions: Sequence[Part]) -> list[Part]:
    """Return one part for mentions that agree, such as an artist and a title."""
    found: list[Part] = []
    for each in mentions:
        same = next((part for part in found if set(part.styles) & set(each.styles)), None)
        if same is None:
            found.append(Part(start=each.start, end=each.end, styles=each.styles))
        else:
            same.styles = tuple(name for name in same.styles if name in each.styles)
            same.end = each.end if each.start <= same.end + 1 else same.end
    return found


def _shared(
    sentence: Sentence, parts: Sequence[Part], mentions: Sequence[Part], words: Lexicon
) -> tuple[int, ...]:
    """Set the shares of a sentence that make a whole; return the indices of the words for them."""
    if "mix" in sentence.kinds and (taken := read_ratio(sentence.items, parts, words)):
        return tuple(taken)
    exact = list(_exact(sentence, words))
    for start in range(len(exact) - len(parts) + 1):
        window = exact[start : start + len(parts)]
        total = sum(one.value for one in window)
        sides = (
            [_owner(one, parts, mentions, is_ahead=True) for one in window],
            [_owner(one, parts, mentions, is_ahead=False) for one in window],
            [part if _is_near(one, part) else None for one, part in zip(window, parts, strict=True)],
        )
        owners = next(
            (each for each in sides if len({id(part) for part in each if part}) == len(parts)), None
        )
        if is_whole(total) and owners:
            for one, part in zip(window, owners, strict=True):
                if part:
                    part.share = one.value / total
            return tuple(one.at for one in window)
    return ()


def _exact(sentence: Sentence, words: Lexicon) -> Iterator[SaidShare]:
    """Yield the exact shares of a sentence."""
    return (one for one in said_shares(sentence.items, words) if not one.is_vague)


def _is_near(share: SaidShare, part: Part) -> bool:
    return part.start - _NEAR <= share.at < part.end + _NEAR


def _owner(
    share: SaidShare, parts: Sequence[Part], mentions: Sequence[Part], *, is_ahead: bool
) -> Part | None:
    """Return the part of the next mention behind a share, or of the last one before it."""
    near = [one for one in mentions if _is_near(share, one) and (one.start > share.at) == is_ahead]
    found = (near[0] if is_ahead else near[-1]) if near else None
    return next((part for part in parts if found and set(part.styles) & set(found.styles)), None)


def _blend(parts: Sequence[Part], best: _Best, taken: tuple[int, ...] = ()) -> Selection | None:
    shares = {best(part.styles): part.share or 0.0 for part in parts}
    if len(shares) < len(parts):
        return None
    return Selection(how="blend", names=(blend_syntax.write(shares),), taken=taken)
