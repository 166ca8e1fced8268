"""Find the clauses of a request that had no effect: a condition, an exception, a part of the photo.

    Effects          what came of the words of a mail
    without_effect   sentence, effects -> its clauses with a word that should have changed something

This is the last check of a request. A word that limits it must have done so; else its clause is repeated in
the answer. A clause of small words alone is small talk: "if that's possible".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.intents.mentions.impossible_requests import clauses
from mailbot.intents.options import Options
from mailbot.intents.paintings.photo_numbers import NUMBERS
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Items at the beginning of a clause among which a word limits the request.
_LEAD = 2
#: Kinds of words that end a clause and say nothing: "only the background in".
_TRAILING = ("cue", "article", "and", "make", "with", "of")


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Hold what came of the words of a mail."""

    options: Options = Options()
    own: tuple[Options, ...] = ()  #: those of single paintings and photos
    refused: frozenset[str] = frozenset()  #: styles that are not wanted
    photos: frozenset[int] = frozenset()  #: photos that the mail names, or leaves out
    is_several: bool = False  #: the mail has several photos


def without_effect(sentence: Sentence, effects: Effects, known: Lexicon) -> Iterator[str]:
    """Yield the clauses that should have changed something: "don't touch the blues", "if it rains"."""
    for clause in clauses(sentence.items):
        at = next((at for at in range(len(clause)) if _is_idle(clause, at, effects, known)), None)
        if at is not None:
            yield " ".join(item.raw for item in _trimmed(clause, at))


def _trimmed(clause: Sequence[Item], at: int) -> Sequence[Item]:
    """Return a clause from its limiting word on; whole where words stand before it in another order."""
    start = at if clause[at].has("not", "only", "condition") and clause[at].raw.isascii() else 0
    end = next((end for end in range(len(clause), at, -1) if not clause[end - 1].has(*_TRAILING)), at + 1)
    return clause[start:end]


def _is_idle(clause: Sequence[Item], at: int, effects: Effects, known: Lexicon) -> bool:
    """Tell whether a word of a clause should have changed something, and did not."""
    if clause[at].mention:
        return False
    is_option, is_limit = (
        _is_idle_option(clause, at, effects.options, known),
        _is_idle_limit(clause, at, effects),
    )
    is_number = effects.is_several and not (effects.photos or effects.own) and clause[at].has(*NUMBERS)
    return is_option or is_limit or is_number or _is_idle_part(clause, at, effects)


def _is_idle_option(clause: Sequence[Item], at: int, options: Options, known: Lexicon) -> bool:
    """Tell whether a word is about colours, strength or size, and its clause changed none of them."""
    item = clause[at]
    is_said = _is_unread(clause) or any(one.has("color") for one in clause)
    if item.text in known.amounts and at + 1 < len(clause) and clause[at + 1].is_unknown:
        return True
    is_strength = item.text in known.strengths or item.text in known.changes or item.has("strength_word")
    is_thing = any(one.has("caption") for one in clause[at + 1 :])
    return (
        (item.has("color", "keep") and options.keep_colors is None and not item.has("filler") and is_said)
        or (is_strength and options.strength is None and (is_said or is_thing))
        or (item.has("size_word") and options.size is None and is_said)
    )


def _is_idle_limit(clause: Sequence[Item], at: int, effects: Effects) -> bool:
    """Tell whether a word limits the request, and nothing painted obeys it: "but …", "not …", "if …"."""
    item, is_led = clause[at], at < _LEAD
    is_said = _is_unread(clause) or any(one.has("color") for one in clause)
    is_plain = effects.options == Options()
    if item.has("condition"):
        return _is_unread(clause) and (is_led or not item.raw.isascii())
    if item.has("limit") and is_led and is_plain:
        return is_said
    if item.has("not", "not_after") and is_plain and not (effects.refused or effects.photos):
        return is_said or any(one.has("caption", "edits", "region") for one in clause[at + 1 :])
    return False


def _is_idle_part(clause: Sequence[Item], at: int, effects: Effects) -> bool:
    """Tell whether only a part of the photo is to be painted: "only the dog", "the background as …"."""
    before = [item for item in clause[:at] if not item.has("article")]
    behind = [item for item in clause[at + 1 :] if not item.has("article")]
    if clause[at].has("region"):
        is_led = bool(before) and before[-1].has("make", "only", "not", "keep")
        is_followed = bool(behind) and behind[0].has("cue", "only", "keep")
        return is_led or is_followed or not clause[at].raw.isascii()
    is_thing = bool(behind) and (behind[0].is_unknown or behind[0].has("caption", "region", "edits"))
    return clause[at].has("only") and not effects.photos and is_thing


def _is_unread(clause: Sequence[Item]) -> bool:
    return any(item.is_unknown for item in clause)
