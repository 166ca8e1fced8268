"""Misspelt words for options are understood beside a style."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(("text", "size"), [("the scream, samll", 512), ("the scream, bgi", 2048)])
def test_a_misspelt_size_is_one(text: str, size: int) -> None:
    assert paint_of(text).jobs[0].options.size == size


def test_a_subject_without_a_style_holds_no_misspelt_strength() -> None:
    ask = {"subject": "Barley, actually", "text": "I think the wheat field would suit it.", "photos": 1}
    paint = read(request_of(ask))
    assert isinstance(paint, Paint)
    assert [job.options.strength for job in paint.jobs] == [1]


def test_behind_how_much_a_misspelt_option_is_one_in_a_longer_sentence_too() -> None:
    text = "the scream, a bit weeker please, for her face is rather green today"
    assert [job.options.strength for job in paint_of(text).jobs] == [0.6]
