"""Take a mail apart for the page, with the bot's own readers, which no mail can break.

The page shows the html in a frame without scripts. Its pictures (`cid:`) become addresses below the mail's
own. Its links to the bot (`mailto:`) open the page's own form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

from mailbot.parsing import charsets, file_type, headers, mime_parts, mime_tree

#: Formats that browsers show, by their first bytes, with their media types.
SHOWN = {kind: f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp", "avif")}
#: Characters that are shown of a mail that cannot be taken apart.
LONGEST_SOURCE = 50_000
_CID = re.compile(r"""cid:([^"'\s)>]+)""")
_MAILTO = re.compile(r"""\bhref=(["'])mailto:""", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Hold what a list shows of a mail."""

    subject: str
    sender: str  #: a name, else an address, else what stands there
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailFile:
    """Describe a part of a mail that is no text to read."""

    number: int  #: place among the parts
    name: str
    media_type: str  #: that of a picture that browsers show, else ""
    size: int  #: bytes
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """Hold what the page shows of a mail."""

    heading: Heading
    text: str
    html: str
    files: tuple[MailFile, ...]
    #: Message-IDs for an answer: those of the thread, and its own.
    thread: tuple[str, ...]
    reply_to: str

    @property
    def listed(self) -> tuple[MailFile, ...]:
        """The files to list: those that the html does not show, or else all, to be saved."""
        return tuple(file for file in self.files if file.number not in self.framed) or self.files

    @property
    def framed(self) -> frozenset[int]:
        """The numbers of the files that the html shows."""
        return frozenset(map(int, re.findall(r"\bpart/(\d+)", self.html)))


def heading(message: Message) -> Heading:
    """Read subject, sender and recipients. Never raises."""
    senders = headers.addresses(message, "From")
    recipients = [name or address for name, address in headers.addresses(message, "To", "Cc")]
    return Heading(
        subject=headers.clean(headers.decode(headers.first(message, "Subject"))),
        sender=(senders[0][0] or senders[0][1]) if senders else headers.clean(headers.first(message, "From")),
        to=", ".join(recipients) or headers.clean(headers.first(message, "To")),
    )


def view(mail: bytes) -> MailView:
    """Take a mail apart. One over the limits is shown as it is, in part. Never raises."""
    try:
        tree = mime_tree.read(mail)
        parts = list(mime_parts.leaves(tree))
    except (mime_tree.Unreadable, RecursionError):
        return _as_source(mail)
    html = next((part for part in parts if part.type == "text/html" and part.is_text), None)
    plain = [part for part in parts if part.type == "text/plain" and part.is_text]
    shown = [*plain, *([html] if html else [])]
    files = tuple(_file(number, part) for number, part in enumerate(parts) if part not in shown)
    cids = {part.cid: number for number, part in enumerate(parts) if part.cid}
    senders = headers.addresses(tree.message, "Reply-To", "From")
    ids = headers.fields(tree.message, "References") + headers.fields(tree.message, "Message-ID")
    return MailView(
        heading=heading(tree.message),
        text="\n".join(part.text.strip("\n") for part in plain),
        html=_framed(html.text, cids) if html else "",
        files=files,
        thread=headers.ids(*ids),
        reply_to=senders[0][1] if senders else "",
    )


def _file(number: int, part: mime_parts.MimePart) -> MailFile:
    name = part.name or f"part-{number}"
    media_type = SHOWN.get(file_type.kind(part.content), "")
    return MailFile(
        number=number, name=name, media_type=media_type, size=len(part.content), content=part.content
    )


def _framed(html: str, cids: dict[str, int]) -> str:
    """Turn the html into the document of the frame. Links open in a new tab."""

    def picture(found: re.Match[str]) -> str:
        number = cids.get(found[1])
        return "data:," if number is None else f"part/{number}"

    html = _MAILTO.sub(r"target=\1_top\1 href=\1/write?mailto=", _CID.sub(picture, html))
    return f'<!doctype html><meta charset="utf-8"><base target="_blank">{html}'


def _as_source(mail: bytes) -> MailView:
    text = charsets.decode_bytes(mail[:LONGEST_SOURCE], "utf-8")
    nothing = Heading(subject="A mail that cannot be taken apart", sender="", to="")
    return MailView(heading=nothing, text=text, html="", files=(), thread=(), reply_to="")
