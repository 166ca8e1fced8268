"""Find questions about teaching: how it is done, and when what is learnt is ready.

The second ones count only where something is learnt: in the thread of a lesson, or while one is under way.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.learning_words import CONJOINED, has, is_refused, tokens

#: Words of a sentence about teaching, and of a clause that asks when: longer ones tell a story.
LONGEST, LONGEST_CLAUSE = 25, 14


def asks_how(sentences: Sequence[str]) -> bool:
    """Tell whether a sentence asks how the bot is taught: “How can I teach you?”."""
    return any(map(_asks_how, sentences))


def asks_when(sentences: Sequence[str]) -> bool:
    """Tell whether a clause asks how far a lesson is: “Still learning?”."""
    clauses = (clause for sentence in sentences for clause in (sentence, *CONJOINED.split(sentence)))
    return any(
        _is_brief(words := tokens(clause)) and has("asking_when", " ".join(words)) for clause in clauses
    )


def _asks_how(sentence: str) -> bool:
    words = tokens(sentence)
    said = " ".join(words)
    is_about = any(has(name, said) for name in ("learn_verb", "teach_verb"))
    is_other = has("own_learning", said) or has("in_style", said) or is_refused(said)
    return len(words) <= LONGEST and has("explaining", said) and is_about and not is_other


def _is_brief(words: Sequence[str]) -> bool:
    return 0 < len(words) <= LONGEST_CLAUSE
