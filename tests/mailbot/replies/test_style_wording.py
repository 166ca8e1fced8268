"""How styles are spoken of."""

from __future__ import annotations

import pytest

from mailbot.languages.translator import translator
from mailbot.replies.style_wording import described, named, options, title
from styles.contract import StyleOptions, StyleSummary
from tests.fakes.mailbot.mails import STYLES

SAY = translator("")
NIGHT = "The Starry Night by Vincent van Gogh"


@pytest.mark.parametrize(
    ("style", "words"),
    [
        ("starry-night", f"{NIGHT} (1889)"),
        ("mosaic", "Mosaic"),
        ("gone", "gone"),
        ("starry-night:0.5,mosaic:0.5", f"{NIGHT} and Mosaic"),
        ("starry-night,mosaic,gone", f"{NIGHT}, Mosaic and gone"),
        ("starry-night:3,mosaic:1", f"75% {NIGHT} and 25% Mosaic"),
        ("starry-night:x,mosaic:1", "starry-night:x,mosaic:1"),
        ("mosaic:1", "Mosaic"),
        ("mosaic@2", "Mosaic (mosaic@2)"),
        ("gone@2", "gone@2"),
        ("mosaic@2:0.5,starry-night", f"33% Mosaic (mosaic@2) and 67% {NIGHT}"),
    ],
)
def test_a_jobs_style_in_words(style: str, words: str) -> None:
    assert named(SAY, style, STYLES) == words


def test_what_a_stranger_called_a_style_stays_on_its_line() -> None:
    style = StyleSummary(name="x", title="A\n- B\u202e", artist="\x1b[1mC", year="1\r\n2", aliases={})
    assert described(SAY, style) == "A - B by [1mC (1 2)"
    assert described(SAY, StyleSummary(name="x", title="\n", aliases={})) == "x"


def test_options() -> None:
    assert options(SAY, StyleOptions()) == ("100% strength",)
    assert options(SAY, StyleOptions(strength=0.6, keep_colors=True)) == (
        "60% strength",
        "the photo's own colours",
    )


def test_a_choice() -> None:
    assert [SAY.either(n) for n in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a or b", "a, b or c"]


@pytest.mark.parametrize(
    ("painted", "sent", "words"),
    [
        (["mosaic"], 1, "Here is your photo, painted as Mosaic."),
        (["mosaic"] * 2, 2, "Here are your 2 photos, painted as Mosaic."),
        (["mosaic"], 3, "Here is one of your 3 photos, painted as Mosaic."),
        (["mosaic"] * 2, 3, "Here are 2 of your 3 photos, painted as Mosaic."),
        (["mosaic,candy"], 1, "Here is your photo, painted as a blend of Mosaic and Candy."),
        (["mosaic,candy"] * 2, 2, "Here are your 2 photos, painted as a blend of Mosaic and Candy."),
        (["mosaic,candy"], 3, "Here is one of your 3 photos, painted as a blend of Mosaic and Candy."),
        (["mosaic,candy"] * 2, 3, "Here are 2 of your 3 photos, painted as a blend of Mosaic and Candy."),
        ([""], 1, "Here is your photo in all 7 styles."),
        ([""] * 2, 2, "Here are your 2 photos in all 7 styles."),
        ([""], 3, "Here is one of your 3 photos in all 7 styles."),
        ([""] * 2, 3, "Here are 2 of your 3 photos in all 7 styles."),
        (["mosaic", "candy"], 2, "Here are your 2 photos, painted."),
        (["mosaic", "candy"], 3, "Here are 2 of your 3 photos, painted."),
        (["mosaic", "candy"] * 2, 2, "Here are 4 paintings of your 2 photos."),
        (["mosaic", "candy"], 1, "Here is your photo, painted in 2 styles."),
    ],
)
def test_the_title_says_what_was_painted(painted: list[str], sent: int, words: str) -> None:
    assert title(SAY, painted, sent, STYLES) == words


def test_a_sheet_of_unknown_styles_is_a_painting() -> None:
    assert title(SAY, [""], 1, ()) == "Here is your photo, painted."


@pytest.mark.parametrize(
    ("code", "year"), [("en", "c. 1831"), ("de", "um 1831"), ("fr", "vers 1831"), ("ja", "1831年頃")]
)
def test_a_year_that_is_not_known_exactly_is_said_in_the_language(code: str, year: str) -> None:
    style = StyleSummary(name="x", title="Wave", year="c. 1831", aliases={})
    assert year in described(translator(code), style)
