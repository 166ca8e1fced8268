"""Find the words of a request that say something, and that nothing is painted by.

    IdleWords   the words of one sentence
      .has      whether a word of a clause has no effect

Styles, numbers, sizes, strengths, colours, negations, conditions and photos' numbers say something. So do
verbs such as "crop", which the bot cannot do.
"""

from __future__ import annotations

from itertools import pairwise

from mailbot.intents.changes.relative_changes import asked
from mailbot.intents.changes.relative_changes import is_of_thing as is_of_thing_changed
from mailbot.intents.changes.said_steps import POINTS
from mailbot.intents.details.kept_colors import is_in_color
from mailbot.intents.details.told_options import is_of_thing
from mailbot.intents.leftovers.clauses import Clause, is_part
from mailbot.intents.leftovers.effects import Effects, names_photo
from mailbot.intents.leftovers.idle_figures import REQUEST, IdleFigures
from mailbot.intents.mentions.contrasts import outdoes
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.names.name_index import Grade
from mailbot.intents.sentence import FIRST_CJK, Item
from styles.language.lexicon import Lexicon

#: Words up to which a sentence is a request and nothing else, so that a colour in it is that of the painting.
_SHORT = 8
#: Per cents of amounts that are no vague ones, such as "a bit".
_FRACTIONS = (20, 33, 40, 50, 67, 80)
#: Items at the beginning of a clause among which a word limits the request.
_LEAD = 2
#: Items up to which a clause says no more than which photo is left out.
_SKIPPED = 6
#: Kinds of words that make a sentence without a style one about the painting.
_ABOUT_OPTIONS = {"color", "strength_word", "size_word"}


class IdleWords:
    """Look at the words of one sentence; it `is_apart` if it is none of those that were acted upon."""

    def __init__(self, one: WeighedSentence, effects: Effects, words: Lexicon, *, is_apart: bool) -> None:
        self._one = one
        self._sentence = one.sentence
        self._effects = effects
        self._words = words
        self._is_apart = is_apart
        self._figures = IdleFigures(one.sentence, effects, words, is_apart=is_apart)
        self._is_heard = not is_apart or self._hears()
        self._asked = asked(self._sentence, words) if effects.change else ()

    def _hears(self) -> bool:
        """Tell whether a sentence without a painted style is about options, or an order."""
        is_order = any(item.has("make", "keep", "mix", "ask") for item in self._sentence.words[:1])
        return is_order or bool(self._one.scores) or not self._sentence.kinds.isdisjoint(_ABOUT_OPTIONS)

    def has(self, clause: Clause, at: int) -> bool:
        """Tell whether a word of a clause should have changed something, and did not."""
        item = clause.items[at]
        if item.mention:
            return self._is_left_style(item)
        if self._effects.change and item.has("again"):
            is_asked = clause.start + at in self._asked
            return (is_asked and not self._effects.acts(item, self._words)) or (
                not is_asked and not self._is_apart and self._is_of_other(clause, at)
            )
        if item.has("edits") and not self._makes_style(clause, at) and self._is_edit(clause, at):
            return True
        if self._is_surprise_too(clause, at) or self._figures.has(clause, at):
            return True
        is_idle = self._is_idle_size(clause, at) or self._is_painted_in(clause, at)
        is_idle = is_idle or (
            len(clause.items) <= _SKIPPED and self._effects.skips_none(item, clause.unknown)
        )
        if is_idle or self._effects.misses_photo(item):  # "just the third one"
            return True
        return self._is_heard and (
            self._is_idle_option(clause, at)
            or self._is_idle_limit(clause, at)
            or self._is_idle_part(clause, at)
        )

    def _is_surprise_too(self, clause: Clause, at: int) -> bool:
        """Tell whether a surprise is asked for beside painted styles: "scream, wave and a surprise"."""
        is_named = self._effects.selection is not None
        is_surprise = is_named and self._words.intents.get(clause.items[at].text) == "surprise"
        rest = (*clause.items[:at], *clause.items[at + 1 :])
        is_alone = all(
            item.has("article", "counts", "courtesy", "single", "photo", "cue", "filler") for item in rest
        )
        return is_surprise and is_alone and clause.is_behind and clause.lead in ("and", ",")

    def _is_painted_in(self, clause: Clause, at: int) -> bool:
        """Tell whether a request asks for a colour of the painting, and not of the photo: "scream in red"."""
        lead = clause.items[at - 1] if at else None
        is_short = len(self._sentence.words) <= _SHORT and clause.is_behind and not self._is_apart
        is_last = all(item.has("courtesy") for item in clause.items[at + 1 :])
        if not clause.items[at].has("hue"):
            return False
        return (
            is_short
            and is_last
            and lead is not None
            and lead.has("cue")
            and not self._effects.has("keep_colors")
        )

    def _is_of_other(self, clause: Clause, at: int) -> bool:
        """Tell whether a change is not that of the painting: "10% more contrast", "make the dog bigger"."""
        return clause.items[at].has(POINTS) or is_of_thing_changed(clause.items, at)

    def _is_left_style(self, item: Item) -> bool:
        """Tell whether a style is asked for and not painted."""
        one, mention = self._one, item.mention
        at = next(at for at, other in enumerate(self._sentence.items) if other is item)
        if mention is None or at in one.refused or self._is_outdone(at):
            return False
        if at in one.named:
            return True
        is_short = len(self._sentence.words) <= REQUEST
        is_all = is_short and self._sentence.kinds.isdisjoint(("fallback", "condition"))
        return not self._is_apart and is_all and mention.grade is not Grade.WORD

    def _is_outdone(self, at: int) -> bool:
        """Tell whether a style is told of, and a later one is painted: "my sister has the wave, so …"."""
        later = (n for n in self._sentence.mentions if n > at)
        painted = (n for n in later if not self._effects.names.isdisjoint(self._sentence.styles_at(n)))
        return any(outdoes(self._sentence, at, n) for n in painted)

    def _is_edit(self, clause: Clause, at: int) -> bool:
        """Tell whether a clause asks for something else to be done to the photo: "crop it", "crop please"."""
        if self._effects.has("keep_colors") and any(one.has("hue", "color") for one in clause.items):
            return False  # "the red of the mug stays red"
        if self.is_purpose(clause, at):
            return False
        others = [*clause.items[:at], *clause.items[at + 1 :]]
        is_said = any(
            item.is_unknown or item.is_number or item.mention or item.has("photo", "caption", "edits", "own")
            for item in others
        )
        is_said = is_said or all(item.has("courtesy", "ask", "make", "filler") for item in others)
        return is_said and not any(item.has("not") for item in clause.items[:at])

    def _makes_style(self, clause: Clause, at: int) -> bool:
        """Tell whether a verb of making stands right before a style that is painted: "ponle la ola"."""
        behind = self._sentence.items[clause.start + at + 1 :][:1]
        return clause.items[at].has("make") and any(self._effects.acts(one, self._words) for one in behind)

    def is_purpose(self, clause: Clause, at: int) -> bool:
        """Tell whether a thing is what the painting is for, or in the photo: "for a frame"."""
        lead = [item for item in clause.items[:at] if not item.has("article")]
        is_for = bool(lead) and lead[-1].has("for") and not lead[-1].has("of") and lead[-1].raw[0] < FIRST_CJK
        before = clause.items[:at]
        is_told = any(i.has("own") for i in before) and any(i.has("being", "caption") for i in before)
        return is_for or (is_told and not clause.is_behind and not clause.is_order)

    def _is_idle_size(self, clause: Clause, at: int) -> bool:
        """Tell whether a size is not that of a painting; in a tale it may be that of a thing."""
        items, at = self._sentence.items, clause.start + at
        if not items[at].has("size"):
            return False
        if is_of_thing(items, at):
            return (
                clause.is_behind or {"make", "ask"} <= self._sentence.kinds
            )  # "could you make the cat bigger?"
        return not self._effects.has_size(items, at, self._words)

    def _is_idle_option(self, clause: Clause, at: int) -> bool:
        """Tell whether a word is about colours, strength, size or a mix, and nothing is painted by it."""
        items, item, effects = clause.items, clause.items[at], self._effects
        is_said = clause.unknown > 0 or any(one.has("color") for one in items)
        is_strength = item.text in self._words.strengths or item.text in self._words.changes
        is_thing = any(one.has("caption") for one in items[at + 1 :])
        if self._leads_to_change(clause):  # "the colours are too strong"
            return False
        if any(one.has("apology") for one in items) or is_in_color(items, at):  # "sorry for the quality"
            return False
        is_amount = self._is_idle_amount(clause, at)
        is_counted = any(one.is_number or one.has("counts") for one in items)  # "a mix of 3 random styles"
        return (
            is_amount
            or (item.has("color") and self._is_of_thing(clause))
            or (
                item.has("color", "keep")
                and not effects.has("keep_colors")
                and not item.has("filler")
                and is_said
            )
            or (
                (is_strength or item.has("strength_word"))
                and not effects.has("strength")
                and (is_said or is_thing)
            )
            or (item.has("size_word") and not effects.has("size") and is_said)
            or (item.has("mix") and not effects.is_blend and (effects.selection is not None or is_counted))
        )

    def _leads_to_change(self, clause: Clause) -> bool:
        """Tell whether a word of a reply that is obeyed stands right behind a clause."""
        behind = self._sentence.items[clause.start + len(clause.items) :][:1]
        return self._effects.change is not None and any(
            self._effects.acts(one, self._words) for one in behind
        )

    def _is_idle_amount(self, clause: Clause, at: int) -> bool:
        """Tell whether an amount is that of no painting: "a third", "a bit of glitter"."""
        amount, items = self._words.amounts.get(clause.items[at].text), clause.items
        if amount is None:
            return False
        if at + 1 < len(items) and items[at + 1].is_unknown:
            return True
        is_tale = any(item.has("own", "letter", "caption") for item in items)
        is_tale = is_tale or names_photo(clause.items[at]) or self._effects.paintings > 1
        is_heard = clause.is_behind and not self._is_apart and not is_tale
        return is_heard and amount in _FRACTIONS and not self._effects.has_number(amount)

    def _is_of_thing(self, clause: Clause) -> bool:
        """Tell whether colours are those of a thing in the photo: "leave my hair the colour it is"."""
        return any(one.has("own") and after.is_unknown for one, after in pairwise(clause.items))

    def _is_idle_limit(self, clause: Clause, at: int) -> bool:
        """Tell whether a word limits the request, and nothing painted obeys it: "not …", "if …"."""
        item = clause.items[at]
        if item.has("prefer") and not self._effects.refused and len(self._effects.names) == 1:
            return clause.unknown > 1  # "I'd rather have the reds and greens than the sky"
        if item.has("condition"):
            return clause.unknown > 0 and (at < _LEAD or not item.raw.isascii())
        if (
            item.has("not", "not_after")
            and self._effects.is_plain
            and not self._effects.has_refusal_or_photos
        ):
            others = ("caption", "edits", "region", "color")
            behind = clause.items[at + 1 :]
            is_of_photo = any(one.has("photo") and not one.has("article") for one in behind)  # "without me"
            return clause.unknown > 0 or is_of_photo or any(one.has(*others) for one in behind)
        return False

    def _is_idle_part(self, clause: Clause, at: int) -> bool:
        """Tell whether a part of the photo is meant, and not painted alone: "only the dog"."""
        item, effects = clause.items[at], self._effects
        before = [one for one in clause.items[:at] if not one.has("article")]
        behind = [one for one in clause.items[at + 1 :] if not one.has("article")]
        if item.has("region"):
            is_led = bool(before) and before[-1].has("make", "only", "not", "keep")
            is_followed = bool(behind) and behind[0].has("cue", "only", "keep")
            return is_led or is_followed or not item.raw.isascii()
        is_thing = any(map(is_part, behind[:1] or before * clause.is_behind))  # "on my dog only"
        return item.has("only") and not effects.photos and is_thing
