"""The only style that a mail names is wished for, where it stands as a wish does."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import read, request_of


def chosen(text: str, photos: int = 1) -> str:
    paint = read(request_of({"subject": "", "text": text, "photos": photos}), default="udnie")
    assert isinstance(paint, Paint)
    return "" if paint.chosen != "named" else paint.jobs[0].style


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("usine de mon grand-père, Léger évidemment", "contrast-of-forms"),
        ("Hab gehört ihr könnt Matisse? Dann los", "woman-with-a-hat"),
        ("pues edtaonisl, que suena raro jaja", "edtaonisl"),
        ("幼儿园作业:康定斯基,谢谢机器人叔叔", "composition-vii"),
        ("van gogh évidemment", "starry-night"),
    ],
)
def test_a_short_mail_wishes_for_the_style_that_it_names(text: str, style: str) -> None:
    assert chosen(text) == style


@pytest.mark.parametrize(
    "text",
    [
        "Os presento a Munch, el gato más vago de toda Sevilla",
        "On s'est réfugiés au café toute la nuit, quelle rigolade !",
        "Mon chien Turner devant la cheminée",
        "今天带娃去看了蒙克的展，回来路上就睡着了哈哈",
    ],
)
def test_a_person_a_place_and_a_tale_are_no_wish(text: str) -> None:
    assert chosen(text) == ""


def test_a_mail_that_refuses_a_style_wishes_for_none_by_its_place() -> None:
    assert (
        chosen("Tout sauf Le Cri, hein. Pour Le Cri j'ai déjà le miroir de la salle de bains") != "the-scream"
    )
