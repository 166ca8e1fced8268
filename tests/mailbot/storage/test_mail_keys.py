"""When two deliveries are one mail; test_ledger.py has the rest."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger_rows import RawMessage
from mailbot.storage.mail_keys import dedupe_key, header_value, split_mail


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\n\nbody", b"no colon at all", b"From", b"\xff\x00:\r\n\r\n\xfe"]
)
def test_the_key_of_hostile_bytes_is_a_key(raw: bytes) -> None:
    assert len(key_of(raw)) == 64


def test_headers_are_found_in_raw_bytes() -> None:
    head, rest = split_mail(b"a: 1\nMESSAGE-id :  <x\r\n y>  \nb: 2\n\nrest\r\n\r\nmore")
    assert rest == b"rest\r\n\r\nmore"
    assert header_value(head, b"message-id") == b"<x y>"
    assert header_value(head, b"from") == b""


def test_what_relays_add_changes_nothing() -> None:
    mail = b"From: a@b\r\nDate: today\r\n\r\nhello"
    assert key_of(b"Received: from c\r\nX-Spam: no\r\n" + mail) == key_of(mail)
    assert key_of(mail + b"!") != key_of(mail)


def key_of(raw: bytes) -> str:
    return dedupe_key(RawMessage(account="a", folder="f", uidvalidity=1, uid=1, body=raw, size=len(raw)))


def test_a_field_that_is_folded_a_hundred_thousand_times() -> None:
    folded = b"Message-ID: <a@b>\r\n" + b" x\r\n" * 100_000 + b"From: a\r\n"
    assert header_value(folded, b"message-id") == b"<a@b>" + b" x" * 100_000
