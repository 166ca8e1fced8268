"""Runs of base64 out of a mail and back: nothing that is read of a mail depends on it."""

from __future__ import annotations

import base64
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from mailbot.parsing.mime_parts import leaves
from mailbot.parsing.mime_tree import MimeTree, ShortenedMail, shorten
from tests.fakes.mailbot.mails import mail, photo

EMAILS = sorted((Path(__file__).parents[2] / "emails").glob("*.eml"))

LARGE = bytes(range(256)) * 200
LINE = b"A" * 70


def unfolded(raw: bytes) -> ShortenedMail:
    """As if there were no runs in it."""
    return ShortenedMail(mail=raw, mark=b"\0", runs={})


def restored(shortened: ShortenedMail) -> bytes:
    """The mail as it was; the runs stay."""
    return replace(shortened, runs=dict(shortened.runs)).take(shortened.mail)


def parts(shortened: ShortenedMail) -> list[tuple[str, str, bytes]]:
    message = message_from_bytes(shortened.mail)
    return [
        (part.type, part.name, part.content)
        for part in leaves(MimeTree(message=message, shortened=shortened))
    ]


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_a_photo_is_taken_out_and_comes_back(end: bytes) -> None:
    raw = mail(images=[("a.jpg", LARGE), ("b.jpg", LARGE[::-1])]).replace(b"\n", end)
    shortened = shorten(raw)
    assert len(shortened.mail) < 2000
    assert restored(shortened) == raw
    assert [content for *_, content in parts(shortened)][1:] == [LARGE, LARGE[::-1]]


@pytest.mark.parametrize("email", EMAILS, ids=lambda email: email.stem)
def test_every_mail_of_the_corpus_reads_the_same(email: Path) -> None:
    raw = email.read_bytes()
    shortened = shorten(raw)
    assert restored(shortened) == raw
    assert parts(shortened) == parts(unfolded(raw))


@pytest.mark.parametrize("encoding", ["base64", "7bit", "8bit", "quoted-printable", "x-uuencode", "nonsense"])
@pytest.mark.parametrize("around", [b"", b"caf\xe9 = \xff\r\n"])
def test_a_run_in_a_part_of_any_encoding_reads_the_same(encoding: str, around: bytes) -> None:
    run = base64.encodebytes(LARGE).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/plain; charset=latin-1\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    raw = head.encode() + around + run + around
    assert parts(shorten(raw)) == parts(unfolded(raw))


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: x\r\n" + LINE + b"\r\n",
        b"Subject: " + LINE + b"\r\n" + (LINE + b"\r\n") * 40 + b"\r\nthe text",
        b"Subject: x\r\n" + (LINE + b"\r\n") * 40 + b"To: a@b.example\r\n\r\nthe text",
        (LINE + b"\r\n") * 40 + b"Subject: x\r\n\r\nthe text",
        b'Content-Type: multipart/mixed; boundary="' + LINE + b'"\r\n\r\n--' + LINE + b"\r\n\r\none\r\n"
        + (LINE + b"\r\n") * 40 + b"--" + LINE + b"--\r\n",
    ],
    ids=["short", "after a subject", "among the headers", "first", "as the boundary"],
)  # fmt: skip
def test_a_run_where_none_belongs_changes_nothing(raw: bytes) -> None:
    assert parts(shorten(raw)) == parts(unfolded(raw))
    assert message_from_bytes(shorten(raw).mail).items() == message_from_bytes(raw).items()


def test_the_line_of_a_run_cannot_be_forged() -> None:
    raw = mail(images=[("a.jpg", photo())], text=shorten(b"").mark.decode() + "A")
    assert parts(shorten(raw)) == parts(unfolded(raw))


@pytest.mark.parametrize("width", [40, 60, 100])
def test_lines_of_any_usual_length_are_folded(width: int) -> None:
    lines = [base64.b64encode(LARGE)[at : at + width] for at in range(0, 60_000, width)]
    raw = b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\r\n".join(lines) + b"\r\n"
    shortened = shorten(raw)
    assert len(shortened.mail) < 500
    assert restored(shortened) == raw


@pytest.mark.parametrize(
    "around", [(b"", b""), (b'<img src="data:image/jpeg;base64,', b'">'), (b"x ", b"==\r\n")]
)
def test_a_photo_in_one_line_of_a_large_mail(around: tuple[bytes, bytes]) -> None:
    encoded = base64.b64encode(LARGE * 30)
    raw = b"Content-Type: text/html\r\n\r\n" + around[0] + encoded + around[1]
    shortened = shorten(raw)
    assert len(shortened.mail) < 500
    assert restored(shortened) == raw
    assert parts(shortened) == parts(unfolded(raw))


def test_what_is_taken_is_forgotten() -> None:
    raw = mail(images=[("a.jpg", LARGE)])
    shortened = shorten(raw)
    assert shortened.take(shortened.mail) == raw
    assert shortened.runs == {}
    assert shortened.take(shortened.mail) == shortened.mail
