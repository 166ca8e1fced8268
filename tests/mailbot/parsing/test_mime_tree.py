"""What is not worth the time of a parser, and what is."""

from __future__ import annotations

import pytest

from mailbot.parsing import mime_tree

HEAD = b"From: jane@mail.example\r\n"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (HEAD + b"\r\n" + b"\n" * (mime_tree.MAX_LINES + 1), "too many lines"),
        (HEAD + b"A: b\r\n" * 2 * mime_tree.MAX_HEAD_LINES + b"\r\nhi", "too many header lines"),
        (
            HEAD + b"Subject: a\r\n" + b" b\r" * 2 * mime_tree.MAX_HEAD_LINES + b"\r\nhi",
            "too many header lines",
        ),
        (HEAD + b"\r\n" + b"\r\n--b\r\n" * (mime_tree.MAX_BOUNDARY_LINES + 1), "too many parts"),
        (HEAD + b"\r\n" + b"\r--b\r" * (mime_tree.MAX_BOUNDARY_LINES + 1), "too many parts"),
    ],
    ids=["lines", "fields", "folds", "parts", "parts by CR"],
)
def test_too_much(raw: bytes, reason: str) -> None:
    with pytest.raises(mime_tree.Unreadable, match=reason):
        mime_tree.read(raw)


def test_fields_about_a_part_are_cut_before_the_parser_reads_them() -> None:
    boundary = b"b" * 100_000
    message = mime_tree.read(
        HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\nhi"
    ).message
    assert len(message["Content-Type"]) == mime_tree.MAX_CONTENT_FIELD


def test_fields_are_cut_to_what_is_looked_at() -> None:
    assert (
        len(mime_tree.read(HEAD + b"Subject: " + b"x" * 100_000 + b"\r\n\r\nhi").message["Subject"]) <= 20_000
    )


@pytest.mark.parametrize("size", [1, 255, 256 * 1024, 300 * 1024])
def test_pieces_leave_no_trace(size: int) -> None:
    body = b"0123456789\r\n" * (size // 12 + 1)
    assert mime_tree.read(HEAD + b"\r\n" + body).message.get_payload(decode=True) == body
