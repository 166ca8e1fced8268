"""Dialogues of a person with the bot, written as Gmail, Outlook and Apple Mail write.

DIALOGUES    the table: what is said, and what is to come of it
Client       writes mails and replies with a program's headers and quotes
Gallery      a balancer with the shipped styles, which keeps what it was asked
judge        what is wrong with what came of a turn; "" for nothing
"""

from __future__ import annotations

import html
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

from aiohttp import web

from mailbot.languages.translator import translator
from styles.contract import Card, StyleSummary
from styles.errors import NoImage, PhotoGone, UnclearReply, UnknownStyle
from styles.language import blend_syntax
from tests.fakes.mailbot.mails import photo
from tests.fakes.runner.balancer import FakeBalancer

ROOT = Path(__file__).parent.parent.parent.parent
DIALOGUES: list[dict[str, Any]] = [
    json.loads(line) for line in (ROOT / "tests/fixtures/dialogues.jsonl").read_text().splitlines()
]
BOT = "bot@painter.example"
#: Long sides of the sizes that people name, pixels.
SIZES = {"small": 512, "big": 2048, "full": 16_384}
#: Attributions as each language's program writes them, Gmail's where it is not said otherwise.
WROTE = {
    "en": f"On Thu, Nov 26, 2026 at 1:00 AM The Painter <{BOT}> wrote:",
    "de": f"Am Do., 26. Nov. 2026 um 01:00 Uhr schrieb The Painter <{BOT}>:",
    "fr": f"Le jeu. 26 nov. 2026 à 01:00, The Painter <{BOT}> a écrit :",
    "es": f"El jue, 26 nov 2026 a las 1:00, The Painter (<{BOT}>) escribió:",
    "it": f"Il giorno gio 26 nov 2026 alle ore 01:00 The Painter <{BOT}> ha scritto:",
    "pt": f"Em qui., 26 de nov. de 2026 às 01:00, The Painter <{BOT}> escreveu:",
    "zh": f"The Painter <{BOT}> 于2026年11月26日周四 01:00写道：",
    "ja": f"2026/11/26 1:00、The Painter <{BOT}>のメール:",
}
#: Outlook's head above an old mail: From, Sent, To, Subject.
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "zh": ("发件人", "发送时间", "收件人", "主题"),
}


def cards() -> list[StyleSummary]:
    """The shipped styles, as the registry lists them."""
    files = sorted((ROOT / "styles/builtin").glob("*/style.toml"))
    found = [Card.from_mapping(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files]
    known = {each.name for each in fields(StyleSummary)} - {"aliases", "preview"}
    values = [{name: getattr(card, name) for name in known if hasattr(card, name)} for card in found]
    return [StyleSummary(**each, aliases={"live": 3}) for each in values]


class Gallery(FakeBalancer):
    """Paints in the shipped styles."""

    def __init__(self) -> None:
        self.listed = cards()
        super().__init__(tuple(style.name for style in self.listed))

    async def _styles(self, _request: web.Request) -> web.Response:
        return web.json_response([asdict(style) for style in self.listed])


@dataclass(kw_only=True)
class Client:
    """A person's mail program."""

    program: str  #: gmail, outlook or apple
    lang: str
    address: str
    number: int = 0

    def write(self, turn: dict[str, Any], answer: EmailMessage | None) -> bytes:
        """The mail of a turn; a reply to `answer`, if there is one."""
        self.number += 1
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = f"Ellen <{self.address}>", BOT, turn["subject"]
        message["Message-ID"] = make_msgid(f"{self.program}{self.number}", "mail.example")
        message["Date"] = "Thu, 26 Nov 2026 01:00:00 +0000"
        if answer is not None and not turn.get("new_thread"):
            message["In-Reply-To"] = str(answer["Message-ID"])
            message["References"] = f"{answer['References'] or ''} {answer['Message-ID']}".strip()
        else:
            answer = None
        getattr(self, f"_{self.program}")(message, turn["text"], answer)
        if turn["photo"]:
            name = f"IMG_{2040 + self.number}.jpg"
            message.add_attachment(self.photo, maintype="image", subtype="jpeg", filename=name)
        return message.as_bytes()

    @property
    def photo(self) -> bytes:
        """The photo of this turn."""
        return photo(seed=self.number)

    def _gmail(self, message: EmailMessage, text: str, answer: EmailMessage | None) -> None:
        plain, page = text, f'<div dir="ltr">{_html(text)}</div>'
        if answer:
            quoted = "".join(f"> {line}\r\n" for line in _text(answer).splitlines())
            plain += f"\r\n\r\n{WROTE[self.lang]}\r\n\r\n{quoted}"
            page += (
                '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
                f'{html.escape(WROTE[self.lang])}<br></div><blockquote class="gmail_quote" style="margin:0">'
                f"{_html(_text(answer))}</blockquote></div>"
            )
        message.set_content(plain)
        message.add_alternative(page, subtype="html")

    def _outlook(self, message: EmailMessage, text: str, answer: EmailMessage | None) -> None:
        """Outlook quotes the pictures of the old mail too."""
        message["Thread-Topic"] = "photo"
        message["Thread-Index"] = "AQHbP2V0aGUgcGFpbnRlcg=="
        plain, page, shown = text, f'<div class="elementToProof">{_html(text)}</div>', b""
        if answer:
            date = "Thursday, November 26, 2026 1:00 AM"
            values = (f"The Painter <{BOT}>", date, self.address, str(answer["Subject"]))
            head = [f"{name}: {value}" for name, value in zip(OUTLOOK[self.lang], values, strict=True)]
            plain += "\r\n\r\n________________________________\r\n" + "\r\n".join(head)
            plain += f"\r\n\r\n{_text(answer)}"
            bold = "<br>".join(
                f"<b>{line.partition(':')[0]}:</b>{html.escape(line.partition(':')[2])}" for line in head
            )
            page += (
                f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg" dir="ltr">{bold}</div>'
                f'<div>{_html(_text(answer))}<img src="cid:image001.jpg@01DB"></div>'
            )
            inline = [p for p in answer.walk() if p.get_content_maintype() == "image"]
            shown = inline[0].get_content() if inline else b""
        message.set_content(plain)
        message.add_alternative(page, subtype="html")
        if shown:
            message.get_payload()[1].add_related(  # type: ignore[index,union-attr]
                shown,
                "image",
                "jpeg",
                cid="<image001.jpg@01DB>",
                filename="image001.jpg",
                disposition="inline",
            )

    def _apple(self, message: EmailMessage, text: str, answer: EmailMessage | None) -> None:
        plain = text
        if answer:
            wrote = {"en": f"On 26 Nov 2026, at 01:00, The Painter <{BOT}> wrote:"}.get(
                self.lang, WROTE[self.lang]
            )
            quoted = "".join(f"> {line}\r\n" for line in _text(answer).splitlines())
            plain += f"\r\n\r\n> {wrote}\r\n> \r\n{quoted}"
        message.set_content(plain)
        message["X-Mailer"] = "iPhone Mail (21A360)"


def _html(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.splitlines())


def _text(answer: EmailMessage) -> str:
    body = answer.get_body(("plain",))
    return str(body.get_content()) if body else ""


@dataclass(kw_only=True)
class Came:
    """What came of a turn."""

    lang: str  #: of the dialogue
    state: str  #: of its mail
    text: str  #: of the answer
    queries: Sequence[dict[str, str]] = ()
    photos: Sequence[bytes] = ()
    sent: Sequence[bytes] = field(default_factory=list)  #: the photo of each turn so far, or empty


def _sentences(error: type[UnknownStyle | UnclearReply | NoImage], lang: str) -> Iterator[str]:
    """An error's sentence up to a name, in a dialogue's language, and in English for short mails."""
    for code in (lang, "en"):
        yield translator(code).gettext(error.sentence).partition("{")[0]


def _not_understood(came: Came) -> Iterator[str]:
    """The words that the answer says were not understood, in a dialogue's language and in English."""
    for code in (came.lang, "en"):
        before = translator(code).gettext("I did not understand: {words}.").partition("{")[0]
        yield came.text.partition(before)[2].partition("\n")[0]


def judge(expected: dict[str, Any], came: Came) -> str:
    """What is wrong; a strength above 100% is met by 100%, which is the most."""
    if expected.get("silence"):
        return "" if came.state == "silent" else f"{came.state}: {came.text[:60]}"
    told_of = {"unknown": (UnknownStyle,), "unclear": (UnclearReply,), "ask_for_photo": (NoImage, PhotoGone)}
    if errors := next((told_of[name] for name in expected if name in told_of), None):
        told = any(sentence in came.text for error in errors for sentence in _sentences(error, came.lang))
        return "" if not came.queries and told else f"{came.queries} {came.text[:60]}"
    if len(came.queries) != 1:
        return f"{len(came.queries)} pictures: {came.text[:80]!r}"
    query = came.queries[0]
    wrong = [name for name, value in expected.items() if not _holds(name, value, query, came)]
    return f"{', '.join(wrong)}: {query}" if wrong else ""


def _holds(name: str, value: Any, query: dict[str, str], came: Came) -> bool:
    style, size = query.get("style", ""), int(query.get("size", 1024))
    match name:
        case "style":
            return value == style or (isinstance(value, list) and style in value)
        case "default":
            return style == "starry-night"
        case "sheet":
            return not style
        case "blend":
            shares = blend_syntax.read(style)
            are_near = all(abs(shares.get(k, 0) - value[k] / 100) < 0.02 for k in value)
            return bool(are_near) and set(shares) == set(value)
        case "strength":
            low, high = (min(each, 100) for each in value)
            return bool(low <= 100 * float(query.get("strength", 1)) <= high)
        case "size":
            named = [value] if isinstance(value, str) else value
            return size in {SIZES[each] for each in named}
        case "pixels":
            return bool(size == value)
        case "pixels_below":
            return bool(size < value)
        case "keep_colours":
            return query.get("keep_colors") == "true"
        case "photo_of":
            return list(came.photos) == [came.sent[value]]
        case "part_unknown":
            return any(value in words for words in _not_understood(came))
    raise AssertionError(name)
