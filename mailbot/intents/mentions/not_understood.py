"""Collect the words of a mail that changed nothing, for the line "I did not understand: …" of its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mailbot.intents.catalogue import echo
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.mentions.impossible_requests import asked_besides, edited, unmet
from mailbot.intents.mentions.ineffective_clauses import Effects, without_effect
from mailbot.intents.mentions.unknown_words import misunderstood, unread
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Item, Sentence
from styles.language.lexicon import Lexicon

#: Words up to which a sentence is a request and nothing else.
_SHORT = 8
#: Kinds of words that make a sentence without a style one about the painting.
_ABOUT_OPTIONS = {"color", "strength_word", "size_word"}


def not_understood(
    deciding: Sequence[WeighedSentence],
    current: Sequence[WeighedSentence],
    selection: Selection | None,
    effects: Effects,
    words: Lexicon,
    name: str,
) -> tuple[str, ...]:
    """Return the words that changed nothing, as they were written.

    `deciding` are the sentences that name the styles, `current` all that count, and `name` is the sender's.
    """
    options = effects.options
    is_said = all(not one.sentence.unknown or len(one.sentence.words) <= _SHORT for one in deciding)
    found = [*options.numbers] if deciding and is_said else []
    names = set(selection.styles) if selection else set[str]()
    is_blend = bool(selection and selection.how == "blend")
    for one in deciding:
        used = [at for at in one.scores if names.intersection(one.sentence.styles_at(at))]
        found += misunderstood(one.sentence, used, one.refused, name)
        found += _between(one.sentence.items, used) if len(deciding) == 1 and not effects.photos else ()
    for one in current if selection else ():
        is_apart = one not in deciding
        found += edited(one.sentence, names)
        found += asked_besides(one.sentence, is_apart=is_apart)
        found += unmet(one.sentence) if is_apart else ()
        found += _other_styles(one, names)
        found += _unmixed(one.sentence) if selection and selection.how == "one" else ()
        if not is_apart or one.scores or one.sentence.kinds & _ABOUT_OPTIONS:
            found += without_effect(one.sentence, effects, words)
        taken = selection.taken if selection and len(deciding) == 1 and not is_apart else ()
        painted = (options, *effects.own)
        found += unread(one.sentence, painted, words, taken, is_apart=is_apart or not is_blend)
    whole = (raw for raw in found if not any(raw != other and raw in other for other in found))
    return tuple(dict.fromkeys(map(echo, whole)))


def _between(items: Sequence[Item], used: Sequence[int]) -> Iterator[str]:
    """Yield what stands between two styles that are painted, where more than a joint does."""
    for at, next_at in pairwise(used):
        gap = items[at + 1 : next_at]
        told = sum(item.is_unknown or item.has("letter", "others", "past") for item in gap)
        if told > any(item.has("for", "cue", "caption") for item in gap):
            yield " ".join(item.raw for item in gap).strip(" ,.")


def _other_styles(one: WeighedSentence, names: set[str]) -> Iterator[str]:
    """Yield the styles that a sentence clearly asks for, and that are not painted."""
    for at in one.named:
        if names.isdisjoint(one.sentence.styles_at(at)):
            yield one.sentence.items[at].raw


def _unmixed(sentence: Sentence) -> Iterator[str]:
    """Yield the unknown words of a mix that came to one style only: "a mix of glitter and scream"."""
    for before, joint, after in zip(sentence.items, sentence.items[1:], sentence.items[2:], strict=False):
        if "mix" in sentence.kinds and joint.has("and") and (before.is_unknown or after.is_unknown):
            yield before.raw if before.is_unknown else after.raw
