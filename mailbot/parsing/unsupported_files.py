"""Find out what a mail without a photo holds instead, so that its sender learns what to do.

No file is opened: an archive may be a bomb, a link may lead anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from mailbot.parsing import file_type, photos
from mailbot.parsing.mime_parts import MimePart
from styles.translatable import gettext_noop

Unsupported = Literal[
    "",
    "encrypted",
    "winmail",
    "partial",
    "raw",
    "empty",
    "narrow",
    "archive",
    "yenc",
    "video",
    "document",
    "link",
]

#: The answer in each case, the gravest first.
SENTENCES: dict[Unsupported, str] = {
    "encrypted": gettext_noop(
        "Your mail is encrypted, or signed in a way that hides what is in it, and I have no key: "
        "please send the photo in a plain mail."
    ),
    "winmail": gettext_noop(
        "Outlook packed your photo into a file named winmail.dat, which I cannot open: "
        "please send the mail as HTML or plain text."
    ),
    "partial": gettext_noop(
        "Your mail program cut the mail into pieces, and I cannot put them together: "
        "please send a smaller copy of the photo in one mail."
    ),
    "raw": gettext_noop(
        "That is a camera's raw file, which I cannot develop: please send the photo as a JPEG or HEIC."
    ),
    "empty": gettext_noop("Your photo came without anything in it: please attach it once more."),
    "narrow": gettext_noop(
        "Your picture is only one or two pixels wide or high, and I can see nothing in it: "
        "please send another one."
    ),
    "archive": gettext_noop("I do not open archives: please attach the photo itself instead of a zip file."),
    "yenc": gettext_noop(
        "Your photo is packed as yEnc, which I cannot open: please attach it in the usual way."
    ),
    "video": gettext_noop("I paint photos, and found only a video: please send a still picture of it."),
    "document": gettext_noop(
        "I found only a document in your mail: please attach the photo itself, as a picture file."
    ),
    "link": gettext_noop(
        "I found only a link to a photo, and I follow no links: please attach the photo itself."
    ),
}

_ENCRYPTED = frozenset(("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"))
_PGP = b"-----BEGIN PGP MESSAGE-----"
_TNEF = b"\x78\x9f\x3e\x22"
_ARCHIVES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_ARCHIVE_SUFFIXES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".sitx")
_VIDEO_SUFFIXES = (".mov", ".mp4", ".m4v", ".3gp", ".avi", ".webm", ".mkv")
_DOCUMENT_SUFFIXES = (
    *(".pdf", ".doc", ".docx", ".odt", ".pages", ".rtf", ".ppt", ".pptx", ".odp", ".key", ".xls", ".xlsx"),
    *(".psd", ".ai", ".eps", ".indd"),
)
#: Services where phones and mail programs store photos that they do not attach.
_LINK = re.compile(
    rb"""https?://(?:
        photos\.app\.goo\.gl/ | photos\.google\.com/ | (?:drive|docs)\.google\.com/
      | (?:www\.|share\.)?icloud\.com/(?:attachment|photos|sharedalbum|iclouddrive)
      | cvws\.icloud-content\.com/
      | 1drv\.ms/ | onedrive\.live\.com/ | [a-z0-9-]{1,60}\.sharepoint\.com/
      | (?:www\.)?dropbox\.com/ | (?:www\.)?amazon\.[a-z.]{2,6}/(?:photos|clouddrive)/
      | we\.tl/ | wetransfer\.com/ | (?:www\.)?flickr\.com/ | flic\.kr/ | (?:i\.)?imgur\.com/
    )""",
    re.IGNORECASE | re.VERBOSE,
)
#: Bytes of a text that are searched for a link.
_MAX_TEXT = 200_000
_YENC = re.compile(rb"^=ybegin .{0,200}\bline=", re.MULTILINE)


def reason(content_type: str, parts: Sequence[MimePart]) -> Unsupported:
    """Return the gravest case of a mail without a photo, "" without any hint."""
    if _ENCRYPTED & {content_type, *(part.type for part in parts)}:
        return "encrypted"
    if content_type == "message/partial":
        return "partial"
    found = {_of(part) for part in parts}
    return next((case for case in SENTENCES if case in found), "")


def _of(part: MimePart) -> Unsupported:
    """Return what this leaf holds instead of a photo, or "" for anything else."""
    name, head = part.name.lower(), part.content[:512]
    text = part.content[:_MAX_TEXT] if part.type.startswith("text/") else b""
    is_movie = part.type.startswith("video/") or file_type.is_movie(head)
    is_pdf = part.type == "application/pdf" or head[:5] == b"%PDF-"
    cases: dict[Unsupported, object] = {
        "winmail": head[:4] == _TNEF,
        "raw": photos.is_raw(part),
        "empty": not head and photos.claims_image(part),
        "narrow": part.attached and photos.is_narrow(part.content),
        "video": is_movie or name.endswith(_VIDEO_SUFFIXES),
        "document": is_pdf or name.endswith(_DOCUMENT_SUFFIXES),
        "archive": name.endswith(_ARCHIVE_SUFFIXES) or head.startswith(_ARCHIVES),
        "encrypted": _PGP in text,
        "yenc": _YENC.search(text),
        "link": _LINK.search(text),
    }
    return next((case for case, holds in cases.items() if holds), "")
