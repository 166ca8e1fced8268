"""Find what a mail that teaches calls its style, wherever it tells it.

In order: a wish for a name, “call it Dunes”; words that lead to one, “its title: Dunes”; a name in quotation
marks anywhere, “my painting ‘Dunes’”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from mailbot.intents.learning.answers import is_idle
from mailbot.intents.learning.learning_words import (
    CONJOINED,
    SENTENCE,
    has,
    is_refused,
    is_within,
    row,
    tokens,
    written,
)
from mailbot.intents.learning.own_names import is_no_name, is_plain_name, own_name
from mailbot.intents.learning.painters.name_sentences import name_in_sentences
from mailbot.intents.learning.painters.other_names import is_given
from mailbot.intents.learning.renamings import new_name
from mailbot.intents.learning.spoken_names import SpokenName, name_in
from mailbot.intents.learning.wishes import is_known
from mailbot.intents.learning.written_names import clean_name, quoted_name, quoted_names, without_end
from styles.language.tokens import key
from styles.language.wrapped_lines import unwrapped

#: Words of a name behind “my village, …”, and of one in quotation marks.
LONGEST_SPECIFIED, LONGEST_QUOTED = 3, 6

#: The end of a Japanese sentence: 右下にあります.
_SAID = re.compile(r"(?:ます|ません|ました|でした)$")
#: Letters of a folded word as they may be written: "nomme-le", "llámalo".
_WRITTEN = str.maketrans({"a": "[aáàâã]", "e": "[eéèê]", "o": "[oóòôõ]", " ": r"[\s-]+"})


def told_name(lines: Sequence[str]) -> str:
    """Return the name of the style in the lines of a mail, "" where none tells it."""
    quoted = (name for line in lines for name in quoted_names(line) if len(name.split()) <= LONGEST_QUOTED)
    return framed_name(lines) or next(filter(None, map(bare_told, quoted)), "")


def answered_name(text: str, *, is_asked: bool) -> str:
    """Return the name that an answer is, or that one of its sentences tells, "" for another one."""
    return own_name(text, is_asked=is_asked) or _titled_name([unwrapped(text)])


def is_told_plainly(name: str, text: str) -> bool:
    """Tell whether a text leaves no doubt that a style is to have the name that it tells.

    One that is all of it has a capital or quotation marks; around another one no other words stand.
    """
    if own_name(text, is_asked=False) == name:
        return is_plain_name(name, text)
    return is_given(unwrapped(text), name)


def _titled_name(lines: Sequence[str]) -> str:
    """Return the name with capitals that a wish or a sentence about the name tells, "" where none does."""
    found = (name_in(line, "preferred") for line in lines)
    wished = (each.name for each in found if each and _may_be_title(each.name))
    spoken = (name for line in lines if (name := name_in_sentences(line)))
    return next(filter(None, map(bare_told, chain(wished, spoken))), "")


def _may_be_title(name: str) -> bool:
    return bool(quoted_name(name)) or name[:1].isupper() or not name[:1].isascii()


def framed_name(lines: Sequence[str]) -> str:
    """Return the name to which words in the lines lead, "" where none do."""
    told = (found.name for line in lines if (found := name_in(line, "called")) and _is_told(found))
    names = (new_name(lines), *told, *map(_labelled, lines))
    return next(filter(None, map(bare_told, names)), "") or _titled_name(lines)


def _is_told(spoken: SpokenName) -> bool:
    """Tell whether a name is told, unlike “I don't know what to call it yet” and “he called it brave”."""
    before, name = tokens(CONJOINED.split(SENTENCE.split(spoken.before)[-1])[-1]), spoken.name.strip()
    if _may_be_title(name):
        return not is_refused(" ".join(before))
    is_wish = all(map(is_known, before)) and not has("unmeant", " ".join(before))
    return is_wish and len(name.split()) <= LONGEST_QUOTED


def _labelled(line: str) -> str:
    """Return the name in a line such as “Title Quiet Harbour”, which has capitals or quotation marks."""
    label, _, name = line.strip().partition(" ")
    is_told = key(label) in row("title_label") and (quoted_name(name) or name[:1].isupper())
    return name if is_told and len(name.split()) <= LONGEST_QUOTED else ""


def name_after_colon(written: str) -> str:
    """Return the name behind “learn:”, and behind words that lead to it there: “please call it Moss”."""
    if label := _labelled(written):
        return bare_told(label)
    found = name_in(written, "called", "renamed", "preferred") or _run_behind(written)
    if found is None or not is_idle(found.before):
        return clean_name(written)
    lead = written[: written.index(found.name)] if found.name in written else ""
    is_lead = len(lead.split()) > 1 or not found.name[:1].islower()
    return (is_lead and bare_told(found.name)) or clean_name(written)


def names_behind(line: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of a sentence and the name behind it: “learn this as my garden”."""
    framed = "" if line.isascii() else framed_name([line])  # "名前は苔がいいです"
    for pattern in _named():
        if found := pattern.fullmatch(line):
            name = bare_told(found[2])
            is_about = name and has("name_noun", key(name))  # “comme titre, je mettrais Brume légère”
            yield found[1], framed or (name_in_sentences(line) if is_about else "") or name


@cache
def _named() -> Sequence[re.Pattern[str]]:
    """Return patterns of a sentence and a name behind it, the longest words between them first."""
    words = sorted(row("named"), key=len, reverse=True)
    gaps = ((r"[\s,]+", r"\s+") if word.isascii() else (r"[\s,，、]*", r"\s*") for word in words)
    return [
        re.compile(rf"(.+?){before}{word.translate(_WRITTEN)}{after}(.+)", re.IGNORECASE)
        for word, (before, after) in zip(words, gaps, strict=True)
    ]


def _run_behind(written: str) -> SpokenName | None:
    """Return the name behind a Chinese or Japanese word such as 叫, None without one."""
    words = sorted((word for word in row("named") if not word.isascii()), key=len, reverse=True)
    lead = next((word for word in words if written.startswith(word)), "")
    name = written[len(lead) :]
    return SpokenName("", name, "") if lead and (len(name) > 1 or len(lead) > 1) else None


def _is_name(name: str) -> bool:
    """Tell whether words are a name, unlike “whatever you like” and “I have none yet”."""
    said = tokens(name)
    is_title = name[:1].isupper() and any(word[0].isupper() or word[0].isdigit() for word in name.split()[1:])
    is_talk = is_refused(" ".join(said)) and not is_title  # unlike "Quiet Harbour No. 3"
    is_talk = is_talk or bool(_SAID.search(name))
    return bool(name) and not (is_no_name(name) or is_talk or is_within(said, row("no_name")))


def bare_told(name: str) -> str:
    """Return a name without the words around it, "" where they are none."""
    name = without_end(clean_name(_specified(name)))
    return name if _is_name(name) else ""


@cache
def _owners() -> tuple[str, ...]:
    return tuple(f"{key(mine)} " for mine in written("whose"))


def _specified(name: str) -> str:
    """Return the name in “my village, Portmarnock”, and any other one as it is."""
    whose, _, called = name.replace("：", ":").replace(":", ",").replace("，", ",").partition(",")
    is_mine = f"{key(whose)} ".startswith(_owners())
    called = called.strip()
    is_name = (called[:1].isupper() or not called.isascii()) and len(called.split()) <= LONGEST_SPECIFIED
    return called if is_mine and is_name else name
