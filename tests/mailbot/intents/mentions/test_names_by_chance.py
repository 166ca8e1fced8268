"""What people, animals and things are called is no request; where it may be one, the answer says so."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of, read, request_of


def paint(text: str, subject: str = "") -> Paint:
    found = read(request_of({"subject": subject, "text": text, "photos": 1}))
    assert isinstance(found, Paint)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Herr Turner (zweiter von links) tritt nach 30 Jahren ab und bekommt das Bild als Andenken.",
        "Mrs Munch waved us goodbye from the porch of the retirement home.",
        "Madame Léger a soufflé ses cent bougies hier soir au foyer.",
        "Don Vicente van Gogh cumplió noventa en la plaza.",
        "Il signor Kandinsky abita sopra la panetteria da trent'anni.",
        "O senhor Turner vendeu a padaria e mudou para Braga.",
    ],
)
def test_somebody_with_a_title_is_no_painter(text: str) -> None:
    assert paint(text).chosen == "default"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Mr Turner please", "shipwreck-of-the-minotaur"),
        ("paint it like Mr Turner did", "shipwreck-of-the-minotaur"),
        ("im Stil von Herrn Munch bitte", "the-scream"),
        ("Monsieur Léger, s'il vous plaît", "contrast-of-forms"),
    ],
)
def test_a_painter_with_a_title_is_one(text: str, style: str) -> None:
    assert paint_of(text).jobs[0].style == style


@pytest.mark.parametrize("subject", ["Wheat's in!", "Night's over"])
def test_a_word_of_a_title_that_a_subject_tells_of_is_no_request(subject: str) -> None:
    assert paint("", subject).chosen == "default"


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("Our cat, Munch", "", "Munch"),
        ("", "Unser Kater, Hokusai", "Hokusai"),
        (
            "gita al caseificio",
            "Contrasto tra due forme: una ha ventiquattro mesi, l'altra trentasei.",
            "Contrasto",
        ),
        (
            "Barrio",
            "Cerraron la peluquería. La de la vitrina a cuadros. Ahora va a ser farmacia.",
            "vitrina a cuadros",
        ),
        (
            "regatta",
            "So the storm came through right in the middle of the race, boats everywhere, one capsized, "
            "nobody hurt, the committee boat lost its flag and we called it the Shipwreck Cup after that. "
            "Parents are already asking. Thank you!!",
            "storm",
        ),
    ],
)
def test_what_may_name_a_style_by_chance_is_told(subject: str, text: str, words: str) -> None:
    found = paint(text, subject)
    assert found.chosen == "default" or words in found.doubted


@pytest.mark.parametrize(
    "text",
    [
        "our dog, van Gogh please",
        "the famous Japanese wave",
        "the wave",
        "paint the man screaming on the bridge",
    ],
)
def test_a_plain_request_is_not_doubted(text: str) -> None:
    assert not paint(text).doubted


@pytest.mark.parametrize(
    "text", ["Scream if you wanna go faster!", "Scream if you love halloween! Kids in costume"]
)
def test_a_call_to_scream_is_no_request(text: str) -> None:
    assert paint(text).chosen == "default"


@pytest.mark.parametrize("text", ["scream if you have it", "the scream if you can"])
def test_a_request_on_a_condition_is_one(text: str) -> None:
    assert paint(text).chosen == "named"
