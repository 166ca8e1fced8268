"""Strangers' names, made fit to be shown."""

from __future__ import annotations

from styles.service.sanitize import MOST, shown


def test_a_plain_name_stays_as_it_is() -> None:
    assert shown("conv1.größe, 畫 2") == "conv1.größe, 畫 2"
    assert shown(b"\xff") == "b'\\xff'"  # protobuf gives bytes where a name is no text


def test_what_does_not_print_is_escaped() -> None:
    assert shown("a\nb\x1b[2J\r\u202e\udc80") == r"a\nb\x1b[2J\r\u202e\udc80"


def test_a_long_name_is_cut() -> None:
    assert shown("x" * MOST) == "x" * MOST
    assert shown("x" * (MOST + 1)) == "x" * MOST + "…"
    assert shown("\n" * 9, 2) == r"\n\n…"
