"""Split text into folded words, numbers and marks, the same way for mails, names and word files.

    fold        text in lower case, without accents
    Token       one word, number or mark
    tokenize    text -> tokens
    segment     cut runs of Chinese and Japanese characters at known words
    unwrapped   a text without the line ends of a mail program
    split       tokens -> sentences
    key         the tokens of a phrase, joined by spaces

Chinese and Japanese have no spaces. A run of their characters is cut by the longest known word from the left;
characters between known words become a token of their own. Splitting is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

#: Longest known Chinese or Japanese word, characters.
LONGEST_RUN = 16
#: French and Italian words that lose their vowel before an apostrophe; they are words of their own.
_ELISIONS = frozenset("l d j c s n m t qu un dell nell all sull dall quest quell".split())  # noqa: SIM905
#: Marks that change the sound of a Japanese character, so they are no accents.
_VOICED = "\u3099\u309a"
_CJK = r"\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
#: Units that are written without a space: "1600px", "20x30cm".
_UNITS = "px|cm|mm|dpi|inch(?:es)?|pixels?"
_TOKEN = re.compile(
    rf"""
    (?P<cjk> [{_CJK}]+ )
    | (?P<number>
        \d+[.,]\d+ (?!\w)                      # 0.6
        | \d+ (?= (?:{_UNITS}) (?!\w) | [x×]\d )  # 1600px, and the first side of 20x30
        | (?<=\d) [x×] (?=\d)                   # the sign between the sides
        | (?<=[^\W\d_]) \d{{1,3}} (?=\s?%)      # starrynight60%
    )
    | (?P<word>
        (?: (?! (?<=[^\W\d_]) \d{{1,3}}\s?% ) (?: [^\W_{_CJK}] | [\u0300-\u036f] ) )+
        (?: ['’`´] [^\W_{_CJK}]+ )*
    )
    | (?P<mark> [+&/,.!?;:()%\n、。×] | (?<=\s)[-–—]+(?=\s) | — )
    """,
    re.VERBOSE,
)
_SAME_MARKS = {"、": ",", "。": ".", "×": "x", **dict.fromkeys(("-", "--", "–", "—"), ",")}
#: Characters from which a line was probably broken by the mail program, not by its writer.
_WRAPPED = 60
#: Marks that end a sentence.
_ENDS = frozenset(".!?;\n")
#: Words before a full stop that ends no sentence: "Tableau No. 2".
_ABBREVIATIONS = frozenset(("no", "nr", "mr", "mrs", "ms", "dr", "st", "st", "m", "sr", "sra", "sig", "num"))


class Token(NamedTuple):
    """Hold one word, number or mark."""

    text: str  #: folded
    raw: str  #: as it was written
    kind: str  #: `word`, `number`, `cjk` or `mark`

    @property
    def is_word(self) -> bool:
        """Whether this is no mark."""
        return self.kind != "mark"


def fold(text: str) -> str:
    """Return the text in lower case, without accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in apart if c in _VOICED or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a text, in order; an accent without a letter is no token."""
    found = _TOKEN.finditer(unicodedata.normalize("NFKC", text))
    return [token for match in found for token in _of(match) if token.text]


def _of(match: re.Match[str]) -> Iterator[Token]:
    raw, kind = match[0], match.lastgroup or ""
    if kind == "mark":
        yield Token(_SAME_MARKS.get(raw, raw), raw, kind)
    elif kind == "word":
        first, *rest = re.split("['’`´]", raw)
        if rest and fold(first) in _ELISIONS:
            yield Token(fold(first), first, kind)
            first, rest = rest[0], rest[1:]
        if rest and fold(rest[-1]) == "s":  # a possessive: "Picabia's" names Picabia
            rest.pop()
        yield Token(fold("".join((first, *rest))), raw, kind)
    else:
        yield Token(fold(raw).replace("×", "x"), raw, kind)


def segment(tokens: Sequence[Token], known: Container[str]) -> list[Token]:
    """Return the tokens with each run of Chinese or Japanese characters cut at `known` words."""
    cut: list[Token] = []
    for token in tokens:
        if token.kind == "cjk":
            cut += (Token(text, text, "cjk") for text in _cut(token.text, known))
        else:
            cut.append(token)
    return cut


def _cut(run: str, known: Container[str]) -> Iterator[str]:
    at = unknown = 0
    while at < len(run):
        ends = range(min(len(run), at + LONGEST_RUN), at, -1)
        end = next((end for end in ends if run[at:end] in known), 0)
        if not end:
            at += 1
            continue
        if unknown < at:
            yield run[unknown:at]
        yield run[at:end]
        at = unknown = end
    if unknown < len(run):
        yield run[unknown:]


def key(text: str) -> str:
    """Return the words of a phrase, and the marks that join words, with a space between two."""
    return " ".join(token.text for token in tokenize(text))


def words(text: str) -> list[str]:
    """Return the folded words of a text, without marks."""
    return [token.text for token in tokenize(text) if token.is_word]


def unwrapped(text: str) -> str:
    """Join the lines that a mail program wrapped."""
    lines = text.splitlines()
    out: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        is_wrapped = (
            len(before) >= _WRAPPED and line[:1].strip() and not re.search(r"[.!?:;。！？]\s*$", before)
        )
        out.append(" " if is_wrapped else "\n")
        out.append(line)
    return "".join(out)


def split(tokens: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Yield the sentences with the numbers of their lines; a mark at the end is kept."""
    line, sentence = 0, list[Token]()
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        if token.text == "\n":
            ends = True
        else:
            sentence.append(token)
            ends = token.text in _ENDS and not _is_inside(before, token, after)
        if ends and sentence:
            yield line, sentence
            sentence = []
        line += token.text == "\n"
    if sentence:
        yield line, sentence


def _is_inside(before: Token | None, token: Token, after: Token | None) -> bool:
    """Tell whether a full stop is within a name: "J. M. W. Turner", "No. 2"."""
    if token.text != "." or before is None or after is None:
        return False
    is_initial = len(before.text) == 1 and before.kind == "word" and before.text.isalpha()
    return is_initial or (before.text in _ABBREVIATIONS and after.is_word)
