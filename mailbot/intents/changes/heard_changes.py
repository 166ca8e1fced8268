"""Tell which sentences of a reply are about the painting before.

is_change    whether a sentence says how it is to be painted
intent_of    what else a whole sentence asks for; "all bigger" is no sheet
"""

from __future__ import annotations

from mailbot.intents.changes.relative_changes import MAX_WORDS, asked
from mailbot.intents.details.option_clauses import with_options
from mailbot.intents.mentions.evidence import WeighedSentence
from mailbot.intents.options import Options, read_options
from mailbot.intents.requests_without_style import is_long, whole_intent
from mailbot.intents.sentence import Sentence
from styles.language.intents import Intent
from styles.language.lexicon import Lexicon


def is_change(sentence: Sentence, words: Lexicon) -> bool:
    """Tell whether a sentence asks for a change, or is short and says an option."""
    if asked(sentence, words):
        return True
    is_letter = any(item.has("letter") and not item.has("intents") for item in sentence.items)
    said = read_options(with_options(sentence, is_beside=True), words)
    return said != Options() and not is_letter and len(sentence.words) <= MAX_WORDS


def intent_of(one: WeighedSentence, words: Lexicon, *, is_reply: bool) -> Intent | None:
    """Return the intent of a whole sentence; where a painting is meant, "all bigger" means the paintings."""
    intent = whole_intent(one.sentence, words, one.refused)
    if intent is Intent.SHEET and is_reply and asked(one.sentence, words):
        phrases = [item.text for item in one.sentence.items if is_long(item.text)]
        return intent if any(words.intents.get(phrase) == intent.value for phrase in phrases) else None
    return intent
