"""Find the styles that a mail asks for beside the one that is painted: a subject and a text that disagree.

not_painted  the sentences that ask for other styles
named_too    their names, as they were written
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.leftovers.leftovers import left_over
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.catalogue import Catalogue, echo
from mailbot.intents.paintings.style_selection import Selection
from styles.language.lexicon import Lexicon


def not_painted(
    sentences: Iterable[WeighedSentence], deciding: Sequence[WeighedSentence], selection: Selection | None
) -> list[WeighedSentence]:
    """Return the sentences that ask for styles of which none is painted."""
    return [
        one
        for one in sentences
        if selection
        and one.named
        and one not in deciding
        and all(selection.styles.isdisjoint(one.sentence.styles_at(at)) for at in one.named)
    ]


def named_too(
    sentences: Iterable[WeighedSentence],
    read: Sequence[WeighedSentence],
    effects: Effects,
    words: Lexicon,
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """Return the names of the styles of which nothing came, where a sentence does not only tell of them."""
    said = (one for one in sentences if left_over([one], read, effects, words, "", catalogue))
    return tuple(dict.fromkeys(echo(one.sentence.items[at].raw) for one in said for at in one.named))
