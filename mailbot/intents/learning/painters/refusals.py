"""Find whether a mail refuses to have a painting learnt: “Please don't learn this: it is a gift”.

A refusal is a clause with a word of learning that a negation governs, a verb such as “forbid”, or a “before”.
The negation may stand in the clause before it: “Ich möchte nicht, dass du das lernst”. A clause about the
frame, about haste or about somebody else's learning refuses nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mailbot.intents.learning.answers import declines
from mailbot.intents.learning.learning_words import (
    CONJOINED,
    folded,
    has,
    is_refused,
    row,
    tokens,
    without_seeming,
)
from mailbot.intents.learning.painters.second_thoughts import has_second_thoughts
from mailbot.intents.learning.refused_stops import refuses_to_stop
from mailbot.intents.learning.wishes import without_nouns

#: Rows of words of which none is in a refusal: what is not learnt then is something else.
_OTHERWISE = ("own_learning", "partly_refused", "retire_verb")
#: A Japanese topic, which belongs to the verb behind its comma: “学習は、しないで”.
_TOPIC = re.compile(r"(?<=は)[、，]")


def takes_back(sentences: Sequence[str], text: str) -> bool:
    """Tell whether a mail refuses to be a lesson: by a clause, by a mere “no”, or by second thoughts."""
    is_no = declines(text) and not has("partly_refused", folded(text))
    return is_no or refuses_to_teach(sentences) or has_second_thoughts(text)


def refuses_to_teach(sentences: Sequence[str]) -> bool:
    """Tell whether a clause refuses to have a painting learnt: “no need to learn it”, “nicht lernen”."""
    return any(_is_refusal(clause) for sentence in sentences for clause in _clauses(sentence))


def speaks_of_learning(clause: str) -> bool:
    """Tell whether a clause has a word of learning, or of making a style."""
    said = " ".join(without_nouns(tokens(clause)))
    return has("learn_verb", said) or has("a_style", said)


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the clauses of a sentence, each behind the one before it where that governs it."""
    before, is_open = "", False
    for clause in filter(str.strip, CONJOINED.split(_TOPIC.sub("", sentence))):
        is_open = is_open or _lacks_verb(before)
        joined = f"{before} {clause}" if before and (is_open or _is_governed(clause)) else clause
        yield joined
        before = joined if is_open else clause


def _lacks_verb(clause: str) -> bool:
    """Tell whether a clause ends by a negation, whose verb follows: “Please do not”, unlike “no” alone."""
    words = tokens(clause)
    is_answer = row("no").issuperset(words)
    return not is_answer and any(" ".join(words).endswith(phrase) for phrase in row("not_exactly"))


def _is_governed(clause: str) -> bool:
    """Tell whether a clause begins as one that a verb in the clause before governs: “dass du”, “que tu”."""
    said = folded(clause)
    return any(said.startswith(f"{phrase} " if phrase.isascii() else phrase) for phrase in row("governed"))


def _is_refusal(clause: str) -> bool:
    words = tokens(clause)
    said = " ".join(words)
    if not _is_about_learning(clause, said) or any(has(name, said) for name in _OTHERWISE):
        return False
    if refuses_to_stop(words):
        return False
    left = " ".join(without_seeming(said).split())
    is_forbidden = has("needless", left) or has("forbidding", left)
    return is_forbidden or is_refused(said) or _is_put_off(said)


def _is_about_learning(clause: str, said: str) -> bool:
    is_copied = has("imitate_verb", said) and (has("manner", said) or has("own_style", said))
    return speaks_of_learning(clause) or has("refusable", said) or is_copied


def _is_put_off(said: str) -> bool:
    """Tell whether a verb of learning stands behind a “before”; in Chinese and Japanese it is ahead of it."""
    words = said.split()
    for at in range(1, len(words)):
        if has("beforehand", " ".join(words[: at + 1])) and said.isascii():
            return has("learn_verb", " ".join(words[at:]))
    bare = said.replace(" ", "")
    ends = [bare.rfind(phrase) for phrase in row("beforehand") if not phrase.isascii() and phrase in bare]
    return any(has("learn_verb", bare[:end]) for end in ends) and not said.isascii()
