"""Mails as programs build them: html with pictures that it shows, and attachments.

Shown   a picture within the html
Letter  a mail as one of the programs writes it
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

_TYPES = {b"\xff\xd8": "jpeg", b"\x89P": "png", b"GI": "gif", b"RI": "webp", b"BM": "bmp"}


def type_of(content: bytes) -> str:
    return f"image/{_TYPES.get(content[:2], 'jpeg')}"


@dataclass(frozen=True, kw_only=True)
class File:
    """A part of a mail with a picture."""

    content: bytes
    name: str = ""
    cid: str = ""  #: the html may show it by this
    disposition: str = "attachment"  #: "" for none

    def lines(self) -> str:
        name = f'; name="{self.name}"' if self.name else ""
        head = [f"Content-Type: {type_of(self.content)}{name}", "Content-Transfer-Encoding: base64"]
        head += [f"Content-ID: <{self.cid}>"] if self.cid else []
        file = f'; filename="{self.name}"' if self.name else ""
        head += [f"Content-Disposition: {self.disposition}{file}"] if self.disposition else []
        body = base64.b64encode(self.content).decode()
        lines = [body[at : at + 76] for at in range(0, len(body), 76)]
        return "\r\n".join([*head, "", *lines])


def shown(content: bytes, name: str = "image001.png") -> File:
    """A picture that the html shows by its Content-ID, as Outlook names it."""
    digest = hashlib.sha256(content).hexdigest()[:8].upper()
    return File(content=content, name=name, cid=f"{name}@01DC5D3A.{digest}", disposition="inline")


def img(file: File, width: int = 0, height: int = 0, link: str = "") -> str:
    """The tag that shows it, at that size on the screen, within a link."""
    size = (f' width="{width}"' if width else "") + (f' height="{height}"' if height else "")
    tag = f'<img border="0"{size} src="cid:{file.cid}" alt="">'
    return f'<a href="{link}">{tag}</a>' if link else tag


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail: its text, its html with the pictures in it, and what is attached."""

    html: str = ""
    text: str = "mosaic"
    inside: Sequence[File] = field(default=())
    attached: Sequence[File] = field(default=())
    sender: str = "Jane Doe <jane@mail.example>"
    subject: str = "photo"
    forwarded: bytes = b""  #: a mail as an attachment

    def raw(self) -> bytes:
        parts = [
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{self.text}"
        ]
        if self.html:
            page = (
                "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
                + self.html
            )
            parts = [_multipart("alternative", [*parts, page])]
        if self.inside:
            parts = [_multipart("related", [*parts, *(file.lines() for file in self.inside)])]
        parts += [file.lines() for file in self.attached]
        if self.forwarded:
            parts.append("Content-Type: message/rfc822\r\n\r\n" + self.forwarded.decode())
        body = parts[0] if len(parts) == 1 else _multipart("mixed", parts)
        number = hashlib.sha256(body.encode()).hexdigest()[:16]
        head = [
            *(f"From: {self.sender}", "To: bot@painter.example", f"Subject: {self.subject}"),
            *(f"Message-ID: <{number}@mail.example>", "Date: Tue, 24 Nov 2026 12:00:00 +0000"),
            "MIME-Version: 1.0",
        ]
        return "\r\n".join([*head, body, ""]).encode()


def _multipart(kind: str, parts: Sequence[str]) -> str:
    boundary = "=_" + hashlib.sha256("".join(parts).encode()).hexdigest()[:24]
    inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{inside}--{boundary}--'


def outlook(*paragraphs: str) -> str:
    """The html of Outlook for Windows, which Word writes."""
    lines = "".join(f'<p class="MsoNormal">{words}<o:p></o:p></p>\r\n' for words in paragraphs)
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!--\r\n'
        'p.MsoNormal {margin:0cm;}\r\n--></style></head><body lang="DE"><div class="WordSection1">\r\n'
        f"{lines}</div></body></html>"
    )


def outlook_web(words: str, signature: str) -> str:
    return (
        f'<html><body dir="ltr"><div class="elementToProof">{words}</div><div id="Signature">'
        f'<div class="elementToProof">{signature}</div></div></body></html>'
    )


def gmail(words: str, signature: str = "", quote: str = "") -> str:
    mark = '<span class="gmail_signature_prefix">-- </span><br>'
    block = f'{mark}<div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{signature}</div>'
    below = f'<br><div class="gmail_quote gmail_quote_container">{quote}</div>' if quote else ""
    return f'<div dir="ltr">{words}<div><br clear="all"></div>{block if signature else ""}</div>{below}'


def apple(words: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
        f'<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">{words}</body></html>'
    )


def thunderbird(words: str, signature: str = "") -> str:
    block = f'<div class="moz-signature">-- <br>{signature}</div>' if signature else ""
    return f"<!DOCTYPE html><html><body><p>{words}</p>{block}</body></html>"
