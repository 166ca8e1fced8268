"""What a person is shown of a hostile mail."""

from __future__ import annotations

from mailbot.admin.quarantine_view import MAX_LINES, MAX_PARTS, MAX_WIDTH, described
from tests.fakes.mailbot.mails import deep, mail


def test_headers_and_structure_are_shown() -> None:
    shown = described(mail("mosaic", "hello"))
    assert "From: Jane Doe <jane@mail.example>" in shown
    assert "  image/jpeg “beach.jpg”" in shown
    assert "hello" not in shown


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    raw = (
        "Subject: \x1b]0;owned\x07 \x9b2J \u202egpj.exe\r\nContent-Type: image/\x1b[31mjpeg\r\n\r\n".encode()
    )
    shown = described(raw + b"\x1b[2J")
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert "\\x1b]0;owned\\x07 \\x9b2J \\u202egpj.exe" in shown


def test_what_no_parser_can_read_is_shown_all_the_same() -> None:
    shown = described(deep(3_000))
    assert "Subject: deep" in shown
    assert len(shown) < 20_000


def test_a_flood_of_headers_parts_or_letters_is_cut() -> None:
    parts = "".join("--b\r\n\r\nx\r\n" for _ in range(1_000))
    head = "X-A: b\r\n" * 500 + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    shown = described((head + parts).encode())
    assert f"… {501 - MAX_LINES} more lines" in shown
    shown = described(f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}".encode())
    assert f"… {1_001 - MAX_PARTS} more parts" in shown
    assert f"{'x' * MAX_WIDTH}…\n" in described(b"x" * 10_000)


def test_bytes_of_no_charset_are_shown_as_such() -> None:
    assert "Subject: caf\\xe9" in described(b"Subject: caf\xe9\r\n\r\n")
