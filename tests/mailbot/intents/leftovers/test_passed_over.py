"""Of two styles in subject and text the answer says which one was not painted."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import translator
from mailbot.replies.choice_wording import about_choice
from tests.fakes.mailbot.asks import read, request_of


def paint(subject: str, text: str) -> Paint:
    found = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(found, Paint)
    return found


@pytest.mark.parametrize(
    ("subject", "text", "painted", "named"),
    [
        ("starry night please", "the scream please", "starry-night", ("the scream",)),
        ("great wave", "Please paint this in the scream", "great-wave", ("the scream",)),
        ("Sternennacht", "Bitte malt das als Schrei", "starry-night", ("Schrei",)),
        ("la notte stellata", "vorrei l'urlo di Munch", "starry-night", ("l'urlo", "Munch")),
        ("星空", "请用呐喊画", "starry-night", ("呐喊",)),
    ],
)
def test_the_other_style_is_named(subject: str, text: str, painted: str, named: tuple[str, ...]) -> None:
    found = paint(subject, text)
    assert [job.style for job in found.jobs] == [painted]
    assert (found.passed_over, found.not_understood) == (named, ())


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("kandinsky", "two results: one kandinsky and one mondrian"),
        ("mondrian", "one in kandinsky, one in mondrian"),
        ("Mondrian", "bitte einmal als Kandinsky und einmal als Mondrian"),
        ("kandinsky", "deux versions : une en kandinsky, une en mondrian"),
    ],
)
def test_a_text_that_parts_more_styles_counts_before_one_of_them(subject: str, text: str) -> None:
    assert [job.style for job in paint(subject, text).jobs] == ["composition-vii", "tableau-2"]


def test_the_answer_says_so() -> None:
    said = about_choice(translator("en"), paint("starry night please", "the scream please"))
    assert said == (
        "I did not paint “the scream”, since your mail names another style, too. For both, write their names "
        "with a comma between them."
    )


def test_a_style_of_a_tale_is_not_named() -> None:
    assert not paint("the scream please", "We saw the starry night in New York.").passed_over
