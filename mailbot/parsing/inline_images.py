"""Take out photos that stand within a text: in html as `data:` addresses, in plain text uuencoded.

Some web mailers paste pictures into the html instead of attaching them. `uuencode` was the way to mail photos
before MIME. Both are read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from mailbot.parsing import charsets, file_type, headers, photos, transfer_encodings
from mailbot.parsing.mime_parts import MimePart

#: Files that are taken out of one text; further ones stay in it.
MAX_FILES = 100
#: A picture's address, up to the first character that is no base64; each character is read once.
_DATA = re.compile(
    rb"data:(image/(?!svg)[a-z0-9.+-]{1,20})(?:;[a-z0-9=.-]{1,40}){0,3};base64,([A-Za-z0-9+/=\s]*+)",
    re.IGNORECASE,
)


def unpack(part: MimePart, number: int) -> Iterator[MimePart]:
    """Yield the leaf, the mail's `number`th, without its pictures, then a leaf for each of them."""
    if part.type == "text/html" and (b"base64," in part.content or b"BASE64," in part.content):
        found = _in_html(part, number)
    elif part.type == "text/plain" and b"begin" in part.content:
        found = _in_plain(part)
    else:
        yield part
        return
    kept: list[bytes] = []
    pictures: list[MimePart] = []
    at = 0
    for start, end, reference, picture in found:
        kept += [part.content[at:start], reference]
        pictures.append(picture)
        at = end
    yield replace(part, content=b"".join((*kept, part.content[at:])))
    yield from pictures


def _in_html(part: MimePart, number: int) -> Iterator[tuple[int, int, bytes, MimePart]]:
    """Yield start and end of each address, the address in its place, and its picture."""
    for count, match in enumerate(islice(_DATA.finditer(part.content), MAX_FILES), start=1):
        cid = f"inlined-{number}-{count}"
        content = transfer_encodings.decode_base64(memoryview(part.content)[match.start(2) : match.end(2)])
        picture = replace(part, type=match[1].decode().lower(), name="", cid=cid, content=content)
        yield match.start(), match.end(), f"cid:{cid}".encode(), picture


def _in_plain(part: MimePart) -> Iterator[tuple[int, int, bytes, MimePart]]:
    """Yield start and end of each uuencoded picture, no text in its place, and the picture."""
    at = 0
    for _ in range(MAX_FILES):
        if (file := transfer_encodings.uuencoded(part.content, at)) is None:
            return
        start, name, content, at = file
        file_name = headers.file_name(charsets.decode_bytes(name, part.charset))
        picture = replace(part, type="application/octet-stream", name=file_name, cid="", content=content)
        if file_type.kind(content) or photos.claims_image(picture):  # a sentence may begin like a file
            yield start, at, b"", picture
