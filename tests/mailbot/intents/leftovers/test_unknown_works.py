"""A painting that is not here is told of, when its artist is."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Munch's Madonna", "Madonna"),
        ("Munchs Madonna bitte", "Madonna"),
        ("Van Gogh's bedroom", "bedroom"),
        ("van gogh self portrait", "self portrait"),
        ("Matisse dance", "dance"),
        ("el dormitorio de van Gogh", "dormitorio"),
        ("A Dança de Matisse, por favor", "Dança"),
        ("康定斯基的构成八号", "构成八号"),
        ("蒙克的圣母", "圣母"),
        ("Composition 8", "8"),
        ("Kandinsky Composition VIII", "VIII"),
        ("Kandinskys Komposition VIII bitte", "VIII"),
        ("Composition X please", "X"),
    ],
)
def test_a_title_beside_an_artist_is_told(text: str, title: str) -> None:
    assert paint_of(text).not_understood == (title,)


@pytest.mark.parametrize(
    "text",
    [
        "Van Gogh's swirls please",
        "Van Gogh portrait please",
        "el grito de Munch",
        "in Van Gogh's style please",
        "munch please for our Rex",
        "ムンクの叫び",
        "Composition VII please",
        "composition vii",
        "Starry Night X",
    ],
)
def test_what_is_here_or_is_no_title_is_not(text: str) -> None:
    paint = paint_of(text)
    assert paint.chosen == "named"
    assert paint.not_understood == ()
