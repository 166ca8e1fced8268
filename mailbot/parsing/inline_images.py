"""Photos that stand within a text: in html as `data:` addresses, in plain text uuencoded.

    unpack    a text's leaf -> the leaf without them, and a leaf for each of them

Some web mailers paste pictures into the html instead of attaching them, and what `uuencode` makes was how
photos were mailed before MIME; both are read, so that nobody has to know of it. All is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mailbot.parsing import charsets, file_type, headers, photos, transfer
from mailbot.parsing.mime import MimePart

#: Files that are taken out of one text; what follows stays in it.
MAX_FILES = 100
#: Runs to the quote, the bracket or whatever else cannot be in base64, each character looked at once.
_DATA = re.compile(
    rb"data:(image/(?!svg)[a-z0-9.+-]{1,20})(?:;[a-z0-9=.-]{1,40}){0,3};base64,([A-Za-z0-9+/=\s]*+)",
    re.IGNORECASE,
)


def unpack(part: MimePart, number: int) -> Iterator[MimePart]:
    """The leaf, the mail's `number`th, and the pictures that it now shows by their Content-ID."""
    if part.type == "text/html" and (b"base64," in part.content or b"BASE64," in part.content):
        yield from _from_html(part, number)
    elif part.type == "text/plain" and b"begin" in part.content:
        yield from _from_plain(part)
    else:
        yield part


def _from_html(part: MimePart, number: int) -> Iterator[MimePart]:
    kept: list[bytes] = []
    found: list[MimePart] = []
    at = 0
    for match in _DATA.finditer(part.content):
        if len(found) == MAX_FILES:
            break
        cid = f"inlined-{number}-{len(found) + 1}"
        kept += [part.content[at : match.start()], b"cid:" + cid.encode()]
        content = transfer.decode_base64(memoryview(part.content)[match.start(2) : match.end(2)])
        found.append(replace(part, type=match[1].decode().lower(), name="", cid=cid, content=content))
        at = match.end()
    yield replace(part, content=b"".join((*kept, part.content[at:])))
    yield from found


def _from_plain(part: MimePart) -> Iterator[MimePart]:
    kept: list[bytes] = []
    found: list[MimePart] = []
    at = 0
    for _ in range(MAX_FILES):
        if (file := transfer.uuencoded(part.content, at)) is None:
            break
        start, name, content, end = file
        file_name = headers.file_name(charsets.decode_bytes(name, part.charset))
        picture = replace(part, type="application/octet-stream", name=file_name, cid="", content=content)
        is_picture = file_type.kind(content) or photos.claims_image(picture)
        if is_picture:
            found.append(picture)
        kept.append(part.content[at : start if is_picture else end])  # a sentence may begin like this
        at = end
    yield replace(part, content=b"".join((*kept, part.content[at:])))
    yield from found
