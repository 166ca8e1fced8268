"""Find the wish to have a painting learnt among other words: “I'd be thrilled if you would learn from it”.

`wishes.py` knows every word of its sentences. Here a clause may have any words beside those that ask for it:

    learn      a verb of learning, asked for, with what is to be learnt: “study the enclosed oil painting”
    imitate    a verb of copying, with the writer's own manner: “can you copy my style?”
    take in    a verb of making, with the bot's styles: “take it into your repertoire”
    as before  “could you do that with mine?”, where an earlier sentence speaks of learning

Asked for is a verb at the beginning of its clause, in a form that asks, or beside a word such as “please”.
A clause that refuses to have the painting learnt ends all of these (`refusals.py`). Only a teacher
with a picture means them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile

from mailbot.intents.learning.learning_words import (
    COLON,
    CONJOINED,
    courtesies,
    folded,
    has,
    is_refused,
    row,
    tokens,
)
from mailbot.intents.learning.painters.refusals import speaks_of_learning
from mailbot.intents.learning.painters.told_names import bare_told, name_after_colon
from mailbot.intents.learning.wishes import is_known, is_left, learnt_as, meant, without_nouns

#: Words of a clause that are read: more of them tell a story.
LONGEST = 30


def asks_to_learn(sentences: Sequence[str]) -> bool:
    """Tell whether a clause of a mail asks for a painting to be learnt."""
    return any(
        _is_wish(clause) or (_is_same(clause) and any(map(speaks_of_learning, sentences[:at])))
        for at, sentence in enumerate(sentences)
        for clause in (sentence, *CONJOINED.split(sentence))
    )


def name_behind_wish(lines: Sequence[str]) -> str:
    """Return the name behind a wish: “… one of your styles: Dune”, “adopt my manner as Dune”, "" without."""
    for line in lines:
        head, *rest = COLON.split(line, maxsplit=1)
        if rest and asks_to_learn([head]):
            return name_after_colon(rest[0])
        found = learnt_as(line)
        if found and asks_to_learn([found.before]):
            return bare_told(found.name)
    return ""


def says_to_learn(line: str, sentences: Sequence[str]) -> bool:
    """Tell whether a line such as a subject says nothing but to learn, above sentences about a painting."""
    words = without_nouns(tokens(line))
    said = " ".join(words)
    is_other = has("wondering", said) or has("in_style", said) or is_refused(said)
    is_whole = has("learn_verb", said) and not (is_other or is_left(words))
    return is_whole and any(_is_of_painting(sentence) for sentence in sentences)


def _is_wish(clause: str) -> bool:
    if not (speaks_of_learning(clause) or has("imitate_verb", folded(clause))):
        return False
    every = tokens(clause)
    words, told = [word for word in meant(every) if word not in row("new")], " ".join(every)
    said = " ".join(words)
    is_other = any(has(name, said) for name in ("wondering", "snapshots", "in_style", "own_learning"))
    if not words or len(words) > LONGEST or is_other or is_refused(said):
        return False
    if has("imitate_verb", said) and (has("manner", told) or has("own_style", told)):
        return _is_asked("imitate_verb", words)
    if has("learn_verb", said) and _has_object(words, said):
        return has("asked", said) or _is_asked("learn_verb", words)
    if has("learn_verb", said) and not is_left(words):
        return has("asked", said) or has("requested", said)
    return has("a_style", said) and has("make_verb", said) and _is_asked("make_verb", words)


def _has_object(words: Sequence[str], said: str) -> bool:
    """Tell whether words say what is to be learnt: “this”, “from this view”, not “this poem”."""
    if has("learn_it", said) or (has("learnt", said) and not said.isascii()):
        return True
    bare = row("learnt") | row("canvas")
    return any(
        word in bare
        and (all(map(is_known, words[at + 1 : at + 2])) or row("from").intersection(words[:at][-1:]))
        for at, word in enumerate(words)
    )


def _is_of_painting(sentence: str) -> bool:
    said = folded(sentence)
    return has("painting", said) or has("canvas", said) or has("as_painting", said)


def _is_asked(verb: str, words: Sequence[str]) -> bool:
    """Tell whether a clause asks for what its verb says: by other words, or since the verb begins it."""
    opening = courtesies() | row("please")
    rest = " ".join(dropwhile(opening.__contains__, words))
    begins = (f"{phrase} " if phrase.isascii() else phrase for phrase in row(verb))
    return has("requested", " ".join(words)) or f"{rest} ".startswith(tuple(begins))


def _is_same(clause: str) -> bool:
    """Tell whether a clause asks to do with the painting what an earlier sentence speaks of."""
    said = folded(clause)
    is_asked = has("with_mine", said) and has("requested", said)
    return is_asked and not (has("in_style", said) or is_refused(said))
