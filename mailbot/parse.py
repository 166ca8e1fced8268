"""Raw mail to the request that a person made: what they wrote and which photos they sent.

    parse_email     bytes -> StyleRequest; raises ParseError and nothing else
    StyleRequest    who asks, for what, with which photos
    Photo           one photo, as it came
    without         a request without some photos, such as those that we painted ourselves

The walk: headers, then every leaf of the MIME tree is a text, a photo or nothing. A photo is known by its
bytes, or by the claim to be one: then its sender is told that it could not be opened, which is better than
silence. Logos, quoted pictures and what phone gateways add are dropped as long as another photo is there.
"""

from __future__ import annotations

import email
import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from email import policy
from email.message import Message
from functools import cached_property
from typing import Literal

from mailbot import carriers, headers, sniff, text
from mailbot.carriers import Carrier
from mailbot.folding import Folded, fold
from mailbot.mime import Part, leaves
from mailbot.origin import Origin, read_origin
from mailbot.page import Page, read_page
from styles.errors import Permanent

#: Photos of one mail that are kept; how many of them are painted is decided later.
MAX_PHOTOS = 20
#: Each line is compared with the boundary of every part around it, 8 million times a second: 6 s at most.
#: A mail of 35 MB with ten parts comes to 5 million.
MAX_LINES_BY_PARTS = 50_000_000
#: Each line is a string of its own while parsing, some 100 bytes with nothing in it: 200 MB at most.
#: A mail of 35 MB in base64 has 470,000.
MAX_LINES = 2_000_000
#: Text parts, plain or html, that are read; a mail program writes one or two, an iPhone one between photos.
MAX_TEXTS = 30
#: Bytes of text that are kept, as UTF-8.
MAX_TEXT = 20_000
#: Ids in `References`: the thread's first and its latest.
MAX_REFERENCES = 20
#: A picture that the html shows is a logo below either of these: bytes, and pixels of the short side.
LOGO_BYTES, LOGO_SIDE = 10_000, 150
#: Names that promise a picture.
_SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff"),
    *(".dng", ".cr2", ".nef", ".arw"),
)
#: AppleDouble: the Mac's file attributes, sent beside the photo under the same name.
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
_TNEF = b"\x78\x9f\x3e\x22"


class ParseError(Permanent):
    """Bytes that cannot be understood as a mail."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("I could not read your mail.", detail)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo as it came, undecoded."""

    name: str
    image: bytes
    kind: str  #: `jpeg`, `heic`, …; "" where the bytes are no image, only called one

    @cached_property
    def sha256(self) -> str:
        """64 hex digits."""
        return hashlib.sha256(self.image).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRequest:
    """What a person asks for by one mail."""

    sender: str  #: the address to answer, "" if there is none
    name: str  #: display name, may be ""
    recipients: tuple[str, ...]
    message_id: str  #: as it came, brackets and all; "" if there is none
    references: tuple[str, ...]  #: the thread so far, oldest first, without `message_id`
    subject: str
    text: str
    images: tuple[Photo, ...]
    #: Why the content cannot be looked at: encrypted, or packed by Outlook into `winmail.dat`.
    sealed: Literal["", "encrypted", "winmail"] = ""
    origin: Origin


def parse_email(raw: bytes) -> StyleRequest:
    """The request in this mail. Raises `ParseError`, whatever the bytes are. Blocks: 0.1 s per 10 MB."""
    folded = fold(raw)
    mail = folded.mail
    # The parser ends a line at each of the three.
    lines = mail.count(b"\n") + mail.count(b"\r") - mail.count(b"\r\n")
    if lines > MAX_LINES:
        raise ParseError("too many lines")
    if lines * mail.lower().count(b"boundary") > MAX_LINES_BY_PARTS:
        raise ParseError("too many lines in too many parts")
    try:
        return _request(email.message_from_bytes(mail, policy=policy.compat32), folded)
    except Exception as error:  # RecursionError at some 300 nested parts; others are not known, but hostile
        raise ParseError(type(error).__name__) from error


def without(request: StyleRequest, digests: Container[str]) -> StyleRequest:
    """The request without the photos of these SHA-256 digests: a reply to us quotes our own pictures."""
    return replace(request, images=tuple(photo for photo in request.images if photo.sha256 not in digests))


def _request(message: Message, folded: Folded) -> StyleRequest:
    origin = read_origin(message)
    name, sender = _who_asks(message)
    carrier = carriers.of(origin.from_address)
    parts = [part for part in leaves(message, folded) if not carriers.is_noise(part.name, part.type, carrier)]
    pages = [(part, read_page(part.text)) for part in _some(parts, "text/html")]
    message_id = _message_id(message)
    photos = _photos(parts, [page for _, page in pages])
    return StyleRequest(
        sender=sender,
        name=name,
        recipients=_recipients(message),
        message_id=message_id,
        references=_references(message, message_id),
        subject=_subject(message),
        text=_text(parts, pages, carrier),
        images=photos,
        sealed="" if photos else _sealed(origin.content_type, parts),
        origin=origin,
    )


def _who_asks(message: Message) -> tuple[str, str]:
    """Name and address to answer: `Reply-To` where it holds one, else `From`."""
    senders = headers.addresses(headers.fields(message, "From"))
    answers = headers.addresses(headers.fields(message, "Reply-To"))
    name = senders[0][0] if senders else ""
    if answers:
        return answers[0][0] or name, answers[0][1]
    return senders[0] if senders else ("", "")


def _recipients(message: Message) -> tuple[str, ...]:
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    values = tuple(value for name in names for value in headers.fields(message, name))
    return tuple(dict.fromkeys(address for _, address in headers.addresses(values)))


def _message_id(message: Message) -> str:
    """The id as it came; one without brackets is given some, since it will stand in `In-Reply-To`."""
    value = headers.first(message, "Message-ID")
    known = headers.ids(value)
    if known:
        return known[0]
    bare = headers.ids(f"<{value.strip('<> ')}>")
    return bare[0] if bare else ""


def _references(message: Message, message_id: str) -> tuple[str, ...]:
    thread = headers.ids(headers.first(message, "References"), headers.first(message, "In-Reply-To"))
    others = [reference for reference in thread if reference != message_id]
    return tuple(others if len(others) <= MAX_REFERENCES else others[:1] + others[1 - MAX_REFERENCES :])


def _subject(message: Message) -> str:
    subject = headers.clean(headers.decode(headers.first(message, "Subject")))
    return "" if subject.lower() in carriers.BOILERPLATE_SUBJECTS else subject


def _some(parts: Sequence[Part], type: str) -> list[Part]:
    """The first parts of a text type that say anything and are no mislabelled photo."""
    said = (p for p in parts if p.type == type and p.content and not sniff.kind(p.content))
    return [part for part in said if not _claims_image(part)][:MAX_TEXTS]


def _text(parts: Sequence[Part], pages: Sequence[tuple[Part, Page]], carrier: Carrier | None) -> str:
    """The plain texts; where they say nothing, the html. A gateway sends the words as a text file."""
    plain = [p for p in _some(parts, "text/plain") if not p.forwarded and (p.is_text or carrier)]
    words = [_own_words(text.unflow(p.text, p.delsp) if p.flowed else p.text) for p in plain]
    if not any(words):
        words = [_own_words(page.text) for p, page in pages if p.is_text and not p.forwarded]
    return text.shorten("\n".join(word for word in words if word), MAX_TEXT)


def _own_words(written: str) -> str:
    return carriers.tidy(text.tidy(written))


def _photos(parts: Sequence[Part], pages: Sequence[Page]) -> tuple[Photo, ...]:
    """The photos in order, each once, without logos and quoted pictures where others are there."""
    shown = frozenset[str]().union(*(page.cids for page in pages))
    quoted = frozenset[str]().union(*(page.quoted_cids for page in pages))
    photos: dict[str, Photo] = {}
    decoration: set[str] = set()
    for part in parts:
        photo = _photo(part, len(photos) + 1)
        if photo and (photo.sha256 in photos or len(photos) < MAX_PHOTOS):
            photos.setdefault(photo.sha256, photo)
            if part.cid in quoted or (part.cid in shown and _is_small(photo)):
                decoration.add(photo.sha256)
    meant = tuple(photo for digest, photo in photos.items() if digest not in decoration)
    return meant or tuple(photos.values())


def _photo(part: Part, number: int) -> Photo | None:
    """The photo in this leaf; None if it neither is nor claims to be one."""
    content = part.content
    if part.type == "application/applefile" or content[:4] == _APPLE_DOUBLE or part.name.startswith("._"):
        return None
    kind = sniff.kind(content)
    if not kind and not _claims_image(part):
        return None
    suffix = {"jpeg": "jpg"}.get(kind, kind or "jpg")
    return Photo(name=part.name or f"photo-{number}.{suffix}", image=content, kind=kind)


def _claims_image(part: Part) -> bool:
    return part.type.startswith("image/") or part.name.lower().endswith(_SUFFIXES)


def _is_small(photo: Photo) -> bool:
    size = sniff.dimensions(photo.image)
    return len(photo.image) < LOGO_BYTES or (size is not None and min(size) < LOGO_SIDE)


def _sealed(content_type: str, parts: Sequence[Part]) -> Literal["", "encrypted", "winmail"]:
    types = {content_type, *(part.type for part in parts)}
    if types & {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}:
        return "encrypted"
    return "winmail" if any(part.content[:4] == _TNEF for part in parts) else ""
