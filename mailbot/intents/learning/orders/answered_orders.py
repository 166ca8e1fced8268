"""Read the answer to the question whether an order was meant: “yes, please”, “no, go on”."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from mailbot.intents.learning.answers import agrees, answer_in, begins_no
from mailbot.intents.learning.deletions import deletes_plainly
from mailbot.intents.learning.learning_words import CLAUSE, SENTENCE, folded, has, is_refused, tokens
from mailbot.intents.learning.orders.plain_orders import is_aside, is_courteous, is_whole
from mailbot.intents.learning.picture_sides import swap_in
from mailbot.intents.learning.renamings import renaming

#: Rows of words that are no name below an answer: “Yes”, and in the next line “Later”.
_NO_NAMES = ("no_answer", "after_all", "put_off", "only_if", "delighted")


def confirms(text: str, repeats: Callable[[str], bool] = lambda clause: False) -> bool:
    """Tell whether an answer is a “yes” and nothing else.

    “Yes, I love it” may be praise, and “ok” a thank-you.
    `repeats` tells of a clause whether it is the order itself: “yes, call it magic”.
    """
    clauses, below = _clauses(text), _lines(text)[1:]
    is_said = any(map(_is_yes, clauses)) and "?" not in text
    is_more = any(not (_is_yes(each) or is_courteous(each) or repeats(each)) for each in clauses)
    return is_said and not is_more and all(map(_is_signed, below))


def leans_to_yes(text: str) -> bool:
    """Tell whether an answer may be a “yes”, but for what else it says: “ok”, “yes, but not now”."""
    clauses = _clauses("".join(_lines(text)[:1]))
    return any(map(_is_yes, clauses)) or any(map(agrees, clauses[:1]))


def keeps(text: str) -> bool:
    """Tell whether an answer wants nothing changed: “no”, “no, go on”, “leave it as it is”."""
    clauses = _clauses(text)
    if any(is_whole(clause, "going_on") for clause in clauses):
        is_yes = any(_is_yes(clause) and not is_whole(clause, "going_on") for clause in clauses)
        return not is_yes and all(is_aside(clause) or is_whole(clause, "going_on") for clause in clauses)
    return bool(clauses) and begins_no(clauses[0]) and not any(map(_is_order, clauses))


def _is_yes(clause: str) -> bool:
    """Tell whether a clause is a “yes”, with a “please” or without."""
    return is_whole(clause, "yes", among=("please",)) and not begins_no(clause)


def _is_order(clause: str) -> bool:
    """Tell whether a clause behind a “no” wants something done all the same: “no, delete it”."""
    if is_refused(folded(clause)):
        return False
    is_stop = is_whole(clause, "halt", "stop_verb")
    return is_stop or deletes_plainly([clause]) or bool(swap_in([clause]) or renaming([clause.strip()]))


def _is_signed(line: str) -> bool:
    """Tell whether a line below an answer is a courtesy or a name."""
    said = folded(line)
    is_name = all(word[:1].isupper() or not word.isascii() for word in line.split())
    is_other = begins_no(line) or is_refused(said) or any(has(name, said) for name in _NO_NAMES)
    return is_courteous(line) or (is_name and not is_other)


def _clauses(text: str) -> Sequence[str]:
    said = answer_in(text)
    return [each for one in SENTENCE.split(said) for each in CLAUSE.split(one) if tokens(each)]


def _lines(text: str) -> Sequence[str]:
    return [line for line in text.splitlines() if line.strip()]
