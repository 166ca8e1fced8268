"""Find the wish to stop in a clause: “Hold on, don't do it”, “no thanks, leave it”, “I took the wrong photo”.

It counts in the thread of a lesson, or while one is under way.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.answers import longest_first, without
from mailbot.intents.learning.learning_words import is_refused, row, says, tokens
from styles.language.lexicon import lexicon
from styles.language.word_rows import WordRow, command

#: Words of a clause about a wrong picture, and those between “wrong” and the picture.
LONGEST, FARTHEST = 12, 2
#: Words before one that stops, among which another one refuses it.
NEAR = 2


def asks_to_stop(clause: str) -> bool:
    """Tell whether a clause wants a lesson stopped."""
    if _is_kept(words := tokens(clause)):
        return False
    said = without(f" {' '.join(words)} ", longest_first("no_answer", "no", "please"))
    return any(says(each, name) for each in (clause, said) for name in ("halt", "cancel")) or _is_wrong(
        clause
    )


def _is_kept(words: Sequence[str]) -> bool:
    """Tell whether a word that refuses stands before one that stops: "don't stop", "ne l'annule pas".

    The end of "请不要" refuses as well.
    """
    stopping, refusing = row("halt") | row("cancel"), lexicon().phrases("not") | {"n"}  # "n'arrête pas"
    return any(
        words[at] in stopping and any({word, word[-2:]} & refusing for word in words[max(0, at - NEAR) : at])
        for at in range(1, len(words))
    )


def _is_wrong(clause: str) -> bool:
    """Tell whether a clause says that a picture is the wrong one."""
    words, rows = tokens(clause), command("teaching")
    said = " ".join(words)
    if len(words) > LONGEST or is_refused(said) or rows["wondering"].is_in(said):
        return False
    wrong, pictures = _places(words, rows["wrong"]), _places(words, rows["pictures"])
    return any(abs(at - other) <= FARTHEST for at in wrong for other in pictures)


def _places(words: Sequence[str], wanted: WordRow) -> list[int]:
    """Return where words of a row stand; Chinese and Japanese ones are parts of others."""
    runs = [word for word in wanted.words if not word.isascii()]
    return [at for at, word in enumerate(words) if word in wanted or any(run in word for run in runs)]
