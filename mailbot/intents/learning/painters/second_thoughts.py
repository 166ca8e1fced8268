"""Find second thoughts below a wish to learn: “Wait, not yet”, “On reflection, don't”, “I sent it too early”.

They are heard in a short text only. A long one tells a story in which somebody may wait. What they take
back is painted, and the answer offers to learn it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mailbot.intents.learning.answers import declines
from mailbot.intents.learning.learning_words import CLAUSE, CONJOINED, SENTENCE, has, row, small, tokens
from mailbot.intents.learning.stops import asks_to_stop

#: Words of a text that is read for second thoughts.
LONGEST = 30
_LINE = re.compile(r"\n+")


def has_second_thoughts(text: str) -> bool:
    """Tell whether a short text stops, puts off or doubts what is asked for above it."""
    return len(tokens(text)) <= LONGEST and any(map(_is_second_thought, _clauses(text)))


def _clauses(text: str) -> Iterator[str]:
    for line in _LINE.split(text):
        for sentence in SENTENCE.split(line):
            for clause in {*CLAUSE.split(sentence), *CONJOINED.split(sentence)}:
                if clause.strip():
                    yield clause


def _is_second_thought(clause: str) -> bool:
    words = tokens(clause)
    said = " ".join(words)
    if any(has(name, said) for name in ("mistaken", "name_noun", "halting_in_story")):
        return False  # the wrong one was the picture before, or what is doubted is a name
    is_stop = (_declines(clause) or asks_to_stop(clause)) and not has("partly_refused", said)
    return is_stop or has("hesitant", said) or _puts_off(words)


def _declines(clause: str) -> bool:
    """Tell whether a clause ends by a refusal: “please don't”, unlike “it is not my best” and a mere “no”."""
    said = " ".join(word for word in tokens(clause) if word not in row("please"))
    return said not in row("no") and said.endswith(tuple(row("not_exactly"))) and declines(clause)


def _puts_off(words: list[str]) -> bool:
    """Tell whether a clause begins by a wait: “please wait for my next mail”; in Japanese it ends by one."""
    starts = [at for at in range(len(words)) if _opening().issuperset(words[:at])]
    latin = tuple(f"{phrase} " for phrase in row("not_yet") if phrase.isascii())
    is_begun = any(f"{' '.join(words[at:])} ".startswith(latin) for at in starts)
    return is_begun or any(phrase in "".join(words) for phrase in row("not_yet") if not phrase.isascii())


@cache
def _opening() -> frozenset[str]:
    """Return the words that may stand ahead of a wait; “I” may not: “I wait for your answer”."""
    return (small() | row("please") | row("no") | row("after_all")) - row("speaker") - row("unable")
