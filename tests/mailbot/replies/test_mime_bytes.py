"""Messages as bytes: what the standard library writes, to the letter."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from mailbot.replies.mime import as_bytes, base64_lines


def letter(text: str = "Hello,\n\nhere is your photo.\n") -> EmailMessage:
    message = EmailMessage(SMTP)
    message["Subject"] = "Ölbild " * 30
    message["References"] = " ".join(f"<{number}@mail.example>" for number in range(40))
    message.set_content(text, cte="quoted-printable")
    return message


def with_pictures(message: EmailMessage, count: int) -> EmailMessage:
    message.add_alternative("<p>hällo</p>\n" * 50, subtype="html", cte="quoted-printable")
    for number in range(count):
        picture = bytes(range(256)) * 99
        message.add_attachment(picture, maintype="image", subtype="jpeg", filename=f"ä{number}.jpg")
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}")  # else the library chooses one while it writes
    return message


@pytest.mark.parametrize("text", ["", "\n", "one line", "one line\n", ".\n..\n", "ä" * 3000, "=\n--=_0\n"])
def test_a_text(text: str) -> None:
    message = letter(text=text)
    assert as_bytes(message) == message.as_bytes()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_pictures(count: int) -> None:
    message = with_pictures(letter(), count)
    assert as_bytes(message) == message.as_bytes()


def test_every_line_ends_in_crlf() -> None:
    raw = as_bytes(with_pictures(letter(), 1))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 1000])
def test_base64_is_the_librarys(size: int) -> None:
    content = bytes(number % 256 for number in range(size))
    assert base64_lines(content) == base64.encodebytes(content).decode().replace("\n", "\r\n")
