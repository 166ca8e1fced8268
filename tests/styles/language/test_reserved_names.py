from __future__ import annotations

import pytest

from styles.formats import style_file
from styles.language.reserved_names import is_reserved


@pytest.mark.parametrize(
    "phrase",
    [
        "help",
        "styles",
        "photo",
        "img 1234",
        "nice",
        "please paint this",
        "60 percent",
        "helpme",
        "2photos",
        "thankyou",
        "help  me",
        "surprise me",
        "surpriseme",
        "all styles",
        "big",
        "full size",
        "stop",
        "delete my photos",
        "random photo",
        "photo of me",
        "and",
        "keep the colors",
        "danke",
        "ai",
        "谢谢",
        "",
    ],
)
def test_what_means_something_else(phrase: str) -> None:
    assert is_reserved(phrase)


@pytest.mark.parametrize(
    "name",
    ["anime", "picasso", "eye", "ballet", "big bang", "stop motion", "small world", "sheet music"],
)
def test_what_can_be_a_style(name: str) -> None:
    assert not is_reserved(name)


def test_no_shipped_style_does() -> None:
    cards = [style.card for style in style_file.shipped()]
    assert cards
    names = [name for card in cards for name in (card.name.replace("-", " "), *card.other_names)]
    assert [name for name in names if is_reserved(name)] == []
