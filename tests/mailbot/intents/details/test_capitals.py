"""Mails that are written in capitals mean what they mean in small letters."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "style", "size"),
    [("STARY NIGHT", "starry-night", 1024), ("STARRY NIGHT 2000PX THANKS", "starry-night", 2000)],
)
def test_capitals_are_read_as_small_letters(text: str, style: str, size: int) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert (paint.jobs[0].style, paint.jobs[0].options.size) == (style, size)
