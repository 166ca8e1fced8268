"""The name below a mail is not repeated as a request."""

from __future__ import annotations

import pytest

from styles.errors import UnknownStyle
from tests.fakes.mailbot.asks import paint_of, read, request_of


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


@pytest.mark.parametrize(
    "text",
    [
        "Please paint this photo.\n\nKind regards\nDiego Rivera",
        "Bonjour, peignez cette photo svp\n\nCordialement,\nJean-Luc Moreau",
    ],
)
def test_a_sender_who_is_called_like_a_painter_asks_for_no_style(text: str) -> None:
    assert paint_of(text).chosen == "default"


@pytest.mark.parametrize("text", ["Paint this photo please.\nDiego Rivera", "peignez ça svp\nGustave Moreau"])
def test_a_painter_below_a_request_is_asked_for(text: str) -> None:
    assert isinstance(read(request_of({"subject": "", "text": text, "photos": 1})), UnknownStyle)


@pytest.mark.parametrize("text", ["udnie please\nThanks\ncrop it", "udnie please\nThanks\nTom\nPS: crop it"])
def test_what_else_stands_there_does(text: str) -> None:
    assert paint_of(text).not_understood == ("crop it",)


def test_a_name_below_does_not_make_a_short_mail_a_letter() -> None:
    text = "Bonjour,\n\nmunch !! elle fait cette tête le matin mdr\n\nCordialement,\nJean-Luc Moreau"
    assert paint_of(text).jobs[0].style == "the-scream"


@pytest.mark.parametrize(
    "text", ["starry night please, cheers Dan and Sue", "the scream please, thanks Karen"]
)
def test_a_name_at_the_end_of_the_line_asks_for_nothing(text: str) -> None:
    assert paint_of(text).not_understood == ()
