"""Read the words of an html part, and the pictures that it shows.

The standard library's parser takes 390 s for 200 kB of `<a <a <a`, and a hostile mail may hold that. This
parser reads each character a bounded number of times: no pattern runs past the next `<`.
"""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass

#: Characters of an html part that are read; Outlook writes some 40,000 around one sentence.
MAX_HTML = 200_000

#: A comment, up to its end or that of the text; browsers take `<!-->` for a whole one.
_COMMENT = re.compile(r"<!(?=--).*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(
    r"""<[!?][^<>]*>                                                     # a declaration
      | <(?P<end>/?)(?P<name>[a-z][a-z0-9:-]{0,30})
        (?P<rest>(?:[^<>"']++|"[^"<]*"|'[^'<]*')*+ | [^<>]*)>""",
    re.IGNORECASE | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""\b(class|id|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)
_BREAKING = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr", "blockquote")
_SILENT = ("style", "script", "title", "head")
#: Classes and ids that mail programs give to quotes and signatures.
_QUOTES = (
    *("gmail_quote", "gmail_signature", "divrplyfwdmsg", "appendonsend", "yahoo_quoted", "tutanota_quote"),
    *("protonmail_quote", "protonmail_signature_block", "mail-editor-reference-message-container"),
)
#: Thunderbird's "On …, Jane wrote:", above a blockquote.
_PREFIX = "moz-cite-prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlContent:
    """Hold the text of an html part, and its pictures."""

    text: str
    cids: frozenset[str]  #: Content-IDs of pictures in the person's own words
    quoted_cids: frozenset[str]  #: Content-IDs of pictures only in quotes


def read_html(source: str) -> HtmlContent:
    """Read text and pictures. A blockquote is left out, and everything behind a mail program's own quote."""
    reader = _Reader()
    source = _COMMENT.sub("", source[:MAX_HTML])
    at = 0
    for tag in _TAG.finditer(source):
        reader.words(source[at : tag.start()])
        if tag["name"]:
            reader.tag(tag["name"].lower(), bool(tag["end"]), tag["rest"])
        at = tag.end()
    reader.words(source[at:])
    return HtmlContent(
        text="".join(reader.parts),
        cids=frozenset(reader.cids),
        quoted_cids=frozenset(reader.quoted_cids - reader.cids),
    )


class _Reader:
    """Collect text and pictures, tag by tag."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.cids: set[str] = set()
        self.quoted_cids: set[str] = set()
        self._silent = ""
        self._quotes = 0.0  #: blockquotes that are open; infinity behind a mail program's own quote
        self._in_prefix = False

    def words(self, piece: str) -> None:
        if piece and not self._silent:
            self._write(re.sub(r"\s+", " ", _unescape(piece)))

    def tag(self, name: str, is_end: bool, rest: str) -> None:
        if is_end and name == self._silent:
            self._silent = ""
        elif name == "body" or (self._silent == "head" and name in _SILENT):
            self._silent = "" if name == "body" else name  # an unclosed head, or a style within it
        elif name in _SILENT and not is_end:
            self._silent = self._silent or name
        if not is_end:
            self._look_at({key.lower(): "".join(values) for key, *values in _ATTRIBUTE.findall(rest)})
        if name == "blockquote":  # some people write below what they quote
            self._quotes = max(0, self._quotes + (-1 if is_end else 1))
        if name == "div" and is_end:
            self._in_prefix = False
        if name in _BREAKING:
            self._write("\n")

    def _look_at(self, attributes: dict[str, str]) -> None:
        marks = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()
        if any(mark in marks for mark in _QUOTES):
            self._quotes = math.inf
        if _PREFIX in marks:
            self._in_prefix = True
        source = _unescape(attributes.get("src", ""))
        if source.lower().startswith("cid:"):
            (self.quoted_cids if self._quotes else self.cids).add(source[4:])

    def _write(self, piece: str) -> None:
        if not self._quotes and not self._in_prefix and not (piece == "\n" and self.parts[-1:] == ["\n"]):
            self.parts.append(piece)


def _unescape(piece: str) -> str:
    try:
        return html.unescape(piece)
    except ValueError:  # a character number of more than 4,300 digits
        return piece
