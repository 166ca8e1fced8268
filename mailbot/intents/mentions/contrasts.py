"""Tell which of two styles of a sentence is wanted, where the words between them contrast the two.

    outdoes     whether the second style is wanted instead of the first
    is_titled   whether an artist and a title stand side by side
    is_apposed  whether the second style is one of those of the first: "Picabia, Edtaonisl"
    takes_back  whether a sentence holds a correction
    corrections where they stand
    is_corrected  whether a correction leads to a style
    is_lightened  whether a "but" behind a style limits its strength: "the scream, but only lightly"
    is_set_against  whether a refused style stands before it: "it isn't Mondrian, it's Kandinsky"
    are_shared  whether each of two styles has a share before it: "half Turner, half Munch"
    is_bare_no  whether a clause is a bare "no": "wave... hmm no, scream"

"My sister has the wave, so I'd like the scream", "I thought of the wave, but the scream is better", "last
time the wave, this time the scream", "the wave is too common, the scream please".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from mailbot.intents.details import bounds
from mailbot.intents.details.excepted_photos import leaves_one_out
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, ORDINALS, Item, Sentence

#: Words around a style by which it is wanted rather than another one, and items beside it that tell.
_FEW, _NEAR = 3, 4
#: Items before a style among which a "but" leads to it.
_BUT = 3
#: Kinds of words that ask for something.
_ASKS = ("want", "ask", "make")
#: Kinds of words behind a "but" that add to the first style, or limit it: "but with a bit of scream".
_ADDS = {"amounts", "further", "condition", "fallback", "percent", "rest", "separate", "one_each", "not"} | {
    *(*ORDINALS, "last", "choose", "keep", "color", "alike"),
}


def outdoes(sentence: Sentence, at: int, next_at: int) -> bool:
    """Tell whether the style at `next_at` is wanted instead of the one at `at`."""
    items = sentence.items
    between = items[at + 1 : next_at]
    if leaves_one_out(items, at, next_at):
        return False  # "all of them the wave, except the second, which should be the scream"
    if any(item.has("reason") for item in between) and _is_reason(sentence, at, next_at):
        return True
    first, second = _left(items, at, next_at), _right(items, at, next_at)
    is_apart = sentence.clause(at) != sentence.clause(next_at) or any(_parts(item) for item in between)
    is_apart = is_apart or any(_is_wish(items, n) for n in range(at + 1, next_at))
    return is_apart and (
        _are_of_others(first, second)
        or _is_preferred(items, next_at)
        or _is_behind_but(between, second, first)
        or _is_past([*items[:at], *first], second)
        or _is_turn(first, second)
        or any(item.has("excess") for item in items[at + 1 : at + 1 + _FEW])
    )


def _parts(item: Item) -> bool:
    """Tell whether a word parts two clauses: a "but", or what follows a style in Japanese: "と書いた"."""
    return item.has("limit") or (item.has("past") and item.raw[0] >= FIRST_CJK)


def is_apposed(sentence: Sentence, at: int, next_at: int) -> bool:
    """Tell whether the second style says which of the first is meant: "the other Picabia, Edtaonisl"."""
    mention, between = sentence.items[at].mention, sentence.items[at + 1 : next_at]
    is_near = mention is not None and mention.grade > Grade.WORD
    is_near = is_near and all(item.is_mark or item.has("article") for item in between)
    return is_near and set(sentence.styles_at(next_at)) < set(sentence.styles_at(at))


def is_titled(sentence: Sentence) -> bool:
    """Tell whether an artist and the title of a painting stand side by side: "Kandinskys Komposition 7"."""
    return any(
        not set(sentence.styles_at(at)).isdisjoint(sentence.styles_at(next_at))
        and all(item.has("of", "article") for item in sentence.items[at + 1 : next_at])
        and any((mention := sentence.items[n].mention) and mention.is_artist for n in (at, next_at))
        for at, next_at in pairwise(sentence.mentions)
    )


def is_bare_no(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "no" is all that a clause says: "wave... hmm no, scream", or has a colon behind it."""
    if items[at].has("not_refusing") and items[at].text.endswith((":", ";")):
        return True  # "and I said no: scream"
    if not items[at].has("not", "no") or items[at].has("separate") or _answers(items, at):
        return False
    start, end = bounds.before(items, at, bounds.is_named), bounds.behind(items, at - 1)
    small = ("not", "no", "filler", "courtesy", "limit", "and", "further")
    clause = items[start:end]  # "nicht mehr und nicht weniger" takes nothing back
    return end < len(items) and all(item.has(*small) and not item.has("strength") for item in clause)


def takes_back(sentence: Sentence) -> bool:
    """Tell whether a sentence takes something back: "Turner 40%, no actually 60%"."""
    return any(True for _ in corrections(sentence.items))


def corrections(items: Sequence[Item]) -> Iterator[int]:
    """Yield the indices of the words that take back what stands before them."""
    free = (at for at in range(len(items)) if not _answers(items, at))
    return (at for at in free if items[at].has("correction") or is_bare_no(items, at))


def _answers(items: Sequence[Item], at: int) -> bool:
    """Tell whether a word is what an option is set to: "keep colors: no"."""
    is_set = at > 0 and items[at - 1].text == ":"
    return is_set and any(one.has("color") for one in items[max(0, at - 3) : at])


def _left(items: Sequence[Item], at: int, next_at: int) -> list[Item]:
    """Return the words of the first style's clause, which ends at a mark or a "but" at the latest."""
    start = bounds.before(items, at, bounds.is_named)
    end = bounds.behind(items[:next_at], at, lambda item: item.is_mark or item.has("limit"))
    end = next((n for n in range(at + 1, end) if _is_wish(items, n)), end)
    return [item for item in items[start:end] if not item.mention]


def _is_wish(items: Sequence[Item], at: int) -> bool:
    """Tell whether an "and" leads to a verb of wishing: "I had the wave last week and want the scream"."""
    behind = [item for item in items[at + 1 : at + 3] if not item.has("now")]
    return items[at].has("and") and bool(behind) and behind[0].has("want")


def _right(items: Sequence[Item], at: int, next_at: int) -> list[Item]:
    """Return the words of the second style's clause, from the "but" or the mark that begins it."""
    cuts = [n for n in range(at + 1, next_at) if items[n].has("limit") or _is_wish(items, n)]
    cuts = cuts or [n for n in range(at + 1, next_at) if items[n].is_mark][-1:]
    end = bounds.behind(items, next_at)
    return [item for item in items[(cuts[0] + 1 if cuts else at + 1) : end] if not item.mention]


def _is_reason(sentence: Sentence, at: int, next_at: int) -> bool:
    """Tell whether the first style is only the reason for the second: "my friend has the wave so …".

    In Japanese a word behind a clause makes it the reason for the next: "星月夜は人気だから麦畑がいい".
    """
    items = sentence.items
    reason = next(n for n in range(at + 1, next_at) if items[n].has("reason"))
    if items[reason].raw[0] >= FIRST_CJK:
        return not any(item.has("ask", "fallback", "condition") for item in items[at:reason])
    return _are_of_others(items[bounds.before(items, at) : reason], items[reason : next_at + 1 + _NEAR])


def _are_of_others(first: Sequence[Item], second: Sequence[Item]) -> bool:
    """Tell whether others have the first style, and the sender asks for the second."""
    is_told = any(item.has("caption", "being") for item in first) and not any(
        item.has("cue", "for", *_ASKS) for item in first
    )  # "my cousin has the wave, I'd like the scream"
    is_said = any(one.has("caption") and said.has("letter") for one, said in pairwise(first))
    is_theirs = is_told or is_said or any(item.has("others") for item in first)
    return is_theirs and any(item.has("instead", "fit", *_ASKS) for item in second)


def _is_preferred(items: Sequence[Item], at: int) -> bool:
    """Tell whether a style is liked better: "Mondrian is dull, lieber Matisse", "the scream is better"."""
    end = bounds.behind(items, at)
    others = ("limit", "only", "likes", "with", "make")
    near = [*items[max(0, at - _FEW) : at], *items[at + 1 : at + 2]]
    is_rather = any(
        item.has("instead", "prefer") and not (item.is_mark or item.has(*others)) for item in near
    )
    return is_rather or any(item.has("prefer") for item in items[at + 1 : min(end, at + 1 + _NEAR)])


def _is_behind_but(between: Sequence[Item], second: Sequence[Item], first: Sequence[Item]) -> bool:
    """Tell whether a "but" turns from the first style to the second, and adds nothing to the first."""
    limit = next((at for at, item in enumerate(between) if item.has("limit")), len(between))
    end = next((at for at in range(limit, len(between)) if between[at].is_mark), 0)
    if limit == len(between) or any(item.has("strength", "slight") for item in between[limit:end]):
        return False  # "the scream but subtle, the wave full on"
    is_of_each = all(any(item.has("for") for item in clause) for clause in (first, second))
    return not is_of_each and not any(item.kinds & _ADDS and not item.has("now") for item in second)


def _is_past(first: Sequence[Item], second: Sequence[Item]) -> bool:
    """Tell whether the first style was painted, or thought of, before: "last time X, this time Y"."""
    is_past = any(item.has("past") for item in first)
    is_added = any(item.has("further", "and") and not item.has("now") for item in second)
    return is_past and not is_added and any(item.has("now", *_ASKS) for item in second)


def _is_turn(first: Sequence[Item], second: Sequence[Item]) -> bool:
    """Tell whether the second style is asked for now, and the first only told of: "cute in X, now Y"."""
    is_asked = any(item.has("courtesy", *_ASKS) for item in first)
    is_now = any(item.has("now") for item in second) and any(item.has(*_ASKS) for item in second)
    is_added = any(item.has("further", "and") and not item.has("now") for item in second)
    return is_now and not is_asked and not is_added


def is_corrected(items: Sequence[Item], at: int) -> bool:
    """Tell whether a mention stands behind a correction: "and I said no: the night café"."""
    lead = [n for n in range(max(0, at - _NEAR), at) if not (items[n].is_mark or items[n].has("article"))]
    return bool(lead) and (items[lead[-1]].has("correction") or is_bare_no(items, lead[-1]))


def is_lightened(items: Sequence[Item], at: int) -> bool:
    """Tell whether a "but" behind a style limits its strength: "the scream look, but only lightly"."""
    behind = items[at + 1 : at + 1 + _NEAR]
    limit = next((n for n, item in enumerate(behind) if item.has("limit")), len(behind))
    is_near = all(item.has("after", "filler") or item.is_mark for item in behind[:limit])
    return is_near and any(item.has("strength") for item in behind[limit:])


def is_set_against(items: Sequence[Item], at: int, refused: Collection[int]) -> bool:
    """Tell whether a sentence begins by refusing a style, and the next clause is another: "not A, it's B".

    Or a "but" leads to it: "No era A lo que quería sino B".
    """
    before = max((n for n in refused if n < at), default=None)
    if before is None or at in refused:
        return False
    small = ("not", "no", "article", "copula", "statement", "courtesy", "correction", "between", "filler")
    lead, between = items[:before], items[before + 1 : at]
    is_next = bool(between) and between[0].is_mark and all(_is_small(one, small) for one in between)
    is_led = any(one.has("instead") for one in between[-_BUT:]) and not any(
        i.is_mark for i in between[:-_BUT]
    )
    if is_led and any(one.has("want") for one in between):
        return True
    return is_next and all(_is_small(one, small) for one in lead)


def _is_small(item: Item, kinds: Sequence[str]) -> bool:
    return item.is_mark or (item.has(*kinds, "instead") and not (item.mention or item.has("ask", "letter")))


def are_shared(items: Sequence[Item]) -> bool:
    """Tell whether each of two styles has a share before it: "half Turner, half Munch"."""
    shares = ("amounts", "parts", "numbers")
    led = (
        next((one for one in reversed(items[:at]) if not _is_linked(one) or one.has(*shares)), None)
        for at, item in enumerate(items)
        if item.mention and item.mention.styles and item.mention.grade > Grade.WORD
    )
    return sum(one is not None and (one.has(*shares) or one.is_number) for one in led) > 1


def _is_linked(item: Item) -> bool:
    """Tell whether an item stands between a share and its style: "70% of the wave"."""
    return item.text == "%" or item.has("of", "article", "percent")
