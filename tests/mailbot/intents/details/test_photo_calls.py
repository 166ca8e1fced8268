"""Parts of files' names that call a photo, and words that only look like them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import pytest

from mailbot.intents.details.photo_calls import with_calls
from mailbot.intents.names.catalogue import Catalogue
from tests.fakes.mailbot.asks import shipped

CATALOGUE = Catalogue.of(shipped())
VIEWS = ("view of the lake.jpg", "cat.jpg")
HOUSES = ("Haus in der Sonne.jpg", "Hund.jpg")
SHORES = ("bord de la mer.jpg", "orilla de la playa.jpg")
DATES = (
    "WhatsApp Image 2026-11-30 at 18.20.11.jpg",
    "WhatsApp Image 2026-11-30 at 19.05.02.jpg",
    "30 Nov 2025.jpg",
)
CREWS = ("crew_a.jpg", "crew_b.jpg")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (VIEWS, "Paint all of the photos in starry night"),
        (VIEWS, "both in the style of the scream"),
        (HOUSES, "beide in der Art von Munch"),
        (SHORES, "les deux dans le style de la vague"),
        (SHORES, "las dos con el estilo de la noche estrellada"),
        (DATES, "the party was at 19"),
        (DATES, "a souvenir of Nov 2025, painted in 2026 at 19.05"),
    ],
)
def test_small_words_and_dates_call_no_photo(names: Sequence[str], text: str) -> None:
    assert with_calls(text, names, CATALOGUE) == text


@pytest.mark.parametrize("text", ["weaker please, Zoë", "weaker, Å", "at 5 \u212a"])
def test_a_text_that_calls_no_photo_stays_as_it_is(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)

    assert with_calls(text, CREWS, CATALOGUE) == text
    assert with_calls(apart, CREWS, CATALOGUE) == apart


@pytest.mark.parametrize(
    "text",
    [
        "starry night for r&b concert",
        "starry night for an R&B concert",
        "starry night for J. B. Smith",
        "starry night please\n\nB.",
        "starry night please\n\nThanks, A. B.",
        "starry night please\n\nB",
        "I got an A. Starry night please",
        "Starry night for the 2, please",
    ],
)
def test_signatures_idioms_and_counts_call_no_photo(text: str) -> None:
    assert with_calls(text, CREWS, CATALOGUE) == text


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("b in the scream", "photo 2 in the scream"),
        ("only b. thanks", "only photo 2. thanks"),
        ("crew a & b", "photo 1 & photo 2"),
        ("udnie\nB: scream", "udnie\nphoto 2: scream"),
        ("le 2 aussi", "photo 2 aussi"),
        ("c'est trop fort pour la b", "c'est trop fort pour la photo 2"),
    ],
)
def test_letters_and_figures_call_photos(text: str, called: str) -> None:
    assert with_calls(text, CREWS, CATALOGUE) == called


def test_a_letter_of_an_elided_word_is_a_capital() -> None:
    assert with_calls("D en cri", ("acte_c.jpg", "acte_d.jpg"), CATALOGUE) == "photo 2 en cri"
