"""Read the answer to the question whether an order was meant: “yes, please”, “no, go on”."""

from __future__ import annotations

from mailbot.intents.learning.answers import agrees, answer_in, begins_no
from mailbot.intents.learning.learning_words import CLAUSE, SENTENCE, tokens
from mailbot.intents.learning.orders.plain_orders import is_aside, is_whole
from mailbot.intents.learning.stops import stops_plainly


def confirms(text: str) -> bool:
    """Tell whether an answer is a “yes”, whatever stands behind it but a refusal: “yes, call it that”."""
    first, *_ = [*_clauses(text), ""]
    return agrees(text) or agrees(first)


def keeps(text: str) -> bool:
    """Tell whether an answer wants nothing changed: “no”, “no, go on”, “leave it as it is”."""
    clauses = _clauses(text)
    if any(is_whole(clause, "going_on") for clause in clauses):
        return all(is_aside(clause) or is_whole(clause, "going_on") for clause in clauses)
    return bool(clauses) and begins_no(clauses[0]) and not stops_plainly(clauses[1:] or clauses)


def _clauses(text: str) -> list[str]:
    said = answer_in(text)
    return [each for one in SENTENCE.split(said) for each in CLAUSE.split(one) if tokens(each)]
