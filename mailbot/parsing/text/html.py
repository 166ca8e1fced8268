"""Read the words of an html part, and the pictures that it shows.

The standard library's parser takes 390 s for 200 kB of `<a <a <a`, and a hostile mail may hold that. This
parser reads each character a bounded number of times: no pattern runs past the next `<`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

from mailbot.parsing.text import text_cleanup
from mailbot.parsing.text.signatures import MARKS, Mark, signature_mark

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
_ATTRIBUTE = re.compile(
    r"""\b(class|id|name|src|href|width|height)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE
)
#: A number of pixels: `180`, `180px`, `180.0`; a share of the page (`100%`) is not one.
_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d{0,6})?\s*(?:px)?\s*$", re.IGNORECASE)
#: Characters of a line that are searched for the mark of a signature or an older mail.
MAX_LINE = 200
_BREAKING = ("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "hr", "blockquote")
_SILENT = ("style", "script", "title", "head")
#: Classes and ids that mail programs give to quotes.
_QUOTES = (
    *("gmail_quote", "divrplyfwdmsg", "appendonsend", "yahoo_quoted", "stopspelling", "tutanota_quote"),
    *("protonmail_quote", "mail-editor-reference-message-container"),
)
#: Those that they give to signatures, below which no words of a mail follow.
_SIGNATURES = ("gmail_signature", "protonmail_signature_block")
#: Parts of classes, ids and names of signatures and of what companies add; words may follow below.
_FOOTERS = ("signature", "_mailautosig", "disclaimer", "footer", "exclaimer", "codetwo")
#: Thunderbird's "On …, Jane wrote:", above a blockquote.
_PREFIX = "moz-cite-prefix"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPicture:
    """Hold the place of a picture in an html part."""

    cid: str
    quoted: bool = False  #: within a quoted or forwarded mail
    mark: Mark = ""  #: what stands above it in the same mail
    linked: bool = False  #: within a link to a page
    width: int | None = None  #: pixels on the screen, as the html says; None if it does not
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlContent:
    """Hold the text of an html part, and its pictures."""

    text: str
    pictures: tuple[ShownPicture, ...]  #: in order; one that is shown twice is there twice


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
    return HtmlContent(text="".join(reader.parts), pictures=tuple(reader.pictures))


class _Reader:
    """Collect text and pictures, tag by tag."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.pictures: list[ShownPicture] = []
        self._silent = ""
        self._depth = 0  #: blockquotes that are open
        self._ended = False  #: behind a mail program's own quote or signature, where no words are read
        self._in_prefix = False
        self._is_quoted = False  #: behind a mail program's own quote, or the header of an older mail
        self._mark: Mark = ""
        self._is_linked = False
        self._line: list[str] = []
        self._above: list[str] = []  #: the latest lines

    def words(self, piece: str) -> None:
        if piece and not self._silent:
            words = re.sub(r"\s+", " ", _unescape(piece))
            self._line.append(words)
            self._write(words)

    def tag(self, name: str, is_end: bool, rest: str) -> None:
        if is_end and name == self._silent:
            self._silent = ""
        elif name == "body" or (self._silent == "head" and name in _SILENT):
            self._silent = "" if name == "body" else name  # an unclosed head, or a style within it
        elif name in _SILENT and not is_end:
            self._silent = self._silent or name
        if name in _BREAKING:
            self._end_line()
        attributes = {} if is_end else {k.lower(): "".join(v) for k, *v in _ATTRIBUTE.findall(rest)}
        if name == "a":
            self._is_linked = attributes.get("href", "").lower().startswith("http")
        if not is_end:
            self._look_at(attributes)
        if name == "blockquote":  # some people write below what they quote
            self._depth = max(0, self._depth + (-1 if is_end else 1))
            if self._depth == (0 if is_end else 1):
                self._mark = ""  # one mail's signature says nothing of the other's pictures
        if name == "div" and is_end:
            self._in_prefix = False
        if name in _BREAKING:
            self._write("\n")

    def _look_at(self, attributes: dict[str, str]) -> None:
        marks = " ".join(attributes.get(key, "") for key in ("class", "id", "name")).lower()
        if any(mark in marks for mark in _QUOTES):
            self._ended, self._is_quoted, self._mark = True, True, ""
        elif any(mark in marks for mark in (*_SIGNATURES, *_FOOTERS)):
            self._ended = self._ended or any(mark in marks for mark in _SIGNATURES)
            self._mark = "signature"
        if _PREFIX in marks:
            self._in_prefix = True
        source = _unescape(attributes.get("src", ""))
        if source.lower().startswith("cid:"):
            picture = ShownPicture(
                cid=unquote(source[4:]),
                quoted=self._is_quoted or self._depth > 0,
                mark=self._mark,
                linked=self._is_linked,
                width=_pixels(attributes.get("width", "")),
                height=_pixels(attributes.get("height", "")),
            )
            self.pictures.append(picture)

    def _end_line(self) -> None:
        """Note what the line that ends here says of the pictures below it."""
        line = "".join(self._line[:20])[:MAX_LINE].strip()
        self._line = []
        if line:
            self._above = [*self._above[-3:], line]
            if not self._is_quoted and text_cleanup.begins_old_mail(self._above):
                self._is_quoted, self._mark = True, ""
            else:
                self._mark = max(self._mark, signature_mark(line), key=MARKS.index)

    def _write(self, piece: str) -> None:
        is_read = not (self._depth or self._ended or self._in_prefix)
        if is_read and not (piece == "\n" and self.parts[-1:] == ["\n"]):
            self.parts.append(piece)


def _pixels(value: str) -> int | None:
    found = _PIXELS.match(value)
    return int(found[1]) if found else None


def _unescape(piece: str) -> str:
    try:
        return html.unescape(piece)
    except ValueError:  # a character number of more than 4,300 digits
        return piece
