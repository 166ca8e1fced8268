"""Find the wish to call a style otherwise in ordinary sentences: "Can you name it blue hills instead?".

It counts only in the thread of a lesson. Beside the name a clause holds small words and no others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.intents.learning.answers import longest_first
from mailbot.intents.learning.learning_words import (
    CLAUSE,
    CONJOINED,
    SENTENCE,
    folded,
    has,
    is_refused,
    is_within,
    row,
    tokens,
    without,
)
from mailbot.intents.learning.own_names import is_no_name, is_praise, is_titled
from mailbot.intents.learning.spoken_names import SpokenName, name_in
from mailbot.intents.learning.wishes import is_known
from mailbot.intents.learning.written_names import quoted_name, without_end
from styles.language.tokens import key
from styles.language.word_rows import command

#: Words of a name; more of them are a sentence.
LONGEST = 6
#: Words of “rather” and the like before a name.
LONGEST_LEAD = 3
#: What stands before a name in Japanese quotation marks, of which a frame has the closing one.
_BEFORE_QUOTED = re.compile(r"^.*[「『](?=[^「『]+$)")
_COMMA = re.compile(r"\s*[,;，、；]\s*")


def renaming(lines: Sequence[str]) -> SpokenName | None:
    """Return the name that one of the lines gives a style from now on, None where none does."""
    found = (name_in(line, "renamed", "called") for line in lines)
    wished = (_bare(spoken, name) for spoken in found if spoken and (name := _wished(spoken)))
    return next(wished, None)


def _bare(spoken: SpokenName, name: str) -> SpokenName:
    """Return a name without words such as “rather” before it, which lead to it."""
    return spoken._replace(name=name, led_by=spoken.led_by + spoken.name.partition(name)[0])


def is_remark(spoken: SpokenName) -> bool:
    """Tell whether a name may be praise: “I'd call it a masterpiece”, “you could call it magic”.

    A name with capitals or quotation marks is none, nor is one that a word such as “rename” leads to.
    """
    name = spoken.name.strip()
    if name_in(f"{spoken.led_by}{name}{spoken.after}", "called") is None:
        return False
    if quoted_name(name) or is_titled(name.split()):
        return False
    said = folded(f"{CONJOINED.split(SENTENCE.split(spoken.before)[-1])[-1]}{spoken.led_by}")
    if is_praise(name) or has("only_tells", folded(spoken.led_by)):  # "it's called progress"
        return True
    has_article = any(_begins(name, article) for article in row("article"))
    return has_article or (has("remarked", said) and not has("better", said))


def _begins(name: str, article: str) -> bool:
    is_word = article.isascii() and article.isalpha()
    return f"{key(name)} ".startswith(f"{article} " if is_word else article)


def new_name(lines: Sequence[str]) -> str:
    """Return what one of the lines calls a style from now on, "" where none does."""
    found = renaming(lines)
    return found.name if found else ""


def _wished(spoken: SpokenName) -> str:
    rows = command("teaching")
    name = without_end(_without_old(_without_instead(_without_lead(spoken.name))))
    before = CONJOINED.split(SENTENCE.split(spoken.before)[-1])[-1]
    written = f" {before} {SENTENCE.split(spoken.after)[0]} "
    said = tokens(
        without(f" {' '.join(tokens(written))} ", longest_first("better", "first_of_all", "agreed"))
    )
    clause = " ".join([*tokens(written), *tokens(name)[:1]])  # "nenne ihn nicht Garten"
    is_other = is_refused(clause) or any(rows[each].is_in(clause) for each in ("wondering", "unmeant"))
    bare = CLAUSE.split(name)[0]
    first = tokens(bare)
    is_idiom = is_within(first, row("no_name")) or is_no_name(name)  # "let's call it a day"
    is_idiom |= has("name_amiss", folded(name))  # "il nome è sbagliato, è …"
    is_idiom |= _keeps_name(name)  # "the name is the right one"
    is_idiom |= is_within(first, row("praised")) and not is_titled(bare.split())  # "the name is perfect"
    is_wish = all(map(is_known, said)) and not (is_other or is_idiom)
    return name if is_wish and len(name.split()) <= LONGEST else ""


def _keeps_name(name: str) -> bool:
    """Tell whether what seems to be a name says that the old one stays: “the right one”, “quello giusto”."""
    return name[:1].islower() and row("name_kept").issuperset(tokens(name))


def _without_lead(name: str) -> str:
    """Cut “rather” and the like off the beginning of a name, and what stands before quotation marks."""
    name = _BEFORE_QUOTED.sub("", name)
    leads, parts = row("better") | row("only"), name.split()
    for count in range(min(LONGEST_LEAD, len(parts) - 1), 0, -1):
        lead = " ".join(parts[:count])
        if lead.islower() and key(lead) in leads:
            return _without_lead(" ".join(parts[count:]))
    return next((name[len(lead) :] for lead in leads if not lead.isascii() and name.startswith(lead)), name)


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
