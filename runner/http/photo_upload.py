"""Receive a photo: the body of a request, or a file in a form, as `curl -F photo=@photo.jpg` sends it.

The other fields of a form are options, as in the query. A photo is never decoded here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TypeVar

from aiohttp import BodyPartReader, MultipartReader, http_exceptions, web

from styles.errors import BadOption, ImageTooLarge, NotAnImage, PainterError

#: Bytes of a photo: the limit of a mail (35 MiB), and a little more.
MAX_PHOTO = 36 << 20
#: Bytes that a form may have besides its photo, and bytes of one of its options.
FORM_OVERHEAD, MAX_OPTION = 64 << 10, 4 << 10
#: Fields that a form may have: every option once, and the photo.
MAX_FIELDS = 16
FORM = "multipart/form-data"
UNNAMED = "A part of the form has no name, or is a form itself."

T = TypeVar("T")
#: Is called with the bytes received until now, and raises `Busy` if there is no memory for them.
Need = Callable[[int], None]


def announced(request: web.Request) -> int:
    """Return the bytes that a request says it has, 0 if it says nothing. Raises `ImageTooLarge`."""
    size, most = request.content_length or 0, MAX_PHOTO + (FORM_OVERHEAD if is_form(request) else 0)
    if size > most:
        raise ImageTooLarge(f"{size} bytes, at most {most}")
    return size


def is_form(request: web.Request) -> bool:
    """Tell whether the photo comes in a form."""
    return request.content_type == FORM


async def photo(request: web.Request, need: Need) -> tuple[bytes, Mapping[str, str]]:
    """Return the photo, and the options that came with it in a form.

    Raises `ImageTooLarge` as soon as it is over the limit, `NotAnImage` if there is none, and `BadOption` for
    a form that cannot be read.
    """
    image, options = await _form(request, need) if is_form(request) else (await body(request, need), {})
    if not image:
        raise NotAnImage("the request has no photo, or an empty one")
    return image, options


async def form(
    request: web.Request, need: Need, names: Collection[str]
) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    """Return the files of a form that have one of these names, and its options.

    Raises `ImageTooLarge` and `BadOption`.
    """
    if not is_form(request):
        raise BadOption(f"Send a form ({FORM}) with a file called {' or '.join(names)}.")
    return await _read(request, lambda reader: _named(reader, need, names))


async def _named(
    reader: MultipartReader, need: Need, names: Collection[str]
) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
    files: dict[str, bytes] = {}
    options: dict[str, str] = {}
    while part := await reader.next():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise BadOption(UNNAMED)
        if part.name in files or part.name in options or len(options) == MAX_FIELDS:
            raise BadOption(f"The form has the field {part.name[:40]} twice, or too many fields.")
        if part.name in names:
            received = sum(map(len, files.values()))
            files[part.name] = await _file(part, lambda size, before=received: need(before + size))  # type: ignore[misc]
        else:
            options[part.name] = await _option(part)
    return files, options


async def body(request: web.Request, need: Need) -> bytes:
    """Return the whole body. Raises `ImageTooLarge` as soon as it is over the limit."""
    received = bytearray()
    async for chunk in request.content.iter_any():
        _take(received, chunk, need)
    return bytes(received)


async def _form(request: web.Request, need: Need) -> tuple[bytes, Mapping[str, str]]:
    return await _read(request, lambda reader: _fields(reader, need))


async def _read(request: web.Request, fields: Callable[[MultipartReader], Awaitable[T]]) -> T:
    """Return what `fields` reads of a form. Raises `BadOption` where it cannot be read."""
    try:
        return await fields(await request.multipart())
    except PainterError:
        raise
    except (AssertionError, ValueError, RuntimeError, http_exceptions.HttpProcessingError) as error:
        raise BadOption(f"The form cannot be read: {str(error)[:200]}") from error
    except web.RequestPayloadError as error:
        raise BadOption("The form came in part.") from error


async def _fields(reader: MultipartReader, need: Need) -> tuple[bytes, Mapping[str, str]]:
    options: dict[str, str] = {}
    image: bytes | None = None
    while part := await reader.next():
        if not isinstance(part, BodyPartReader) or not part.name:
            raise BadOption(UNNAMED)
        if part.filename is not None or part.name == "photo":
            if image is not None:
                raise BadOption("The form has two files. Send each photo in a request of its own.")
            image = await _file(part, need)
        elif part.name in options or len(options) == MAX_FIELDS:
            raise BadOption(f"The form has the option {part.name[:40]} twice, or too many options.")
        else:
            options[part.name] = await _option(part)
    return image or b"", options


async def _file(part: BodyPartReader, need: Need) -> bytes:
    received = bytearray()
    while not part.at_eof():
        _take(received, await part.read_chunk(), need)
    return bytes(received)


async def _option(part: BodyPartReader) -> str:
    received = bytearray()
    while not part.at_eof():
        received += await part.read_chunk()
        if len(received) > MAX_OPTION:
            raise BadOption(f"The option {part.name} has more than {MAX_OPTION} bytes.")
    return received.decode(errors="replace").strip()


def _take(received: bytearray, chunk: bytes, need: Need) -> None:
    received += chunk
    if len(received) > MAX_PHOTO:
        raise ImageTooLarge(f"more than {MAX_PHOTO} bytes")
    need(len(received))
