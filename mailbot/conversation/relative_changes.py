"""Read how a mail wants the last painting changed: again, the same, stronger, more subtle, bigger, smaller.

The phrases are the table `again` of the word files. What else the mail says (a style, "60%", "keep the
colours") is read by `mailbot.intents`, for which these words then mean nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.conversation.change_amounts import Amounts, read_amounts
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.photo_numbers import ORDINALS
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon
from styles.language.tokens import tokenize

#: Words up to which a sentence can ask for a change; a longer one tells a story.
MAX_WORDS = 16
#: Characters of a text that are read.
MAX_TEXT = 4_000
#: Rows of the table that change the strength and the size by a step: "too weak" asks for more as well.
_STRENGTH = {"stronger": 1, "too_weak": 1, "weaker": -1, "too_strong": -1}
_SIZE = {"larger": 1, "too_small": 1, "smaller": -1, "too_large": -1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Hold what a mail says about the painting before."""

    strength: int = 0  #: steps; below 0: weaker
    size: int = 0  #: steps; below 0: smaller
    is_same: bool = False  #: as last time
    is_again: bool = False
    is_swapped: bool = False  #: the shares of a blend are exchanged
    amounts: Amounts = Amounts()
    rest: str = ""  #: the text without the words of the amounts
    pictures: tuple[int, ...] = ()  #: numbers of those that are meant, from 0, -1 is the last; empty for all

    @property
    def is_any(self) -> bool:
        """Whether the mail asks for the painting before, changed or not."""
        return bool(self.strength or self.size or self.is_same or self.is_again or self.is_swapped) or (
            self.amounts.is_any
        )


def read_change(text: str, catalogue: Catalogue) -> Change:
    """Return the change that a text asks for. Takes time linear in its length."""
    long = text[MAX_TEXT:]
    text, amounts = read_amounts(text[:MAX_TEXT])
    words = lexicon(detect(tokenize(text)))
    items = [
        item
        for sentence in SentenceReader(catalogue, words).sentences(text, "text")
        if sum(len(item.text.split()) for item in sentence.words) <= MAX_WORDS
        for item in sentence.items
        if not item.mention
    ]
    rows = {words.changes[item.text] for item in items if item.has("again")}
    pictures = (number for item in items for kind, number in ORDINALS.items() if item.has(kind))
    return Change(
        strength=_step(rows, _STRENGTH),
        size=_step(rows, _SIZE),
        is_same="same" in rows,
        is_again="again" in rows,
        is_swapped="swap" in rows,
        amounts=amounts,
        rest=text + long,
        pictures=tuple(dict.fromkeys(pictures)),
    )


def _step(rows: set[str], steps: dict[str, int]) -> int:
    """Return the step that the rows agree on, 0 if they do not."""
    found = {steps[row] for row in rows & steps.keys()}
    return found.pop() if len(found) == 1 else 0
