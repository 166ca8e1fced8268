"""Write an answer's content as text and as html.

The html uses what Gmail, Outlook's Word engine and phones have in common: tables, styles in the tags, and
sizes as attributes. Its style sheet only serves dark and narrow screens, since Gmail sometimes drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from mailbot.parsing import file_type
from mailbot.replies.wording import described, either, explained
from styles.contract import StyleSummary

#: The words before the names of other styles.
ANOTHER_STYLE = "Another style? Send the photo again with its name as the subject:"
#: Styles that are named at the end of an answer, and of a text message.
_HINTED, _HINTED_ON_PHONES = 12, 5
#: Styles up to which the list explains each: Gmail cuts pages at 102 kB, and a style takes 700 bytes.
_EXPLAINED = 80
#: Largest width and height of a picture, CSS pixels: the card's inner width, and a laptop's window.
SHOWN_WIDTH, SHOWN_HEIGHT = 544, 720


@dataclass(frozen=True, kw_only=True)
class Picture:
    """Hold one painted photo of an answer."""

    name: str  #: file name, safe in every file system
    image: bytes
    subtype: str  #: `jpeg` or `png`
    preview: bytes = b""  #: a JPEG that is shown in its place, if any
    alt: str = ""  #: description for people who do not see it
    caption: str = ""  #: title, if there are several
    options: tuple[str, ...] = ()  #: its options, a few words each

    @cached_property
    def pixels(self) -> tuple[int, int] | None:
        """Width and height of the full picture, if its header states them."""
        return file_type.dimensions(self.image)

    @property
    def shown(self) -> tuple[int, int] | None:
        """Width and height in the letter, CSS pixels; small pictures are not enlarged."""
        size = file_type.dimensions(self.preview or self.image)
        if not size or not all(size):
            return None
        scale = min(1.0, SHOWN_WIDTH / size[0], SHOWN_HEIGHT / size[1])
        return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))

    @property
    def note(self) -> str:
        """Size in pixels, and options."""
        size = (f"{self.pixels[0]}\u00a0×\u00a0{self.pixels[1]}\u00a0pixels",) if self.pixels else ()
        return ", ".join((*size, *self.options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Hold the words and pictures of an answer, from top to bottom."""

    title: str
    paragraphs: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()  #: styles that the sender perhaps meant
    pictures: tuple[Picture, ...] = ()
    problems: tuple[str, ...] = ()  #: one line for each photo that could not be painted
    left_over: str = ""  #: which photos were left over, and what to do
    examples: tuple[tuple[str, str], ...] = ()  #: words to write, and their effect
    listed: tuple[StyleSummary, ...] = ()  #: styles, each on a line with title and artist
    hint: str = ANOTHER_STYLE
    hinted: tuple[StyleSummary, ...] = ()  #: styles named behind the hint, at the end
    is_text_message: bool = False  #: short, and read on a phone

    @property
    def preheader(self) -> str:
        """Words that a list of mails shows behind the subject."""
        files = [picture.name for picture in self.pictures if picture.preview]
        if files:
            return f"In full size in the attachment: {', '.join(files)}"
        return " ".join((*self.paragraphs, *self.problems))[:200]


def text_of(letter: Letter) -> str:
    """Write the letter as text."""
    is_short = letter.is_text_message
    pictures = () if is_short else map(_line, letter.pictures)
    styles = [style.name if is_short else f"- {style.name}: {described(style)}" for style in letter.listed]
    blocks = (
        letter.title,
        f"Did you mean {either(letter.suggested)}?" if letter.suggested else "",
        *letter.paragraphs,
        "\n".join(pictures),
        "\n".join(f"- {problem}" for problem in letter.problems),
        letter.left_over,
        "\n".join(f"- “{phrase}”: {does}" for phrase, does in letter.examples),
        (", " if is_short else "\n").join(styles),
        _hint(letter) if letter.hinted else "",
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(picture: Picture) -> str:
    where = f"- {picture.caption}: " if picture.caption else "Attached: "
    note = f" ({picture.note})" if picture.note else ""
    return f"{where}{picture.name}{note}"


def _hint(letter: Letter) -> str:
    most = _HINTED_ON_PHONES if letter.is_text_message else _HINTED
    names = ", ".join(style.name for style in letter.hinted[:most])
    if letter.is_text_message:
        return f"{'Other styles' if letter.pictures else 'Styles'}: {names}. Write “styles” for all."
    more = " …" if len(letter.hinted) > most else ""
    rest = "“surprise me” lets me choose, “all styles” brings all on one sheet, “help” tells the rest."
    return f"{letter.hint} {names}{more}.\n{rest}"


def html_of(letter: Letter, bot: str, cids: Sequence[str]) -> str:
    """Write the letter as html; `cids` are the pictures' content ids, and links write mails to `bot`."""

    def ask(subject: str) -> str:
        """Return a link that opens a mail to the bot (RFC 6068)."""
        return f"mailto:{quote(bot, safe='@')}?subject={quote(subject, safe='')}"

    words = {"described": described, "explained": explained, "ask": ask}
    limits = {"hinted": _HINTED, "most_explained": _EXPLAINED}
    return str(_template().render(letter=letter, cids=cids, **words, **limits))


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("mailbot.replies"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("letter.html")
