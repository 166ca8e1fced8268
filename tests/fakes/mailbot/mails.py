"""Mails and photos for tests: tiny pictures of every format, and mails as programs write them.

photo, PHOTOS       bytes of small pictures; the same arguments give the same bytes
mail                an ordinary mail with a photo
deep, huge_thread   hostile ones, made here since they are too large to keep as files
STYLES              a list of styles as the registry would give it
"""

from __future__ import annotations

import binascii
import io
import struct
import zlib
from collections.abc import Sequence
from email.message import EmailMessage

from PIL import Image

from styles.contract import StyleSummary


def _style(name: str, title: str, artist: str = "", year: str = "") -> StyleSummary:
    return StyleSummary(name=name, title=title, artist=artist, year=year, aliases={"live": 1, "version": 1})


STYLES = (
    _style("starry-night", "The Starry Night", "Vincent van Gogh", "1889"),
    _style("great-wave", "The Great Wave off Kanagawa", "Katsushika Hokusai", "c. 1831"),
    _style("the-scream", "The Scream", "Edvard Munch", "1893"),
    _style("night-cafe", "The Night Café", "Vincent van Gogh", "1888"),
    _style("mosaic", "Mosaic"),
    _style("candy", "Candy"),
    _style("udnie", "Udnie", "Francis Picabia", "1913"),
)


def photo(width: int = 320, height: int = 240, seed: int = 0, format: str = "JPEG") -> bytes:
    """A picture of broad stripes, about 2 kB as a JPEG at the default size."""
    image = Image.new("RGB", (width, height))
    for x in range(0, width, 16):
        colour = ((x * 7 + seed * 40) % 256, (x * 3 + seed * 90) % 256, (200 - x + seed * 20) % 256)
        image.paste(colour, (x, 0, x + 16, height))
    out = io.BytesIO()
    image.save(out, format, **({"quality": 80} if format == "JPEG" else {}))
    return out.getvalue()


def taken_by_camera(**tags: str) -> bytes:
    """A small JPEG with tags of Exif: `maker`, `model` or `software`."""
    image, out = Image.new("RGB", (320, 240), "seagreen"), io.BytesIO()
    exif = image.getexif()
    for name, value in tags.items():
        exif[{"maker": 0x010F, "model": 0x0110, "software": 0x0131}[name]] = value
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def heic() -> bytes:
    """The first bytes of an iPhone's photo: enough to know it by, nothing to decode."""
    return struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic") + b"\0" * 64


def png_header(width: int, height: int) -> bytes:
    """A PNG that consists of its header only."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def mail(
    subject: str = "",
    text: str = "",
    images: Sequence[tuple[str, bytes]] | None = None,
    sender: str = "Jane Doe <jane@mail.example>",
    to: str = "bot@painter.example",
    **fields: str,
) -> bytes:
    """A mail with its photos attached; `fields` are more header fields, `_` for `-`."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = fields.pop("message_id", "<one@mail.example>")
    message["Date"] = "Tue, 24 Nov 2026 12:00:00 +0000"
    late = {name: fields.pop(name) for name in list(fields) if name.startswith("Content_")}
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    for name, content in [("beach.jpg", photo())] if images is None else images:
        message.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
    for name, value in late.items():  # the library moves earlier ones into the first part
        message[name.replace("_", "-")] = value
    return message.as_bytes()


def deep(levels: int) -> bytes:
    """A multipart in a multipart in a multipart."""
    lines = ["From: jane@mail.example", "Subject: deep"]
    for level in range(levels):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", "the end"]).encode()


def huge_thread(count: int) -> bytes:
    """A mail with very many ids in its `References`."""
    thread = "\r\n ".join(f"<{number}@mail.example>" for number in range(count))
    return (
        b"From: jane@mail.example\r\nReferences: "
        + thread.encode()
        + b"\r\nMessage-ID: <new@x>\r\n\r\nmosaic"
    )


def uu(content: bytes, name: bytes = b"a.jpg", end: bytes = b"\n") -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]).rstrip() for at in range(0, len(content), 45)]
    return end.join([b"begin 644 " + name, *lines, b"`", b"end", b""])
