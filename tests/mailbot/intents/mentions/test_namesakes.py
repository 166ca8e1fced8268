"""Somebody called like an artist is no request for a style, and neither is a thing called like a title."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Mr Turner, our caretaker, retires. We think the starry one would suit him best.", "starry-night"),
        ("Turner, unser Hausmeister, geht in Rente. Bitte die Sternennacht für ihn.", "starry-night"),
        ("Munch, mon grand-père, a 94 ans. La grande vague s'il vous plaît.", "great-wave"),
    ],
)
def test_the_style_of_a_person_is_another_one(text: str, style: str) -> None:
    paint = read(request_of({"subject": text.partition(",")[0], "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert style in [job.style for job in paint.jobs]


def test_an_artist_with_a_comma_behind_is_an_artist() -> None:
    assert paint_of("Turner, please").jobs[0].style == "shipwreck-of-the-minotaur"
    assert paint_of("Turner, our favourite").jobs[0].style == "shipwreck-of-the-minotaur"


def test_a_title_above_a_tale_of_such_a_thing_is_no_request() -> None:
    tale = "Así acabó el naufragio de la barquita de mi padre, todos mojados. Un cuadrito de esto, por favor."
    for text, chosen in ((tale, "default"), ("Un cuadrito de esto, por favor.", "named")):
        paint = read(request_of({"subject": "El naufragio", "text": text, "photos": 1}))
        assert isinstance(paint, Paint)
        assert paint.chosen == chosen
