"""Split a line of a mail into words and marks.

    read_lines   a mail's subject and the first lines of its text
    read_line    text -> Line
    read_tag     `mosaic-60` of `bot+mosaic-60@…` -> Line
    style_of     the words that a line calls a style
    painter_of   the painter that a line names
    is_caption   whether words describe the photo

Tokens are plain words, "60%" for a percentage, and the marks that can join styles: "+", "&", "/" and ",".
Reading is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

from mailbot.intents.style_matching import ARTICLES, normalised
from styles.language.lexicon import (
    ABOUT,
    CAPTIONS,
    CHANGE_COLORS,
    FILLERS,
    GENERIC,
    KEEP_COLORS,
    PAINTERS,
    PERCENT,
    PLACES,
    SPELLINGS,
    STRENGTHS,
)

#: Lines of a text that are searched for a style.
_LINES = 3
#: Characters of a line that are read; subjects have at most 500.
_MAX_LINE = 2000
#: Prefixes that mail programs and gateways add to a subject.
_PREFIX = re.compile(
    r"^\s*(?:(?:(?P<reply>re|aw|sv|vs|antw|antwort|res|rif|odp|ynt)|fwd?|wg|tr|rv|vl|enc|doorst|emailing|external)"
    r"\s*(?:\[\d+\])?\s*:|\[[^\[\]]{1,30}\])\s*",
    re.IGNORECASE,
)
#: The rest of the sentence names a style, even if other words of the line do not.
_STYLE_OF = re.compile(
    r"\b(?:in the (?:style|manner) of|im stil von|dans le style d[eu']|al estilo de|nello stile di"
    r"|(?:make|paint|turn|have)\b[^.?!]{1,40}\b(?:look )?like"
    r"|(?:paint|render|redo|do|draw|make|turn|convert|transform)\s+(?:this|it|these|them|that|me|us"
    r"|(?:the|my|our|this)\s+(?:photo|picture|pic|image)s?)\s+(?:as|into)"
    r")\b(?!\s+(?:soon|well|big|large|small|usual|you|a\s+(?:present|gift|surprise|birthday))\b)"
    r"(.+?)(?:[.?!;,](?:\s|$)|\s(?:for|at|but|please|thanks|thank you)\b|$)",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"(?P<percent>{PERCENT.pattern})|[^\W_]+|[+&/,]", re.IGNORECASE)
_MARKS = frozenset("+&/,")
#: A number at the end of a tag: a strength, since mail addresses have no per cent sign.
_TAG_PERCENT = re.compile(r"[-_.](\d{1,3})$")


@dataclass(frozen=True, kw_only=True)
class Line:
    """Hold the tokens of one line."""

    bare: str  #: without prefixes, strength and colours, for an answer to repeat
    tokens: tuple[str, ...]
    keep_colors: bool
    is_reply: bool  #: begins with "Re:"

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Tokens that are neither percentages nor marks such as `+`; a bare number counts as a word."""
        return tuple(token for token in self.tokens if is_word(token))

    @cached_property
    def is_generic(self) -> bool:
        """Whether the line is empty or written by a program: "IMG_1234.jpg"."""
        return not self.words or bool(GENERIC.match(" ".join(self.words)))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Words that are no fillers; empty for a line that a program wrote."""
        return () if self.is_generic else tuple(word for word in self.words if word not in FILLERS)

    @property
    def strength(self) -> float | None:
        """First percentage, as a fraction."""
        return next((fraction(token) for token in self.tokens if is_percent(token)), None)


def read_lines(subject: str, text: str) -> list[Line]:
    """Read the subject and the first lines of the text, empty ones left out."""
    written = (line for line in text.splitlines() if line.strip())
    return [read_line(line) for line in (subject, *islice(written, _LINES))]


def read_line(text: str) -> Line:
    """Read a line, without the prefixes that programs add."""
    bare, is_reply = text[:_MAX_LINE].strip(), False
    while match := _PREFIX.match(bare):
        is_reply = is_reply or bool(match["reply"])
        bare = bare[match.end() :]
    return _line(bare, is_reply=is_reply)


def read_tag(tag: str) -> Line:
    """Read the words behind the `+` of an address as a line."""
    return _line(re.sub(r"[-_.]+", " ", _TAG_PERCENT.sub(r" \1%", tag)))


def style_of(line: Line) -> Line | None:
    """Return the words that the line calls a style: "… in the style of Picasso"."""
    match = _STYLE_OF.search(line.bare)
    return _line(match[1]) if match else None


def painter_of(line: Line) -> Line | None:
    """Return the painter that the line names: "Picasso portrait of my dog", but not "my dog Picasso"."""
    for start, end in ((at, at + length) for at in range(len(line.words)) for length in (2, 1)):
        name = " ".join(line.words[start:end])
        is_pet = start > 0 and is_caption(line.words[start - 1 : start])
        if name in PAINTERS and not is_pet and PLACES.isdisjoint(line.words[end : end + 1]):
            return _line(name.title())
    return None


def _line(text: str, *, is_reply: bool = False) -> Line:
    text = CHANGE_COLORS.sub(" ", text)
    keep_colors = bool(KEEP_COLORS.search(text))
    coloured = KEEP_COLORS.sub(" ", text)
    for pattern, percent in STRENGTHS:
        coloured = pattern.sub(f" {percent}% ", coloured)
    spelt = coloured
    for pattern, word in SPELLINGS:
        spelt = pattern.sub(word, spelt)
    return Line(
        bare=PERCENT.sub(" ", coloured).strip(" \t,;:.-–—\"'“”„«»"),
        tokens=_tokens(spelt),
        keep_colors=keep_colors,
        is_reply=is_reply,
    )


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(
        f"{int(match[2])}%" if match["percent"] else match[0] for match in _TOKEN.finditer(normalised(text))
    )


def is_percent(token: str) -> bool:
    """Tell whether this is a percentage such as "60%"."""
    return token.endswith("%")


def is_word(token: str) -> bool:
    """Tell whether this is neither a percentage nor a mark."""
    return not is_percent(token) and token not in _MARKS


def fraction(percent: str) -> float:
    """Return 0.6 for "60%"."""
    return int(percent[:-1]) / 100


def is_caption(words: Sequence[str]) -> bool:
    """Tell whether words are about a place or a person and name no style: "for Grandma", "my dog"."""
    bare = [word for word in words if word not in ARTICLES]
    about = any(word in ABOUT and after not in FILLERS for word, after in pairwise(bare))
    return about or not CAPTIONS.isdisjoint(words)
