"""Tell an order to delete one's photos from tales, plans and questions about it.

    asks_to_delete   whether a sentence orders that the sender's photos be deleted
    is_joking        whether a text takes back what it orders
    sentences        a text -> the sentences that may be such orders
    is_doubtful      whether a text speaks of a deletion that is none
    may_order        whether a text may mean such an order, so that the answer has the words that delete
    wants_deletion   whether a mail that is painted wants a photo deleted besides
    clauses          a text -> its clauses

Deleted photos never come back, so only a plain order deletes: "delete my photos", "can you delete them all?".
Whoever tells of a deletion ("my phone deleted all my photos"), plans one ("I have to delete my photos") or
asks about it keeps theirs, and the answer has the words that delete.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from unicodedata import normalize

from mailbot.intents.sender_orders.command_words import command_words, is_of
from styles.language.lexicon import lexicon
from styles.language.tokens import words
from styles.language.word_rows import command

#: Where a sentence ends, and what parts its clauses.
_SENTENCE = re.compile(r"(?<=[.!?。！？\n])|(?=¿)")
_CLAUSE_END = re.compile(r"[.!?;:,\n()¿。！？、，；…—]|(?<=[\u3040-\u9fff])\s")
#: Where an order begins, and where it ends: what reports it, and few words behind it, are parts of it.
_ORDER_START = re.compile(r"(?<=[^.…][.!?])\s|(?<=[。！？])|(?<![:：])\n|(?=¿)")
_ORDER_END = re.compile(r"(?<=[^.…][.!?])(?=\s+\S+(?:[^\S\n]+\S+){4})|(?<=[。！？])(?=[^\n]{7})|(?<![:：])\n")
_QUOTED = re.compile(r"[\"“”„«»「」『』]")
#: A signature behind an order: "J. Brandstätter", "Thanks, Dan".
_SIGNATURE = re.compile(
    r"(?:\b(?P<thanks>thanks|cheers|regards|danke|gr[uü](?:ß|ss)e?n?|merci|cordialement|gracias|saludos|grazie|saluti"
    r"|obrigad[oa])|[.,]\s(?:dr\.)?\s?[^\W\d_]\.),?\s(?-i:[^\W\d_a-z][^\W\d_]+)[.\s]*$",
    re.IGNORECASE,
)
#: How a question ends.
_QUESTION = re.compile(r"(?:[?？]|ますか|ましたか|ですか|[吗嗎])[?？。\s]*$")
#: Verbs of a tale that are orders without their accents, which the words files do not tell apart.
_TOLD = re.compile(r"\b(?:borr|elimin|quit|suprim)(?:é|ó)\b")
#: The Chinese perfective, and the words with which it is an order all the same.
_PERFECTIVE, _ORDERED = re.compile(r"删[除掉]?了(?![吧吗])"), re.compile(r"^\s*把|请|麻烦|想|能|帮|可以")


def asks_to_delete(text: str, name: Collection[str] = ()) -> bool:
    """Tell whether a text is an order to delete the sender's photos, with not one unknown word besides.

    Such a word may mean somebody else, some of the photos, a later day or a joke: "my ex wants me to delete
    my photos", "… from yesterday", "… when I die", "…, haha". The sender's `name` and a signature are none.
    """
    text, rows = _SIGNATURE.sub(r"\g<thanks>", text), command("deletion")
    written = command_words(text, "deletion")
    if not any(word in rows["verb"] for word in written) or is_doubtful(text):
        return False
    phrase = " ".join(word for word in _without_courtesies(command_words(text)) if word not in name)
    if lexicon().intents.get(phrase) == "delete":
        return True
    left = _without_courtesies(written)
    is_whole = all(word in name or is_of(word, rows) for word in left)
    is_one = sum(word in rows["verb"] for word in left) == 1  # "borra mis fotos borrosas"
    is_about = all(any(word in rows[row] for word in left) for row in ("what", "whose"))
    return is_whole and is_one and is_about and not rows["other"].is_in(" ".join((*left, text)))


def _without_courtesies(written: Sequence[str]) -> Sequence[str]:
    """Return words without courtesies: "morgen" of "guten Morgen" is one, but not alone."""
    said = f" {' '.join(written)} "
    for phrase in _courtesies():
        said = said.replace(f" {phrase} ", " ")
    return said.split()


@cache
def _courtesies() -> Sequence[str]:
    """Return the phrases that can stand beside an order, the longest first."""
    known = (lexicon().phrases("courtesy") | command("deletion")["around"].words) - {"me"}
    return sorted(known, key=len, reverse=True)


def is_joking(text: str) -> bool:
    """Tell whether a text says that it is no earnest: "delete my photos. Just kidding!"."""
    return command("deletion")["jest"].is_in(" ".join((*words(text), text)))


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each with what limits it: "delete my photos. But only the old ones".

    Few words behind one belong to it, too. One in quotation marks was said by somebody else.
    """
    limits = command("deletion")["limits"]
    for start in (0, *(match.end() for match in _ORDER_START.finditer(text))):
        rest = text[start:].lstrip()
        ends = (match.start() for match in _ORDER_END.finditer(rest))
        end = next((end for end in ends if not any(each in limits for each in words(rest[end:])[:1])), None)
        if not _QUOTED.search(rest[:end]):
            yield rest[:end]


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
    before = " ".join(_before_verb(clause))
    return rows["first"].ends(before) or rows["plans"].is_in(before)


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
