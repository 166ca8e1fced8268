"""What a FETCH gave, however the server orders it."""

from __future__ import annotations

from mailbot.transport.imap_fetch import fetch_items, with_body


def test_fetch_items_reads_a_uid_before_or_after_the_literal() -> None:
    lines: list[bytes | bytearray] = [
        b"1 FETCH (UID 5 BODY[] {2}", bytearray(b"ab"), b")",
        b"2 FETCH (BODY[] {3}", bytearray(b"cde"), b" UID 6)",
        b"3 FETCH (FLAGS (\\Seen))",
        b'4 FETCH (UID 7 BODY[] "")',
        b"done",
    ]  # fmt: skip
    assert {uid: text for uid, (_, text) in fetch_items(lines).items()} == {5: b"ab", 6: b"cde", 7: b""}


def test_a_flag_that_changes_meanwhile_erases_no_mail() -> None:
    lines: list[bytes | bytearray] = [
        b"1 FETCH (UID 5 RFC822.SIZE 2 BODY[] {2}", bytearray(b"ab"), b")",
        b"1 FETCH (UID 5 FLAGS (\\Seen))",
        b"2 FETCH (UID 6 FLAGS (\\Seen))",
        b"2 FETCH (UID 6 BODY[] {3}", bytearray(b"cde"), b")",
        b"3 FETCH (UID 7 FLAGS (\\Seen))",
        b'4 FETCH (UID 8 BODY[] "")',
        b"done",
    ]  # fmt: skip
    items = fetch_items(lines)
    assert with_body(items) == {5: b"ab", 6: b"cde", 8: b""}
    assert b"RFC822.SIZE 2" in items[5][0]
