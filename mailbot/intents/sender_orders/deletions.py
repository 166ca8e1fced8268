"""Tell an order to delete one's photos from tales, plans and questions about it.

    asks_to_delete   whether a clause orders that the sender's photos be deleted
    is_doubtful      whether a text speaks of a deletion that is none
    may_order        whether a text may mean such an order, so that the words that delete are told
    wants_deletion   whether a mail that is painted wants a photo deleted besides
    clauses          a text -> its clauses

Deleted photos never come back, so only a plain order deletes: "delete my photos", "can you delete them all?".
Whoever tells of a deletion ("my phone deleted all my photos"), plans one ("I have to delete my photos") or
asks about it keeps theirs, and is told the words that delete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from unicodedata import normalize

from mailbot.intents.sender_orders.command_words import asking, command_words, is_small, refusing
from styles.language.tokens import words
from styles.language.word_rows import command

#: Where a sentence ends, and what parts its clauses.
_SENTENCE = re.compile(r"(?<=[.!?。！？\n])|(?=¿)")
_CLAUSE_END = re.compile(r"[.!?;:,\n()¿。！？、，；…—]|(?<=[\u3040-\u9fff])\s")
#: How a question ends.
_QUESTION = re.compile(r"(?:[?？]|ますか|ましたか|ですか|[吗嗎])[?？。\s]*$")
#: Verbs of a tale that are orders without their accents, which the words files do not tell apart.
_TOLD = re.compile(r"\b(?:borr|elimin|quit|suprim)(?:é|ó)\b")
#: The Chinese perfective, and the words with which it is an order all the same.
_PERFECTIVE, _ORDERED = re.compile(r"删[除掉]?了(?![吧吗])"), re.compile(r"^\s*把|请|麻烦|想|能|帮|可以")


def asks_to_delete(piece: str) -> bool:
    """Tell whether a clause orders that the sender's photos be deleted."""
    rows, clause = command("deletion"), command_words(piece, "deletion")
    if is_doubtful(piece):
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


def is_doubtful(text: str) -> bool:
    """Tell whether a clause of a text tells of a deletion, plans one or asks about it."""
    return any(
        _is_told(piece, clause) or _is_planned(clause) or _is_asked(piece, clause)
        for piece, clause in _deletions(text)
    )


def may_order(text: str) -> bool:
    """Tell whether a clause of a text asks for or about the deletion of what the sender sent."""
    rows = command("deletion")
    return any(
        any(word in rows["plain"] for word in clause)
        and any(word in rows["whose"] for word in clause)
        and (_is_asked(piece, clause) or not _is_told(piece, clause))
        for piece, clause in _deletions(text)
    )


def wants_deletion(text: str) -> bool:
    """Tell whether a clause of a mail that is painted wants a photo deleted: "delete the photo afterwards".

    Nothing is deleted by it, so that it need not say whose photo it means.
    """
    rows = command("deletion")
    return not is_doubtful(text) and any(
        any(word in rows["plain"] for word in clause) and not any(word in rows["done"] for word in clause)
        for _, clause in _deletions(text)
    )


def clauses(text: str) -> Iterator[str]:
    """Yield the clauses of a text; each of a question has its mark, though a comma ends it."""
    for sentence in _SENTENCE.split(text):
        mark = "?" if sentence.rstrip().endswith(("?", "？")) else ""
        yield from (piece + mark for piece in _CLAUSE_END.split(sentence))


def _deletions(text: str) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the clauses that hold a verb of deleting and what is deleted, with their folded words."""
    rows = command("deletion")
    for piece in clauses(normalize("NFC", text)):
        clause = command_words(piece, "deletion")
        if any(word in rows["verb"] for word in clause) and any(word in rows["what"] for word in clause):
            yield piece, clause


def _is_told(piece: str, clause: Sequence[str]) -> bool:
    """Tell whether a clause is a tale, by a participle behind its auxiliary, or by its tense."""
    rows = command("deletion")
    if any(word in rows["tale"] for word in clause) or _TOLD.search(piece.lower()):
        return True
    verbs = [at for at, word in enumerate(clause) if word in rows["told"]]
    is_behind = any(word in rows["done"] or word in rows["third"] for at in verbs for word in clause[:at])
    is_english = any(
        clause[at].endswith("ed") and any(word in rows["what"] for word in clause[at:]) for at in verbs
    )
    return is_behind or is_english or bool(_PERFECTIVE.search(piece) and not _ORDERED.search(piece))


def _is_planned(clause: Sequence[str]) -> bool:
    """Tell whether a clause is about what its sender or somebody else will delete: "I have to delete …"."""
    rows = command("deletion")
    before = _before_verb(clause)
    is_own = any(word in rows["first"] for word in before[-1:])
    return is_own or rows["plans"].is_in(" ".join(before))


def _is_asked(piece: str, clause: Sequence[str]) -> bool:
    """Tell whether a clause is a question, and none that asks a favour: "can you delete my photos?"."""
    rows = command("deletion")
    if rows["asks"].is_in(" ".join(_before_verb(clause))):
        return True
    said = " ".join((*words(piece), *clause, piece))
    is_question = bool(_QUESTION.search(piece)) or rows["inverted"].is_in(said)
    return is_question and not rows["asked"].is_in(said)


def _before_verb(clause: Sequence[str]) -> Sequence[str]:
    rows = command("deletion")
    return clause[: next((at for at, word in enumerate(clause) if word in rows["verb"]), 0)]
