"""Find the wish to stop: “Hold on, don't do it”, “no thanks, leave it”, “I took the wrong photo”.

It counts in the thread of a lesson, or while one is under way.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.answers import answer_in, begins_no, declines, is_idle, longest_first
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    CONJOINED,
    SENTENCE,
    folded,
    has,
    is_refused,
    row,
    says,
    tokens,
    without,
)
from mailbot.intents.learning.orders.plain_orders import is_aside, is_plain, is_whole
from mailbot.intents.learning.refused_stops import refuses_to_stop
from styles.language.word_rows import WordRow, command

#: Words of a clause about a wrong picture, and those between “wrong” and the picture.
LONGEST, FARTHEST = 12, 2


def wants_stop(sentences: Sequence[str]) -> bool:
    """Tell whether one of the sentences of a mail wants a lesson stopped.

    “I changed my mind” alone does. Beside a wish, such as another name, it stops nothing.
    """
    parts = [CLAUSE.split(sentence) for sentence in sentences]
    clauses = [clause for part in parts for clause in part if clause.strip()]
    pieces = [piece for sentence in sentences for piece in CONJOINED.split(sentence)]
    if any(map(asks_to_stop, (*clauses, *pieces))):
        return True
    is_changed = [_says_about_it(clause, "changed_mind") for clause in clauses]
    return any(is_changed) and all(
        changed or is_idle(_bare(clause)) for clause, changed in zip(clauses, is_changed, strict=True)
    )


def stops_plainly(sentences: Sequence[str]) -> bool:
    """Tell whether one of the sentences is an order to stop, and not a phrase in a sentence about more."""
    return is_plain(sentences, _is_order)


def _is_order(clause: str) -> bool:
    if has("contented", folded(clause)):
        return False  # "leave it as it is" may praise the painting
    is_changed = is_whole(clause, "changed_mind") or _says_about_it(clause, "changed_mind")
    return is_changed or _stops(clause)


def _stops(clause: str) -> bool:
    is_said = is_whole(clause, "cancel", "halt", "said_no", "stop_verb")
    return (is_said and not refuses_to_stop(tokens(clause))) or _is_wrong(clause)


def is_mere_stop(text: str) -> bool:
    """Tell whether a text, but for a name and a greeting below it, is no more than a “stop”."""
    sentences = [sentence for sentence in SENTENCE.split(answer_in(text)) if sentence.strip()]
    return bool(sentences) and all(_says_about_it(sentence, "halt") for sentence in sentences)


def stops_anywhere(text: str) -> bool:
    """Tell whether a text stops what is learnt, also in a thread about something else.

    It is no more than a “stop”, or speaks of learning: “please stop learning, I sent the wrong one”.
    """
    clauses = [clause for sentence in SENTENCE.split(text) for clause in CLAUSE.split(sentence)]
    is_learning = (asks_to_stop(clause) and has("learn_verb", folded(clause)) for clause in clauses)
    return is_mere_stop(text) or any(is_learning)


def cancels(sentence: str) -> bool:
    """Tell whether a sentence wants the learning itself stopped, in any mail: “stop learning”."""
    words = tokens(sentence)
    is_story = refuses_to_stop(words) or has("halting_in_story", " ".join(words))
    return says(sentence, "cancel") and not is_story


def says_no(text: str) -> bool:
    """Tell whether a text is no more than a “no”, of which nobody knows what it declines."""
    said = answer_in(text)
    words, clauses = tokens(said), CLAUSE.split(said)
    is_no = any(map(begins_no, clauses)) and (declines(text) or all(map(is_aside, clauses)))  # "no, wait"
    return is_no and not (refuses_to_stop(words) or has("halting_in_story", " ".join(words)))


def asks_to_stop(clause: str) -> bool:
    """Tell whether a clause wants a lesson stopped; “stop by sometime” does not."""
    words = tokens(clause)
    if refuses_to_stop(words) or has("halting_in_story", " ".join(words)):
        return False
    is_said = any(_says_about_it(clause, name) for name in ("halt", "cancel", "said_no"))
    return is_said or _orders_to_stop(clause) or _stops(clause)


def _says_about_it(clause: str, name: str) -> bool:
    """Tell whether a phrase of a row is all that a clause says, but for “after all”, “now” and the like."""
    is_story = has("halting_in_story", folded(clause))
    return not is_story and (says(clause, name) or says(_bare(clause), name))


def _bare(clause: str) -> str:
    """Return the words of a clause without those that only lead to a stop, or go along with it."""
    return without(f" {' '.join(tokens(clause))} ", longest_first("no_answer", "no", "please", "after_all"))


def _orders_to_stop(clause: str) -> bool:
    """Tell whether a clause has a verb that stops, and else small words alone: “brich das bitte ab”."""
    words, verbs = tokens(_bare(clause)), row("stop_verb")
    left = [word for word in words if word not in verbs]
    return len(left) < len(words) and is_idle(" ".join(left))


def _is_wrong(clause: str) -> bool:
    """Tell whether a clause says that a picture is the wrong one, and not that its colours are wrong."""
    words, rows = tokens(clause), command("teaching")
    said = " ".join(words)
    is_story = rows["wondering"].is_in(said) or has("wrong_in_story", said)
    if len(words) > LONGEST or is_refused(said) or is_story:
        return False
    wrong, pictures = _places(words, rows["wrong"]), _places(words, rows["pictures"])
    return any(abs(at - other) <= FARTHEST for at in wrong for other in pictures)


def _places(words: Sequence[str], wanted: WordRow) -> list[int]:
    """Return where words of a row stand; Chinese and Japanese ones are parts of others."""
    runs = [word for word in wanted.words if not word.isascii()]
    return [at for at, word in enumerate(words) if word in wanted or any(run in word for run in runs)]
