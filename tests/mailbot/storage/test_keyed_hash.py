"""Keyed hashes: what makes two equal, and what keeps them apart."""

from __future__ import annotations

from mailbot.storage.keyed_hash import keyed_hash, pseudonym

SECRET, OTHER = b"a" * 32, b"b" * 32


def test_a_hash_goes_by_secret_kind_and_text() -> None:
    first = keyed_hash(SECRET, "letter", "<1@x>")
    assert first == keyed_hash(SECRET, "letter", "<1@x>")
    others = (
        keyed_hash(OTHER, "letter", "<1@x>"),
        keyed_hash(SECRET, "picture", "<1@x>"),
        keyed_hash(SECRET, "letter", "<2@x>"),
    )
    assert first not in others
    assert keyed_hash(SECRET, "letter", "<1@x>", digits=40).startswith(first)


def test_a_pseudonym_goes_by_the_address_in_any_case_and_with_any_tag() -> None:
    ann = pseudonym(SECRET, "Ann@example.org")
    assert ann == pseudonym(SECRET, "ann@EXAMPLE.org") == pseudonym(SECRET, ann)
    assert ann == pseudonym(SECRET, "ann+art@example.org") != pseudonym(SECRET, "anna@example.org")
    assert pseudonym(SECRET, "sms:+4915112345") != pseudonym(SECRET, "sms:+4915112346")
    assert ann.startswith("#")
    assert "ann" not in ann
    assert pseudonym(SECRET, "") == ""
