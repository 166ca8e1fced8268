"""Find the wish to call a style otherwise in ordinary sentences: "Can you name it blue hills instead?".

It counts only in the thread of a lesson. Beside the name a clause holds small words and no others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.intents.learning.learning_words import (
    CONJOINED,
    SENTENCE,
    is_refused,
    is_within,
    row,
    tokens,
)
from mailbot.intents.learning.spoken_names import SpokenName, name_in
from mailbot.intents.learning.wishes import is_known
from styles.language.word_rows import command

#: Words of a name; more of them are a sentence.
LONGEST = 6
_COMMA = re.compile(r"\s*[,;，、；]\s*")


def new_name(lines: Sequence[str]) -> str:
    """Return what one of the lines calls a style from now on, "" where none does."""
    found = (name_in(line, "renamed", "called") for line in lines)
    return next((name for spoken in found if spoken and (name := _wished(spoken))), "")


def _wished(spoken: SpokenName) -> str:
    rows, name = command("teaching"), _without_old(_without_instead(spoken.name))
    before = CONJOINED.split(SENTENCE.split(spoken.before)[-1])[-1]
    said = tokens(f"{before} {SENTENCE.split(spoken.after)[0]}")
    clause = " ".join([*said, *tokens(name)[:1]])  # "nenne ihn nicht Garten"
    is_other = is_refused(clause) or any(rows[each].is_in(clause) for each in ("wondering", "unmeant"))
    is_idiom = is_within(tokens(name), row("no_name"))  # "let's call it a day"
    is_wish = all(map(is_known, said)) and not (is_other or is_idiom)
    return name if is_wish and len(name.split()) <= LONGEST else ""


def _without_instead(name: str) -> str:
    """Cut "instead of my garden" and the like off the end of a name."""
    phrases = sorted(row("rather"), key=len, reverse=True)
    ends = "|".join(rf"[\s,]+{re.escape(each)}\b" if each.isascii() else re.escape(each) for each in phrases)
    return re.split(ends, name, maxsplit=1, flags=re.IGNORECASE)[0].strip()


def _without_old(name: str) -> str:
    """Cut the name that a style is not to have off the end of the new one: ", not my garden"."""
    commas = _COMMA.finditer(name)
    olds = (comma.start() for comma in commas if is_refused(" ".join(tokens(name[comma.end() :])[:1])))
    return name[: next(olds, None)]
