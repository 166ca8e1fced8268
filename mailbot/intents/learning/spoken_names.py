"""Find the name of a style in the words around it: "its name is Blue Hills", "learn; blue hills"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mailbot.intents.learning.learning_words import SENTENCE, row, says, small, tokens, written
from styles.language.tokens import key

#: Words of a name behind "learn", as in "Learn Blue Hills".
LONGEST_BARE = 5
#: Words of a "please", as "s'il te plaît" has.
LONGEST_PLEASE = 3
#: A character that ends no sentence, as the full stop in “St. Ives” does not.
_IN_SENTENCE = r"(?:(?!(?<=[^\W\d_]{4})\.\s|[!?]\s|[。！？]).)"
#: Words between those of a frame.
_SOME = r"(?P<old>\S.{0,60}?)"
#: Signs that stand for the colon in “learn: my garden” where the subject begins with a word of learning.
_FOR_COLON = re.compile(r"\s*[;；,，、]\s*")
#: The first character of Japanese and Chinese, which have no spaces between words.
FIRST_CJK = "\u3040"


class SpokenName(NamedTuple):
    """Hold a name with what stands around it in its line, without “its name is” and the like."""

    before: str
    name: str
    after: str
    old: str = ""  #: the name that the style has, as in “rename my garden to …”
    led_by: str = ""  #: the words that lead to it: “call it”


def name_in(line: str, *rows: str) -> SpokenName | None:
    """Return the first name in a line that words of these rows lead to."""
    said = line.lower()
    tried = sorted(frame for word, frames in _frames(rows).items() if word in said for frame in frames)
    found = [match for _, frame in tried if (match := frame.search(line))]
    found = [match for match in found if not _is_of_person(line[: match.start()])]
    first = min(found, key=lambda match: (match.start(), -match.start("name")), default=None)
    if first is None:
        return None
    old = first.groupdict().get("old") or ""
    at, end = first.span("name")
    led_by = line[first.start() : at]
    return SpokenName(line[: first.start()], first["name"], line[end:], old, led_by)


def _is_of_person(before: str) -> bool:
    """Tell whether a person tells their own name: "my name is Ann"."""
    return before.rstrip().lower().endswith(tuple(written("mine")))


def name_behind(line: str) -> str:
    """Return the name in “learn; my garden” and “learn, my garden”, "" for another line."""
    head, *rest = _FOR_COLON.split(line, maxsplit=1)
    is_name = rest and says(head, "head") and len(rest[0].split()) <= LONGEST_BARE
    return rest[0] if is_name and not small().issuperset(tokens(rest[0])) else ""


def bare_name(line: str, *, has_capitals: bool = True) -> str | None:
    """Return the name in "Learn Blue Hills, please", whose words have capitals; None for another line."""
    words = SENTENCE.split(line)[0].partition(",")[0].split()
    while words and key(words[0]) in small() and key(words[0]) not in row("head"):
        del words[0]
    while len(words) > 1 and key(words[-1]) in row("please"):
        del words[-1]
    if not (1 < len(words) <= LONGEST_BARE and key(words[0]) in row("head")):
        return None
    name = words[1:]
    is_titled = not has_capitals or all(word[0].isupper() for word in name)
    is_name = is_titled and not small().issuperset(map(key, name))
    return " ".join(name) if is_name else None


def without_please(name: str) -> str:
    """Cut "please" off the beginning of a name: "bitte Rote Wiese"."""
    words = name.split()
    counts = range(min(LONGEST_PLEASE, len(words) - 1), 0, -1)
    found = next((count for count in counts if key(" ".join(words[:count])) in row("please")), 0)
    return " ".join(words[found:])


@cache
def _frames(rows: Sequence[str]) -> Mapping[str, Sequence[tuple[int, re.Pattern[str]]]]:
    """Return patterns of a name between words: "soll … heißen", "its name is …".

    The word before some is one without which they need not be tried. Each has its rank, 0 for the clearest.
    """
    halves = [phrase.partition("…")[::2] for phrase in written(*rows) if "…" in phrase]
    halves.sort(key=lambda half: (not half[1], -len(half[0]), -len(half[1])))
    found: defaultdict[str, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
    for rank, (before, after) in enumerate(halves):
        pattern = rf"{_words(before)}{_edge(before.rstrip()[-1:])}[\s:：]*{_name(after)}"
        word = max(re.split(r"[\s*-]+", before or after), key=len).lower()
        found[word].append((rank, re.compile(pattern, re.IGNORECASE)))
    return found


def _name(after: str) -> str:
    """Return the pattern of a name: up to the words that stand behind it, or to the end of the sentence."""
    return rf"(?P<name>{_IN_SENTENCE}+?)\s*{_words(after)}" if after else rf"(?P<name>{_IN_SENTENCE}+)"


def _edge(words: str) -> str:
    return r"\b" if words[:1].isalnum() and words[:1] < FIRST_CJK else ""


def _words(words: str) -> str:
    """Return the pattern of words as people write them; `*` stands for some others: "rename * to"."""
    gap = r"(?:,\s|[\s-])+" if words.isascii() or words[-1:].isascii() else r"\s*"
    spaced = gap.join(_SOME if word == "*" else re.escape(word) for word in words.split())
    return f"{_edge(words)}{spaced}"
