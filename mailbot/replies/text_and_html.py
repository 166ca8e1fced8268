"""Write an answer's content as text and as html.

The html uses what Gmail, Outlook's Word engine and phones have in common: tables, styles in the tags, and
sizes as attributes. Its style sheet only serves dark and narrow screens, since Gmail sometimes drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader

from mailbot.languages.translator import Translator
from mailbot.parsing import file_type
from mailbot.replies.style_wording import described, explained
from styles.contract import StyleSummary

#: Styles that are named at the end of an answer, and of a text message.
_HINTED, _HINTED_ON_PHONES = 12, 5
#: Examples of a text message, up to that of “stop”.
_EXAMPLES_ON_PHONES = 6
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

    def note(self, say: Translator) -> str:
        """Return the size in pixels, and the options."""
        if not self.pixels:
            return say.listed(self.options)
        width, height = self.pixels
        size = say.gettext("{width}\u00a0×\u00a0{height}\u00a0pixels", width=width, height=height)
        return say.listed((size, *self.options))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """Hold the words and pictures of an answer, from top to bottom."""

    say: Translator  #: into the language of the letter
    title: str
    paragraphs: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()  #: styles that the sender perhaps meant
    pictures: tuple[Picture, ...] = ()
    problems: tuple[str, ...] = ()  #: one line for each photo that could not be painted
    left_over: str = ""  #: which photos were left over, and what to do
    examples: tuple[tuple[str, str], ...] = ()  #: words to write, and their effect
    listed: tuple[StyleSummary, ...] = ()  #: styles, each on a line with title and artist
    hint: str = ""  #: what to do with the styles that follow
    hinted: tuple[StyleSummary, ...] = ()  #: styles named behind the hint, at the end
    answered: str = ""  #: Message-ID of this letter, if a link may answer it with a style's name
    is_notice: bool = False  #: the answer follows
    is_text_message: bool = False  #: short, and read on a phone

    @property
    def preheader(self) -> str:
        """Words that a list of mails shows behind the subject."""
        files = [picture.name for picture in self.pictures if picture.preview]
        if files:
            return self.say.gettext("In full size in the attachment: {files}", files=self.say.listed(files))
        return " ".join((*self.paragraphs, *self.problems))[:200]


def text_of(letter: Letter) -> str:
    """Write the letter as text."""
    is_short, say = letter.is_text_message, letter.say
    pictures = () if is_short else [_line(say, picture) for picture in letter.pictures]
    styles = [
        style.name if is_short else f"- {_explained(say, style.name, described(say, style))}"
        for style in letter.listed
    ]
    blocks = (
        letter.title,
        _suggestion(letter) if letter.suggested else "",
        *letter.paragraphs,
        "\n".join(pictures),
        "\n".join(f"- {problem}" for problem in letter.problems),
        letter.left_over,
        "\n".join(
            f"- {_explained(say, say.gettext('“{words}”', words=phrase), does)}"
            for phrase, does in letter.examples[: _EXAMPLES_ON_PHONES if is_short else None]
        ),
        say.listed(styles) if is_short else "\n".join(styles),
        _hint(letter) if letter.hinted else "",
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _suggestion(letter: Letter) -> str:
    return letter.say.gettext("Did you mean {styles}?", styles=letter.say.either(letter.suggested))


def _explained(say: Translator, words: str, meaning: str) -> str:
    return say.gettext("{words}: {meaning}", words=words, meaning=meaning)


def _line(say: Translator, picture: Picture) -> str:
    note = picture.note(say)
    file = say.gettext("{file} ({note})", file=picture.name, note=note) if note else picture.name
    if picture.caption:
        return f"- {_explained(say, picture.caption, file)}"
    return say.gettext("Attached: {file}", file=file)


def _hint(letter: Letter) -> str:
    say, hinted = letter.say, letter.hinted
    most = _HINTED_ON_PHONES if letter.is_text_message else _HINTED
    names = say.listed([style.name for style in hinted[:most]])
    if letter.is_text_message:
        words = {"styles": names, "list": say.gettext("styles")}
        if letter.pictures:
            return say.gettext("Other styles: {styles}. Write “{list}” for all.", **words)
        return say.gettext("Styles: {styles}. Write “{list}” for all.", **words)
    words = {"surprise": say.gettext("surprise me"), "sheet": say.gettext("all styles")}
    if letter.examples:  # this is the help
        rest = say.gettext(
            "“{sheet}” brings all on one sheet, “{list}” brings the list.",
            sheet=words["sheet"],
            list=say.gettext("styles"),
        )
    else:
        rest = say.gettext(
            "“{surprise}” lets me choose, “{sheet}” brings all on one sheet, “{help}” tells the rest.",
            **words,
            help=say.gettext("help"),
        )
    return f"{letter.hint}\n{names}{' …' if len(hinted) > most else ''}\n{rest}"


def html_of(letter: Letter, bot: str, cids: Sequence[str]) -> str:
    """Write the letter as html; `cids` are the pictures' content ids, and links write mails to `bot`."""
    say = letter.say

    def ask(subject: str) -> str:
        """Return a link that opens a mail to the bot (RFC 6068); some programs make it an answer."""
        reply = f"&In-Reply-To={quote(letter.answered, safe='')}" if letter.answered else ""
        return f"mailto:{quote(bot, safe='@')}?subject={quote(subject, safe='')}{reply}"

    words = {
        "described": partial(described, say),
        "explained": explained,
        "ask": ask,
        "either": say.either,
        "gettext": say.gettext,
        "lang": say.tag,
    }
    limits = {"hinted": _HINTED, "most_explained": _EXPLAINED}
    return str(_template().render(letter=letter, cids=cids, **words, **limits))


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("mailbot.replies"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("letter.html")
