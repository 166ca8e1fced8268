"""Read the painting that a mail describes, where others guess by whom it is.

    with_described   weighed sentences -> the same, with what they describe instead of the guess

"It's Japanese, an enormous blue sea with foam like fingers. My hygienist thinks it's by Turner. Could you
paint us like that?" wishes no Turner. Of 6 such mails in the tables all wish what they describe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

from mailbot.intents.learned.wish_model import LONG, in_order, with_learned
from mailbot.intents.mentions.evidence import THRESHOLD, WeighedSentence, weigh_sentence
from mailbot.intents.mentions.namesakes import without_namesakes
from mailbot.intents.mentions.pictured_styles import is_pictured, with_picture
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import Sentence
from mailbot.intents.stories.told_styles import told_styles
from styles.language.lexicon import Lexicon

#: Evidence from which a guess is not even a request beside another one.
_GUESSED = THRESHOLD - 20


def with_described(
    groups: Sequence[Sequence[WeighedSentence]],
    catalogue: Catalogue,
    words: Lexicon,
    extra_of: Callable[[Sequence[Sentence]], Callable[[Sentence], float]],
) -> list[list[WeighedSentence]]:
    """Return the sentences of a mail with the painting that they describe, if others only guess its style.

    `extra_of` takes all sentences, and says what evidence the rest of the mail gives to one.
    """
    written = [*map(list, groups)]
    guessed = _guessed(in_order(groups), words)
    if not guessed:
        return written
    sentences = [[one.sentence for one in group] for group in groups]
    pictured = [with_picture(group, catalogue, guessed) for group in sentences]
    if pictured == sentences:
        return written
    extra = extra_of([*chain.from_iterable(pictured)])
    weighed = [[weigh_sentence(one, extra(one)) for one in group] for group in pictured]
    weighed = with_learned(without_namesakes(weighed))
    found = [[_without(one, guessed) for one in group] for group in weighed]
    return found if any(map(is_pictured, chain.from_iterable(found))) else written


def _guessed(mail: Sequence[WeighedSentence], words: Lexicon) -> frozenset[str]:
    """Return the styles that a long mail names, if it names none but by what others say."""
    named = {(index, at) for index, one in enumerate(mail) for at in one.named}
    if not named or sum(len(one.sentence.items) for one in mail) < LONG:
        return frozenset()
    told = [one for one in told_styles(mail, words) if one.place in named]
    is_guess = len(told) == len(named) and all(one.is_theirs and "settled" not in one.parts for one in told)
    return frozenset[str]().union(*(one.styles for one in told)) if is_guess else frozenset()


def _without(one: WeighedSentence, guessed: frozenset[str]) -> WeighedSentence:
    """Return a sentence that refuses the styles that others guess."""
    asides = frozenset(at for at in one.scores if guessed.intersection(one.sentence.styles_at(at)))
    scores = {at: _GUESSED if at in asides else score for at, score in one.scores.items()}
    return replace(one, scores=scores, refused=one.refused | asides)
