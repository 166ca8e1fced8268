"""Tell a wish to have one's photos deleted from a tale of a deletion, and from a question about one.

    asks_to_delete   whether a clause asks to delete the sender's photos
    tells_of         whether a text tells that something was deleted
    asks_about       whether a text asks how or whether photos are deleted
    clauses          a text -> its clauses

Deleted photos never come back, so the sender keeps theirs in doubt: "I deleted all my photos", "how do I
delete my photos?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

from mailbot.intents.sender_orders.command_words import asking, command_words, is_small, refusing
from styles.language.tokens import words
from styles.language.word_rows import command

#: What ends a clause, and how a question ends.
_CLAUSE_END = re.compile(r"[.!?;:,\n()。！？、，；…—]|(?<=[\u3040-\u9fff])\s")
_QUESTION = re.compile(r"(?:[?？]|(?:ます|ました|です)か。?|[吗嗎]。?)\s*$")
#: Verbs of a tale; without its accent, "borré" would be the order "borre".
_TOLD = re.compile(
    r"\b(?:borr|elimin|quit|suprim)(?:é|ó)\b|\b(?:apagu|delet|elimin)ei\b|删[除掉]?了(?![吧吗])"
)


def asks_to_delete(piece: str) -> bool:
    """Tell whether a clause asks to delete the sender's photos."""
    rows, clause = command("deletion"), command_words(piece, "deletion")
    if tells_of(piece) or asks_about(piece):
        return False
    refused = refusing() - ({"no"} if "no" in clause[1:-1] else set())  # "enviei no domingo"
    if not refused.isdisjoint(clause):
        return False
    is_known = [is_small(word, rows) for word in clause]
    for verb, noun in product(range(len(clause)), repeat=2):
        if clause[verb] not in rows["verb"] or clause[noun] not in rows["what"] or verb == noun:
            continue
        start, end = sorted((verb, noun))
        is_done = any(word in rows["done"] for word in clause[: end + 1])
        is_whose = any(word in rows["whose"] for word in clause[max(0, start - 2) :])
        is_asked = all(is_known[:start]) or not asking().isdisjoint(clause[:start])
        is_whole = all(is_known[end:]) or _is_for_all(clause, noun, clause[end + 1 :])
        if all(is_known[start:end]) and is_whose and is_asked and is_whole and not is_done:
            return True
    return False


def _is_for_all(clause: Sequence[str], noun: int, behind: Sequence[str]) -> bool:
    """Tell whether unknown words behind a deletion only say which photos: "all photos of my children".

    "My photo background" is another thing, "my photo of the dog" is one of several, and "my photos and use
    the next one" asks for more.
    """
    rows = command("deletion")
    is_single = " ".join(clause[max(0, noun - 1) : noun + 1]) in rows["single"]
    is_other = not is_small(behind[0], rows) or any(word in rows["other"] for word in behind)
    return not (is_single or is_other)


def tells_of(text: str) -> bool:
    """Tell whether a clause of a text tells that something was deleted: "j'ai tout effacé"."""
    return any(_is_told(piece, clause) for piece, clause in _deletions(text))


def asks_about(text: str) -> bool:
    """Tell whether a clause of a text asks how or whether photos are deleted: "do you delete my photos?"."""
    return any(_is_asked(piece, clause) for piece, clause in _deletions(text))


def clauses(text: str) -> Iterator[str]:
    """Yield the clauses of a text, each with the mark that ends it."""
    start = 0
    for end in _CLAUSE_END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    yield text[start:]


def _deletions(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the clauses that hold a verb of deleting and what is deleted, with their folded words."""
    rows = command("deletion")
    for piece in clauses(text):
        clause = command_words(piece, "deletion")
        if any(word in rows["verb"] for word in clause) and any(word in rows["what"] for word in clause):
            yield piece, clause


def _is_told(piece: str, clause: Sequence[str]) -> bool:
    """Tell whether a clause is a tale, by a participle behind its auxiliary, or by its tense."""
    rows = command("deletion")
    verbs = [at for at, word in enumerate(clause) if word in rows["told"]]
    is_behind = any(word in rows["done"] for at in verbs for word in clause[:at])
    is_english = any(
        clause[at].endswith("ed") and any(word in rows["what"] for word in clause[at:]) for at in verbs
    )
    return is_behind or is_english or bool(_TOLD.search(piece.lower()))


def _is_asked(piece: str, clause: Sequence[str]) -> bool:
    """Tell whether a clause is a question, and none that asks a favour: "can you delete my photos?"."""
    rows = command("deletion")
    is_favour = any(word in rows["asked"] for word in (*clause, *words(piece)))
    is_open = bool(_QUESTION.search(piece)) and not is_favour
    return is_open or any(word in rows["asks"] for word in clause)
