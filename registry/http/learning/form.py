"""Read the form of a painting to learn from: files as they are, and a few short fields.

The files are held in memory and passed on to the balancer, never decoded here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import BodyPartReader, FormData, web

from registry.http.multipart import reading_form
from styles.errors import ImageTooLarge, Permanent

#: Most bytes of a picture: a phone's photo has 3 to 12 MB, a scan 30.
LARGEST_PICTURE = 36_700_160
#: Known fields, with the most bytes of each.
FIELDS = {
    **dict.fromkeys(("name", "title", "artist"), 800),
    **dict.fromkeys(("minutes", "key"), 64),
    "corners": 400,
    "address": 300,
}
FILES = ("painting", "photo")
#: Minutes that a person may order for one painting: a day has room for 48 of them.
MOST_MINUTES = 30
#: Seconds for the whole form.
LONGEST_SECONDS = 300.0


class BadForm(Permanent, ValueError):
    """Report a form that does not describe a painting to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaintingForm:
    """Hold the files and the fields of the form."""

    files: Mapping[str, bytes]
    fields: Mapping[str, str]

    def as_form(self, **fields: str) -> FormData:
        """Return the form for the balancer, with `fields` in place of those that were sent."""
        form = FormData(default_to_multipart=True)
        for name, value in fields.items():
            if value:
                form.add_field(name, value)
        for name, content in self.files.items():
            form.add_field(name, content, filename=f"{name}.jpg", content_type="application/octet-stream")
        return form


async def read(request: web.Request, *needed: str) -> PaintingForm:
    """Read a form, with the files that are `needed`.

    Raises `BadForm`, `ImageTooLarge`, 400 for a malformed form, 408 and 415.
    """
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType(text="The painting comes in a form, multipart/form-data.")
    if (request.content_length or 0) > len(FILES) * LARGEST_PICTURE:
        raise ImageTooLarge(f"at most {LARGEST_PICTURE:,} bytes")
    async with reading_form(LONGEST_SECONDS, "The painting took too long."):
        found = await _read(request)
    if missing := next((name for name in needed if not found.files.get(name)), ""):
        raise BadForm(f"The form has no picture, or an empty one: send it as the field `{missing}`.")
    return found


def require_short(minutes: str) -> None:
    """Raise `BadForm` for more minutes than a person may order. What is no number the balancer refuses."""
    wanted = 0.0
    with contextlib.suppress(ValueError):
        wanted = float(minutes or 0)
    if wanted > MOST_MINUTES:
        raise BadForm(f"A painting is learnt for at most {MOST_MINUTES} minutes here.")


async def _read(request: web.Request) -> PaintingForm:
    files: dict[str, bytes] = {}
    fields: dict[str, str] = {}
    reader = await request.multipart()
    while part := await reader.next():
        if not isinstance(part, BodyPartReader) or part.name not in (*FILES, *FIELDS):
            raise BadForm(f"The form has the fields {', '.join((*FILES, *FIELDS))}, and no others.")
        if part.name in files or part.name in fields:
            raise BadForm(f"The field {part.name} stands there twice.")
        most = FIELDS.get(part.name, LARGEST_PICTURE)
        content = bytearray()
        while not part.at_eof():
            content += await part.read_chunk(256 * 1024)
            if len(content) > most:
                raise (
                    BadForm(f"The {part.name} is too long.")
                    if part.name in FIELDS
                    else ImageTooLarge(f"at most {most:,} bytes")
                )
        if part.name in FILES:
            files[part.name] = bytes(content)
        else:
            fields[part.name] = _text(part.name, bytes(content))
    return PaintingForm(files=files, fields=fields)


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode().strip()
    except UnicodeDecodeError as error:
        raise BadForm(f"The {name} is not in UTF-8.") from error
