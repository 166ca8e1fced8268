"""How styles are spoken of."""

from __future__ import annotations

import pytest

from mailbot.replies.wording import described, either, named, options
from styles.contract import StyleOptions, StyleSummary
from tests.fakes.mailbot.mails import STYLES

NIGHT = "The Starry Night by Vincent van Gogh"


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("starry-night", f"{NIGHT} (1889)"),
        ("mosaic", "Mosaic"),
        ("gone", "gone"),
        ("starry-night:0.5,mosaic:0.5", f"a blend of {NIGHT} and Mosaic"),
        ("starry-night,mosaic,gone", f"a blend of {NIGHT}, Mosaic and gone"),
        ("starry-night:3,mosaic:1", f"a blend of 75% {NIGHT} and 25% Mosaic"),
        ("starry-night:x,mosaic:1", "starry-night:x,mosaic:1"),
        ("mosaic:1", "Mosaic"),
        ("", "all 7 styles"),
    ],
)
def test_a_jobs_style_in_words(style: str, words: str) -> None:
    assert named(style, STYLES) == words


def test_what_a_stranger_called_a_style_stays_on_its_line() -> None:
    style = StyleSummary(name="x", title="A\n- B\u202e", artist="\x1b[1mC", year="1\r\n2", aliases={})
    assert described(style) == "A - B by [1mC (1 2)"
    assert described(StyleSummary(name="x", title="\n", aliases={})) == "x"
    assert named("", ()) == "all styles"


def test_options() -> None:
    assert options(StyleOptions()) == ()
    assert options(StyleOptions(strength=0.6, keep_colors=True)) == (
        "60% strength",
        "the photo's own colours",
    )


def test_a_choice() -> None:
    assert [either(n) for n in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]
