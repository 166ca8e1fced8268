"""Untrusted names and texts, made fit to be shown."""

from __future__ import annotations

import pytest

from styles.service.sanitize import MOST, plain, shown


def test_a_plain_name_stays_as_it_is() -> None:
    assert shown("conv1.größe, 畫 2") == "conv1.größe, 畫 2"
    assert shown(b"\xff") == "b'\\xff'"  # protobuf gives bytes where a name is no text


def test_what_does_not_print_is_escaped() -> None:
    assert shown("a\nb\x1b[2J\r\u202e\udc80") == r"a\nb\x1b[2J\r\u202e\udc80"


def test_a_long_name_is_cut() -> None:
    assert shown("x" * MOST) == "x" * MOST
    assert shown("x" * (MOST + 1)) == "x" * MOST + "…"
    assert shown("\n" * 9, 2) == r"\n\n…"


def test_a_text_that_prints_stays() -> None:
    assert plain("Mosaïc “1”, 神奈川 [b]x[/b]") == "Mosaïc “1”, 神奈川 [b]x[/b]"
    assert plain(ValueError("It is none.")) == "It is none."


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x07", "\x9b", "\u2028", "\u202e", "\udcff"])
def test_what_a_log_or_a_terminal_obeys_is_a_mark(character: str) -> None:
    assert plain(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_some_may_be_kept_and_the_mark_chosen() -> None:
    assert plain("a\nb\x07c", keep="\n") == "a\nb\N{REPLACEMENT CHARACTER}c"
    assert plain("a\nb\x07c", mark="") == "abc"
