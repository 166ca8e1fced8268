"""Find what a mail that teaches calls its style, wherever it tells it.

In order: a wish for a name, “call it Dunes”; words that lead to one, “its title: Dunes”; a name in quotation
marks anywhere, “my painting ‘Dunes’”.
"""

from __future__ import annotations

from collections.abc import Sequence

from mailbot.intents.learning.learning_words import is_refused, is_within, row, tokens, written
from mailbot.intents.learning.renamings import new_name
from mailbot.intents.learning.spoken_names import name_in
from mailbot.intents.learning.written_names import clean_name, quoted_names
from styles.language.tokens import key

#: Words of a name behind “my village, …”, and of one in quotation marks.
LONGEST_SPECIFIED, LONGEST_QUOTED = 3, 6


def told_name(lines: Sequence[str]) -> str:
    """Return the name of the style in the lines of a mail, "" where none tells it."""
    told = (found.name for line in lines if (found := name_in(line, "called")))
    quoted = (name for line in lines for name in quoted_names(line) if len(name.split()) <= LONGEST_QUOTED)
    return next(filter(None, map(bare_told, (new_name(lines), *told, *quoted))), "")


def _is_name(name: str) -> bool:
    """Tell whether words are a name, unlike “whatever you like” and “I have none yet”."""
    said = tokens(name)
    return bool(name) and not (is_within(said, row("no_name")) or is_refused(" ".join(said)))


def bare_told(name: str) -> str:
    """Return a name without the words around it, "" where they are none."""
    name = clean_name(_specified(name))
    return name if _is_name(name) else ""


def _specified(name: str) -> str:
    """Return the name in “my village, Portmarnock”, and any other one as it is."""
    whose, _, called = name.replace("：", ":").replace(":", ",").replace("，", ",").partition(",")
    is_mine = any(f" {key(whose)} ".startswith(f" {key(mine)} ") for mine in written("whose"))
    called = called.strip()
    is_name = (called[:1].isupper() or not called.isascii()) and len(called.split()) <= LONGEST_SPECIFIED
    return called if is_mine and is_name else name
