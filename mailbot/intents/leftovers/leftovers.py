"""Find what is left over of the requests of a mail, for the line "I did not understand: …" of its answer.

Every word that asks for something must be used: what it says is painted (`effects.py`), or its clause is
repeated in the answer. Clauses that only tell something are left out, as are greetings and captions
(`clauses.py`). So a reader of the mail can add a word without a check of its own.

    left_over   the sentences of a mail and what came of them -> the clauses without effect
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mailbot.intents.details.sign_offs import signed_from
from mailbot.intents.leftovers.clauses import SMALL, Clause, clauses, said
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.leftovers.idle_figures import REQUEST
from mailbot.intents.leftovers.idle_words import IdleWords
from mailbot.intents.leftovers.removals import is_removal
from mailbot.intents.leftovers.strange_qualities import strange_numbers, strange_qualities
from mailbot.intents.leftovers.unknown_works import unknown_works
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.catalogue import Catalogue, echo
from mailbot.intents.sender_orders.deletions import wants_deletion
from mailbot.intents.sentence import FIRST_CJK, NUMBERED, Item
from styles.language.lexicon import Lexicon
from styles.language.tokens import words as split_words

#: Items up to which a clause may ask for more than a style.
_LONGEST = 16
#: Unknown words up to which an addition is no tale, and words up to which a sentence is a mere request.
_ADDED, _SHORT = 3, 12
#: Words up to which a sentence is a wish if it ends with a "please".
_FEW = 4
#: Kinds of words that end a clause and say nothing: "only the background in".
_TRAILING = ("cue", "article", "and", "or", "make", "with", "of")
#: Kinds of words for options, which are used or not whatever stands beside them.
_OPTIONS = ("color", "keep", "percent", "pixel", "size_word", "strength_word")
#: Kinds of words by which a clause tells for whom or why a painting is wanted again.
_IDLE = ("for", "letter", "praise", "being", "again")
#: Kinds of words by which a request is read elsewhere, so that an unknown word beside it says little.
_READ = {
    *("size", "strength", "strength_word", "color", "percent", "pixel", "again", "paint", "alike", "that"),
    *("thus", "fit", "gallery", "thanks", "praise", "letter", *NUMBERED),
    *("edits", "choose", "skip", "only", "any", "another", "intents", "polite", "versions", "counts"),
}


def left_over(
    current: Sequence[WeighedSentence],
    read: Sequence[WeighedSentence],
    effects: Effects,
    words: Lexicon,
    name: str,
    catalogue: Catalogue,
) -> tuple[str, ...]:
    """Return the clauses that changed nothing, as they were written.

    `current` are the sentences that count. `read` are the sentences that were acted upon: those that name
    styles, else those with an intent. `name` is the sender's, which is no addition. A title beside an artist
    is left over where the `catalogue` has no such painting.
    """
    found: list[str] = []
    for one in current:
        request = _Request(one, effects, words, is_apart=one not in read)
        works = unknown_works(one.sentence, effects, catalogue) if one in read else ()
        strange = strange_qualities(one.sentence, effects, catalogue) if one in read else ()
        spared = _spared(one) if effects.is_sheet else ()
        numbers = strange_numbers(one.sentence, effects) if one in read else ()
        left = (*request.left(), *works, *strange, *numbers, *spared)
        found += (piece for piece in left if not set(split_words(piece)) <= set(split_words(name)))
    whole = (piece for piece in found if not any(piece != other and piece in other for other in found))
    return tuple(dict.fromkeys(map(echo, whole)))


def _spared(one: WeighedSentence) -> Iterator[str]:
    """Yield the styles that a sheet shows though they are refused: "all styles except scream"."""
    items = one.sentence.items
    for at in one.refused:
        start = next((n for n in range(at, -1, -1) if items[n].has("not")), at)
        yield said(items[start : at + 1])


class _Request:
    """Look through the clauses of one sentence."""

    def __init__(self, one: WeighedSentence, effects: Effects, words: Lexicon, *, is_apart: bool) -> None:
        self._one = one
        self._sentence = one.sentence
        self._effects = effects
        self._words = words
        self._idle = IdleWords(one, effects, words, is_apart=is_apart)
        #: Not one of the sentences that were acted upon: those that name styles, else those with an intent.
        self._is_apart = is_apart

    def left(self) -> Iterator[str]:
        """Yield the clauses without effect."""
        found = False
        signed = signed_from(self._sentence)
        for clause in clauses(self._sentence, self._effects, self._words):
            if clause.start >= signed:
                break
            at = next((at for at in range(len(clause.items)) if self._idle.has(clause, at)), None)
            if wants_deletion(said(clause.items)):  # nothing is deleted by a mail with a photo
                yield said([item for item in clause.items if not item.has("and", "courtesy")])
            elif at is not None:
                yield said(_trimmed(clause, at))
            elif self._is_added(clause):
                yield said(clause.head)
            elif instead := self._instead(clause):
                yield said(instead)
            elif self._is_wish_before_again(clause):
                yield said(clause.items)
            elif self._is_beside_change(clause):
                yield said([item for item in clause.items if item.is_unknown or item.raw[0] >= FIRST_CJK])
            else:
                continue
            found = True
        if not found and self._is_apart and self._is_unmet():
            yield said([item for item in self._sentence.words if not item.has("and", "courtesy", "limit")])

    def _is_added(self, clause: Clause) -> bool:
        """Tell whether a clause asks for more than a style: "and make the sky purple", "with glitter"."""
        if len(clause.items) > _LONGEST or clause.is_own or any(item.has(*_OPTIONS) for item in clause.items):
            return False
        unknown = sum(item.is_unknown for item in clause.head)
        if self._describes(clause) or (unknown and self._is_purpose(clause)):
            return False
        if not unknown or (not clause.is_order and clause.is_told(unknown)):
            return False
        if self._effects.refused and not self._effects.names:
            is_wish = any(item.has("want") for item in clause.items) or self._effects.is_disputed
            if is_wish and not any(item.has("letter") for item in clause.items):
                return True  # "not starry night, I want the one with the café"
        if self._is_apart:
            is_of_photo = any(item.has("photo") and not item.has("filler") for item in clause.items)
            return clause.is_order and not is_of_photo and not self._sentence.has_mention
        is_before = self._is_order_before(clause, unknown) or self._is_joined(clause)
        return self._is_addition(clause) if clause.is_behind else is_before

    def _instead(self, clause: Clause) -> Sequence[Item]:
        """Return the unknown that is wanted instead of a style: "blobby instead of the scream"."""
        if not self._effects.refused or self._effects.names:
            return ()
        pairs = enumerate(pairwise(clause.items), start=1)
        at = next((at for at, (one, no) in pairs if one.is_unknown and no.has("not")), 0)
        return clause.items[:at]

    def _is_purpose(self, clause: Clause) -> bool:
        """Tell whether a clause begins with a thing that the painting is for: "for a frame"."""
        first = next(at for at, item in enumerate(clause.items) if item is clause.head[0])
        return clause.items[first].has("edits") and self._idle.is_purpose(clause, first)

    def _describes(self, clause: Clause) -> bool:
        """Tell whether a clause leads to what is seen in the style: "van Gogh, his indoor one with …"."""
        end = clause.start + len(clause.items)
        behind = self._sentence.items[end : end + 1]
        return clause.is_behind and any(one.mention and one.mention.is_described for one in behind)

    def _is_beside_change(self, clause: Clause) -> bool:
        """Tell whether a reply asks for one more change before one: "I'd like it warmer and stronger"."""
        if self._effects.change is None or self._is_apart or not any(i.is_unknown for i in clause.items):
            return False
        end = clause.start + len(clause.items)
        link, behind = self._sentence.items[end : end + 1], self._sentence.items[end + 1 : end + 2]
        if not any(self._effects.acts(item, self._words) for item in behind):
            return False
        is_wish = clause.items[-1].is_unknown and any(item.has("want") for item in clause.items)
        is_step = clause.items[-1].has("amounts") and clause.items[0].raw[0] >= FIRST_CJK  # "亮一点，大一点"
        return is_step or (is_wish and link[0].has("and"))

    def _is_wish_before_again(self, clause: Clause) -> bool:
        """Tell whether a reply wants a thing, and else the same: "with the crest, send it again"."""
        behind = self._sentence.items[clause.start + len(clause.items) :]
        is_again = self._effects.repeats and any(self._effects.acts(item, self._words) for item in behind)
        wants = [at for at, item in enumerate(clause.items) if item.has("want")]
        is_with = clause.lead == "with" or "with" in self._words.of(
            clause.items[0].text.split()[0]
        )  # "mit dem"
        wish = clause.items[wants[-1] + 1 :] if wants else clause.items if is_with else ()
        is_idle = any(item.has(*_IDLE) and not item.has("article") for item in wish)
        is_new = any(item.is_unknown for item in wish) and not is_idle
        return is_again and is_new

    def _is_order_before(self, clause: Clause, unknown: int) -> bool:
        """Tell whether a clause before a style asks for something else: "make the sky pink and do it as …".

        The clause that leads to the style does not: "make our yacht like …".
        """
        end = clause.start + len(clause.items)
        is_apart = any(one.is_mark or one.has("and") for one in self._sentence.items[end : end + 1])
        last = clause.items[-1]
        is_as = last.is_unknown and any(item.has("cue", "style_of") for item in clause.items[-3:-1])
        is_reply = self._effects.change is not None and last.is_unknown  # "make it warmer and stronger"
        is_order = clause.is_order or (is_reply and any(item.has("want") for item in clause.items))
        return is_apart and is_order and (unknown > 1 or is_as or is_reply)

    def _is_joined(self, clause: Clause) -> bool:
        """Tell whether a request joins a painted style to unknown words: "foo and starry night please"."""
        end = clause.start + len(clause.items)
        behind = [one for one in self._sentence.items[end + 1 :] if not one.has("article", "cue")]
        is_led = bool(behind) and self._effects.acts(behind[0], self._words)
        link = self._sentence.items[end : end + 1]
        is_link = is_led and any(one.has("and") and not one.is_mark for one in link)
        is_small = all(one.is_unknown or one.has("article", "cue") for one in clause.items)
        is_request = len(self._sentence.words) <= _SHORT and not self._effects.photos
        return is_link and is_small and is_request

    def _is_addition(self, clause: Clause) -> bool:
        """Tell whether a clause behind a style asks for more, by what leads to it."""
        if clause.is_between and clause.items[-1].has("article", "want"):
            return False  # "Anna wants the wave and Tim wants the scream"
        if clause.is_between:
            return not self._effects.photos and not any(i.has("for", "cue", "caption") for i in clause.items)
        if clause.lead == ",":
            bare = [item for item in clause.items if not item.has("article", "filler", "courtesy")]
            is_short = len(self._sentence.words) <= REQUEST and len(bare) <= _ADDED >= len(clause.items) - 1
            return clause.is_order or (
                is_short and all(item.is_unknown or item.has("stroke") for item in bare)
            )
        return clause.is_order or clause.lead in ("and", "with", "limit")

    def _is_unmet(self) -> bool:
        """Tell whether nothing was understood of a short request: "could you lose the background?"."""
        small = ("and", "courtesy", "limit", "further")
        bare = [item for item in self._sentence.words if item.has("ask") or not item.has(*small)]
        if self._sentence.has_mention or not bare or len(bare) > _SHORT:
            return False
        if is_removal(self._sentence, bare) and not self._effects.photos:
            return True
        is_wish = bare[-1].has("ask") and (bare[-1].raw[0] >= FIRST_CJK or len(bare) <= _FEW)
        if not (bare[0].has("ask") or is_wish):
            return False
        unknown = [item for item in bare if item.is_unknown and item.raw[0].isalpha()]
        is_own = len(unknown) < 2 and any(item.has("own", "photo", "caption") for item in bare)
        return bool(unknown) and not (is_own or self._sentence.kinds & _READ)


def _trimmed(clause: Clause, at: int) -> Sequence[Item]:
    """Return a clause from its limiting word on, or without the small words before an order."""
    items = clause.items
    is_limit = items[at].has("not", "only", "condition") and items[at].raw.isascii() and items[at + 1 :]
    start = at if is_limit else next((n for n, item in enumerate(items) if not item.has(*SMALL)), at)
    end = next((end for end in range(len(items), at, -1) if not items[end - 1].has(*_TRAILING)), at + 1)
    return items[min(start, at) : end]
