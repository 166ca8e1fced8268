"""Misspelt words for options are understood beside a style."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(("text", "size"), [("the scream, samll", 512), ("the scream, bgi", 2048)])
def test_a_misspelt_size_is_one(text: str, size: int) -> None:
    assert paint_of(text).jobs[0].options.size == size
