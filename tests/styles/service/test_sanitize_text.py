from __future__ import annotations

import pytest

from styles.service.sanitize import plain


def test_what_prints_stays() -> None:
    assert plain("Mosaïc “1”, 神奈川 [b]x[/b]") == "Mosaïc “1”, 神奈川 [b]x[/b]"
    assert plain(ValueError("It is none.")) == "It is none."


@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\x07", "\x9b", "\u2028", "\u202e", "\udcff"])
def test_what_a_log_or_a_terminal_obeys_is_a_mark(character: str) -> None:
    assert plain(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_some_may_be_kept_and_the_mark_chosen() -> None:
    assert plain("a\nb\x07c", keep="\n") == "a\nb\N{REPLACEMENT CHARACTER}c"
    assert plain("a\nb\x07c", mark="") == "abc"
