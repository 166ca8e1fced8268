"""How IMAP writes strings and folder names, the mails of a FETCH, and where it put a mail."""

from __future__ import annotations

import pytest

from mailbot.transport.imap_syntax import (
    MailLocation,
    appended,
    copied,
    decoded,
    encoded,
    fetch_items,
    quoted,
    uids,
    with_body,
)


def test_names_are_quoted() -> None:
    assert quoted('a "b" \\c') == '"a \\"b\\" \\\\c"'


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Processed", "Processed"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # RFC 3501's own example
        ("Bearbeitet ä", "Bearbeitet &AOQ-"),
        ("Обработано", "&BB4EMQRABDAEMQQ+BEIEMAQ9BD4-"),
        ("Fish & Chips", "Fish &- Chips"),
        ("&ä&", "&-&AOQ-&-"),
        ("😀", "&2D3eAA-"),
        ("", ""),
    ],
)
def test_a_name_becomes_a_path_and_the_path_a_name(name: str, path: str) -> None:
    assert encoded(name) == path
    assert decoded(path) == name


@pytest.mark.parametrize("path", ["&", "a&b", "&!!-", "&AAA", "&2D0-", "&A-"])
def test_a_path_that_is_not_well_formed_stays_as_it_is(path: str) -> None:
    assert decoded(path) == path


def location(uid: int, uidvalidity: int = 38505) -> MailLocation:
    return MailLocation(folder="Processed", uidvalidity=uidvalidity, uid=uid)


def test_a_move_tells_where_each_mail_went() -> None:
    lines = [b"OK [COPYUID 38505 304,319:320 3956:3958] Moved", b"2 EXPUNGE", b"Done"]
    assert copied(lines, "Processed") == {304: location(3956), 319: location(3957), 320: location(3958)}


def test_a_server_may_tell_in_parts() -> None:
    lines = [b"OK [COPYUID 1 5 7]", b"OK [copyuid 1 6 8]"]
    assert copied(lines, "Processed") == {5: location(7, 1), 6: location(8, 1)}


@pytest.mark.parametrize(
    "line",
    [
        b"Done",
        b"[COPYUID 1 1:3 4:5]",
        b"[COPYUID 1 : 4]",
        b"[COPYUID 1 1:4000000000 1:4000000000]",
        b"[COPYUID]",
    ],
)
def test_what_makes_no_sense_tells_nothing(line: bytes) -> None:
    assert copied([line], "Processed") == {}


def test_an_append_tells_where_its_mail_is() -> None:
    assert appended([b"[APPENDUID 38505 3955] Append completed"], "Processed") == location(3955)
    assert appended([b"Append completed"], "Processed") is None


def test_a_set_may_be_written_backwards() -> None:
    assert uids(b"5:3,9") == [3, 4, 5, 9]


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
