"""Parse a raw mail into the request of a person: their words and photos.

First the headers are read, then every leaf of the MIME tree (`mime`), and the pictures within a text
(`inline_images`). A leaf is a text, a photo (`photos`) or ignored. For a mail without a photo, `unsupported`
names the reason.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from itertools import accumulate

from mailbot.parsing import carriers, file_type, headers, mime_tree, photos, unsupported_files
from mailbot.parsing.automation_headers import AutomationHeaders, read_automation_headers
from mailbot.parsing.inline_images import unpack
from mailbot.parsing.mime_parts import MimePart, leaves
from mailbot.parsing.mime_tree import MimeTree
from mailbot.parsing.photos import Photo
from mailbot.parsing.text import text_cleanup
from mailbot.parsing.text.html import MAX_HTML, HtmlContent, read_html
from mailbot.parsing.unsupported_files import Unsupported
from styles.contract import PaintingRecipe
from styles.errors import Permanent
from styles.imaging import xmp_reader
from styles.translatable import gettext_noop

#: The channel of mail. Others are named in `mailbot/channels/`.
MAIL = "mail"
#: Stands among the `references` of a chat's message for all that was said before: nobody quotes there.
CHAT = "<chat>"
#: Text parts, plain or html, that are read: mail programs write one or two, an iPhone one between photos.
MAX_TEXTS = 30
#: Bytes after which no other text part is read: half a second at worst.
MAX_TEXT_READ = 300_000
#: Bytes of text that are kept, as UTF-8.
MAX_TEXT = 20_000
#: Ids of `References` that are kept: the thread's first and its latest.
MAX_REFERENCES = 20


class ParseError(Permanent):
    """Report bytes that cannot be read as a mail."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(gettext_noop("I could not read your mail."), detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRequest:
    """Hold the request that a person makes by one mail."""

    sender: str  #: address of the answer, or ""
    name: str  #: display name, or ""
    recipients: tuple[str, ...]
    message_id: str  #: with its brackets, or ""
    references: tuple[str, ...]  #: ids of the thread, oldest first, without `message_id`
    subject: str
    text: str
    images: tuple[Photo, ...]
    unsupported: Unsupported = ""  #: what a mail without a photo holds instead
    was_ours: bool = False  #: all its pictures were the bot's own paintings, and were taken out
    recipes: tuple[PaintingRecipe, ...] = ()  #: of these paintings, each once
    content_language: str = ""  #: as the header says, such as `de-AT`
    language: str = ""  #: code of the answer's language, "" for English in doubt; see `mailbot/languages/`
    automation: AutomationHeaders
    forwarded: str = ""  #: words of the mail that this one forwards within its text
    channel: str = MAIL  #: of another one, `sender` is such as `telegram:12345`, which no mail's can be


def parse_email(raw: bytes) -> StyleRequest:
    """Return the request in this mail. Raises only `ParseError`. Blocks: 0.1 s per 10 MB."""
    try:
        return _request(mime_tree.read(raw))
    except mime_tree.Unreadable as error:
        raise ParseError(str(error)) from error
    except Exception as error:  # RecursionError at some 300 nested parts; hostile mails may raise others
        raise ParseError(type(error).__name__) from error


def without(request: StyleRequest, digests: Container[str]) -> StyleRequest:
    """Remove the bot's own paintings, known by these SHA-256 digests or by their recipes.

    A reply may quote them, and a person may send one beside a photo: "the same for this one".
    """
    recipes = {photo.sha256: xmp_reader.recipe_of(photo.image) for photo in request.images}
    images = tuple(p for p in request.images if not (p.sha256 in digests or recipes[p.sha256]))
    return replace(
        request,
        images=images,
        was_ours=bool(request.images) and not images,
        recipes=tuple(dict.fromkeys(recipe for recipe in recipes.values() if recipe)),
    )


def _request(mail: MimeTree) -> StyleRequest:
    message = mail.message
    automation = read_automation_headers(message)
    author = next(iter(headers.addresses(message, "From")), ("", ""))
    name, sender = next(iter(headers.addresses(message, "Reply-To")), author)
    recipients = headers.addresses(message, "Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
    carrier = carriers.of(automation.from_address)
    parts = [
        piece
        for number, part in enumerate(leaves(mail))
        if not carriers.is_noise(part.name, part.type, carrier)
        for piece in unpack(part, number)
    ]
    pages = [(part, read_html(part.text)) for part in _some(parts, "text/html")]
    subject = headers.clean(headers.decode(headers.first(message, "Subject")))
    message_id = _message_id(message)
    images = photos.find(parts, [page for _, page in pages], carrier)
    return StyleRequest(
        sender=sender,
        name=name or author[0],
        recipients=tuple(dict.fromkeys(address for _, address in recipients)),
        message_id=message_id,
        references=_references(message, message_id),
        subject="" if subject.lower() in carriers.BOILERPLATE_SUBJECTS else subject,
        text=_text(parts, pages, carrier),
        forwarded=_forwarded(parts),
        images=images,
        unsupported="" if images else unsupported_files.reason(automation.content_type, parts),
        content_language=headers.clean(headers.first(message, "Content-Language")),
        automation=automation,
    )


def _message_id(message: Message) -> str:
    """Return the id, or ""; one without brackets gets some, since the answer's `In-Reply-To` repeats it."""
    value = headers.first(message, "Message-ID")
    return next(iter(headers.ids(value) or headers.ids(f"<{value.strip('<> ')}>")), "")


def _references(message: Message, message_id: str) -> tuple[str, ...]:
    thread = headers.ids(headers.first(message, "References"), headers.first(message, "In-Reply-To"))
    others = [reference for reference in thread if reference != message_id]
    return tuple(others if len(others) <= MAX_REFERENCES else others[:1] + others[1 - MAX_REFERENCES :])


def _some(parts: Sequence[MimePart], type: str) -> list[MimePart]:
    """Return the first parts of a text type that hold bytes and are no mislabelled photo."""
    texts = [
        part
        for part in parts
        if part.type == type
        and part.content
        and not file_type.kind(part.content)
        and not photos.claims_image(part)
    ][:MAX_TEXTS]
    sizes = accumulate((min(len(part.content), MAX_HTML) for part in texts), initial=0)
    return [part for part, before in zip(texts, sizes, strict=False) if before < MAX_TEXT_READ]


def _text(
    parts: Sequence[MimePart], pages: Sequence[tuple[MimePart, HtmlContent]], carrier: str | None
) -> str:
    """Return the plain texts, or the html if these are empty. A gateway sends the words as a text file."""
    plain = [p for p in _some(parts, "text/plain") if not p.forwarded and (p.is_text or carrier)]
    words = [_own_words(text_cleanup.unflow(p.text, p.delsp) if p.flowed else p.text) for p in plain]
    if not any(words):
        words = [_own_words(page.text) for p, page in pages if p.is_text and not p.forwarded]
    return text_cleanup.shorten("\n".join(word for word in words if word), MAX_TEXT)


def _forwarded(parts: Sequence[MimePart]) -> str:
    """Return the words of the first mail that a plain text forwards."""
    plain = (part.text for part in _some(parts, "text/plain") if not part.forwarded and part.is_text)
    return text_cleanup.shorten(next(filter(None, map(text_cleanup.forwarded, plain)), ""), MAX_TEXT)


def _own_words(written: str) -> str:
    return carriers.tidy(text_cleanup.tidy(written))
