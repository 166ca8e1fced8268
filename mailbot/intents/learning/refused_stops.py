"""Find whether a clause refuses to stop, or cannot: “don't stop”, “I can't stop looking at it”, “やめないで”.

Neither a lesson nor the mails to a person end by the word “stop” in such a clause.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from mailbot.intents.learning.learning_words import row
from styles.language.lexicon import lexicon
from styles.language.word_rows import command

#: Words before one that stops, and behind it, among which another one refuses it.
BEFORE, BEHIND = 2, 1


def refuses_to_stop(clause: Sequence[str]) -> bool:
    """Tell whether the folded words of a clause refuse to stop."""
    halting, refusing = command("teaching")["halting"], _refusing()
    stops = [at for at, word in enumerate(clause) if word.isascii() and word in halting]
    if any(clause[at - 1] in row("unable") for at in stops if at):  # unlike "can't you stop"
        return True
    near = ({*clause[max(0, at - BEFORE) : at], *clause[at + 1 : at + 1 + BEHIND]} for at in stops)
    return any(not refusing.isdisjoint(each) for each in near) or _is_refused_run("".join(clause))


def _is_refused_run(said: str) -> bool:
    """Tell whether a Chinese clause refuses before a word that stops, or a Japanese one by its ending."""
    refusals = tuple(word for word in row("not_exactly") if not word.isascii())
    pieces = (said.partition(halt) for halt in row("halting") if not halt.isascii() and halt in said)
    return any(
        before.removesuffix("再").endswith(refusals) or behind.removeprefix("し").startswith(refusals)
        for before, _, behind in pieces
    )


@cache
def _refusing() -> frozenset[str]:
    """Return the single words that refuse something; the “n” is that of “n'arrête pas”.

    “Nein stopp” is an answer, and a stop.
    """
    single = {phrase for phrase in lexicon().phrases("not") if " " not in phrase}
    return frozenset({*single, "n"} - {"nein"})
