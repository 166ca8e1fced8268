"""A forwarded mail says what is wished where its sender names no style."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import read, request_of

FORWARDED = (
    "\n\n---------- Forwarded message ---------\nFrom: Priya\nSubject: the boat\n\nThe scream please, small."
)


@pytest.mark.parametrize(
    ("subject", "text", "style"),
    [
        ("Fwd: the boat", "Could you do what Priya asks below? Ta, Sanjay", "the-scream"),
        ("WG: das Boot", "Kann das jemand machen?", "the-scream"),
        ("Fwd: the boat", "The wave please!", "great-wave"),
        ("Re: the boat", "Here it is.", "udnie"),
        ("the boat", "Here it is.", "udnie"),
    ],
)
def test_a_forwarded_wish(subject: str, text: str, style: str) -> None:
    ask = {"subject": subject, "text": text + FORWARDED, "photos": 1}
    paint = read(request_of(ask), default="udnie")
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == [style]
