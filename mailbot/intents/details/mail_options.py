"""Read the options that all sentences of a mail ask for together.

mail_options   sentences and the styles that they ask for -> Options

The sentences that decide the style count first. Others count where they name no style, or the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from mailbot.intents.details.option_clauses import with_options
from mailbot.intents.mentions.contrasts import takes_back
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.options import Options, lone_strength, read_options
from mailbot.intents.paintings.ratios import says_shares
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence import Sentence
from mailbot.intents.strengths import percent_at
from styles.language.lexicon import Lexicon

#: Words up to which a sentence that names the style once more says its size: "Sternennacht bitte und groß".
_BRIEF = 8


def mail_options(
    current: Sequence[WeighedSentence],
    deciding: Sequence[WeighedSentence],
    selection: Selection | None,
    words: Lexicon,
    *,
    is_reply: bool,
) -> Options:
    """Return the options of a mail; the `deciding` ones of the `current` sentences ask for the selection."""
    options = Options(strength=selection.strength if selection else None, is_exact=True)
    is_corrected = False
    is_beside = bool(deciding) or is_reply
    for one in current:
        is_deciding = one in deciding
        sentence = one.sentence if is_deciding else with_options(one.sentence, is_beside=is_beside)
        read = read_options(sentence, words, selection.taken if selection and is_deciding else ())
        if not is_deciding and _asks_for(one, selection):
            said = read_options(one.sentence, words)
            is_brief = len(one.sentence.words) <= _BRIEF
            read = read.over(Options(size=said.size)) if is_brief else read
            read = Options(strength=said.strength, is_exact=True).over(read) if said.is_exact else read
        if selection and selection.how == "blend" and not (is_deciding and selection.taken):
            # "mostly the first, with a hint of the second", "half and half"
            is_share = round(100 * (read.strength or 0)) in selection.shares
            is_share = is_share and not (is_deciding and "strength_word" in sentence.kinds)
            if is_share or says_shares(sentence, selection.shares, words):
                read = replace(read, strength=None)
        is_corrected = is_corrected or (takes_back(sentence) and not is_deciding)  # "No, 70. Yes, 70%."
        is_newer = is_corrected and sentence.where != "subject"
        options = read.over(options) if is_newer else options.beside(read)
    is_shared = selection is not None and (selection.how == "one" or bool(selection.photos))
    if options.strength is None and selection and is_shared:
        apart = (one.sentence for one in current if one not in deciding)
        strengths = filter(
            None, (_stray_strength(one, words) or lone_strength(one.items, words) for one in apart)
        )
        return replace(options, strength=next(strengths, None))
    return options


def _asks_for(one: WeighedSentence, selection: Selection | None) -> bool:
    """Tell whether a sentence asks for the only style too: "Light scream" above "do the scream at 35%"."""
    styles = {name for at in one.named for name in one.sentence.styles_at(at)}
    return selection is not None and selection.how == "one" and styles == selection.styles


def _stray_strength(sentence: Sentence, words: Lexicon) -> float | None:
    """Return the strength that a sentence without a style says: "could it be at 40%?", "half opacity please".

    A share of something is no strength: "20% off", "half the family".
    """
    items = sentence.items
    for at, (item, behind) in enumerate(pairwise(items)):
        small = ("filler", "courtesy", "limit", "fit", "place", "cue")
        clause = sentence.clause(at)  # "…, about two thirds would do, …"
        around = clause if any(one.has("fit") for one in clause) else items
        is_all = all(one is item or one.is_mark or one.has(*small) for one in around)
        if item.text in words.amounts and (behind.has("strength_word") or is_all):
            return words.amounts[item.text] / 100
    for at in range(len(items)):
        share = percent_at(items, at, words)
        after = next((item for item in items[at + 1 :] if not (item.is_mark or item.has("percent"))), None)
        is_limit = any(item.has("limit") for item in items[:at])
        if share and (is_limit or not (after and (after.is_unknown or after.has("of", "caption")))):
            return share
    return None
