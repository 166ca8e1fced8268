"""The name below a mail is not repeated as a request."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "starry night please\n\nBest regards\nTom",
        "La nuit étoilée s'il te plaît. Merci d'avance, Jean-Luc",
        "Sternennacht bitte\nViele Grüße\nUli Meier",
        "udnie, grazie\nCordiali saluti,\nRosso",
    ],
)
def test_a_name_below_a_courtesy_asks_for_nothing(text: str) -> None:
    assert paint_of(text).not_understood == ()


@pytest.mark.parametrize("text", ["udnie please\nThanks\ncrop it", "udnie please\nThanks\nTom\nPS: crop it"])
def test_what_else_stands_there_does(text: str) -> None:
    assert paint_of(text).not_understood == ("crop it",)
