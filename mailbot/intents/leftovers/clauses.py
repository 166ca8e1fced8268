"""Cut a sentence into clauses, and tell which of them only tell something.

    Clause      some items of a sentence, with what leads to them
    clauses     sentence -> its clauses, without the styles that are painted

"Starry night, and make the sky purple because she likes it" has one clause behind its style: "make the sky
purple". What follows "because" tells why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.sentence import FIRST_CJK, Item, Sentence
from styles.language.lexicon import Lexicon

#: Kinds of words that begin a clause.
_BEGINS = ("and", "with", "limit")
#: Kinds of small words before a clause, and of verbs that begin an order.
SMALL, _ORDERS = ("and", "with", "courtesy", "ask", "filler"), ("make", "keep", "edits")
#: Kinds of words of a clause that tells something, and of one about the photo.
_TELLING, _ABOUT = ("letter", "praise", "thanks", "polite", "size", "strength"), ("for", "place", "caption")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Hold some items of a sentence."""

    lead: str  #: `and`, `with` or `limit`, a mark, "" at the beginning and behind a style
    start: int  #: index of its first item in the sentence
    items: tuple[Item, ...]
    is_behind: bool  #: it stands behind a style that is painted

    is_between: bool = False  #: another one that is painted stands behind it

    @property
    def head(self) -> Sequence[Item]:
        """The items from the first that is no small word, up to what tells why: "because", "that I …"."""
        start = next((n for n, item in enumerate(self.items) if not item.has(*SMALL) or _tells(item)), None)
        bare = [] if start is None else self.items[start:]
        if bare and bare[0].has(*_ORDERS):
            return bare
        end = next((n for n, item in enumerate(bare) if _tells(item)), len(bare))
        return bare[:end] if end == len(bare) or bare[end].raw[0] < FIRST_CJK else []

    @property
    def unknown(self) -> int:
        """Number of unknown words."""
        return sum(item.is_unknown for item in self.items)

    @property
    def is_order(self) -> bool:
        """Whether it begins with a verb of making, or asks for something: "could you lose the bin"."""
        head = self.head
        lead = self.items[: len(self.items) - len(head)] if head and head[-1] is self.items[-1] else ()
        is_asked = any(item.has("ask") and not item.has("courtesy") for item in lead)
        return bool(head) and (is_asked or head[0].has(*_ORDERS))

    @property
    def is_own(self) -> bool:
        """Whether it says what the photo shows: "with my goat"."""
        behind = next((item for item in self.items if item.has("own") or not item.has("article")), None)
        return self.lead == "with" and behind is not None and behind.has("own")

    def is_told(self, unknown: int) -> bool:
        """Tell whether this asks for nothing new: praise, thanks, a letter's words, a size or a strength.

        With fewer than two `unknown` words, what is about the photo or for somebody counts too: one may be
        a name.
        """
        is_verb = self.lead == "limit" and self.head[0].is_unknown  # "but zoom in on the kids"
        kinds = (*_TELLING, *(_ABOUT if unknown < 2 and not is_verb else ()))
        return any(item.has(*kinds) and not item.has("article") for item in self.head)


def _tells(item: Item) -> bool:
    """Tell whether a word begins to tell something: "we print it"; a "so" does not."""
    return item.has("statement") and not item.has("article", "thus")


def clauses(sentence: Sentence, effects: Effects, words: Lexicon) -> Iterator[Clause]:
    """Yield the clauses of a sentence, cut at the words that are painted by, and at the styles refused.

    A word of a title that is none of them is a thing: "add a hat".
    """
    lead, found, is_behind, is_led = "", list[Item](), False, False
    last = max((at for at, item in enumerate(sentence.items) if effects.acts(item, words)), default=-1)
    for at, item in enumerate((*sentence.items, None)):
        is_word = item is None or item.mention or item.has("edits")  # "加上" is "and", and "add"
        begins = "" if is_word or item is None else next((kind for kind in _BEGINS if item.has(kind)), "")
        is_painted = item is not None and effects.acts(item, words)
        is_cut = is_painted or (item is not None and (item.is_mark or _is_of(item, effects.refused)))
        is_led = is_led or (item is not None and effects.leads(item, words))
        if item is not None and not (is_cut or begins):
            found.append(item)
            continue
        if found:
            is_between = is_behind and at <= last
            start = at - len(found)
            yield Clause(
                lead=lead, start=start, items=tuple(found), is_behind=is_behind, is_between=is_between
            )
        found = []
        lead = begins or (item.text if item is not None and item.is_mark else "")
        is_behind = is_behind or is_led or is_painted
        is_led = False


def _is_of(item: Item, names: Set[str]) -> bool:
    return item.mention is not None and not names.isdisjoint(item.mention.styles)


def is_part(item: Item) -> bool:
    """Tell whether a word means a thing, which may be a part of the photo: "only the dog"."""
    return item.is_unknown or item.has("caption", "region", "edits")


def said(items: Sequence[Item]) -> str:
    """Return items as they were written; Chinese and Japanese have no spaces."""
    text = ""
    for item in items:
        is_run = text[-1:] >= FIRST_CJK and item.raw[0] >= FIRST_CJK
        text += item.raw if is_run or not text else f" {item.raw}"
    return text.strip(" ,.!")
