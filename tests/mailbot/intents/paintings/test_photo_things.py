"""Each photo gets the style that is said of the thing it shows."""

from __future__ import annotations

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import paint_of

_KANDINSKY, _MUNCH, _MATISSE = "composition-vii", "the-scream", "woman-with-a-hat"
_TURNER, _CAFE, _WAVE = "shipwreck-of-the-minotaur", "night-cafe", "great-wave"


def _painted(paint: Paint) -> list[tuple[int, str]]:
    return [(photo, job.style) for photo, job in zip(paint.photos, paint.jobs, strict=True)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("the baby Kandinsky, grandpa the scream", _KANDINSKY, _MUNCH),
        ("Kandinsky for the baby, the scream for grandpa", _KANDINSKY, _MUNCH),
        ("Hi! Mr Brown (maths) should be Turner, Mrs Green (biology) the wave", _TURNER, _WAVE),
        ("das Baby Kandinsky, der Opa Schrei", _KANDINSKY, _MUNCH),
        ("Herr Kröger (Mathe) soll in Komposition VII, Frau Döring in den Schrei.", _KANDINSKY, _MUNCH),
        ("Bruder Munch, Schwester Matisse bitte", _MUNCH, _MATISSE),
        ("Le port façon Turner et la cuisine façon Café de nuit svp", _TURNER, _CAFE),
        ("Le blond en Kandinsky, la rousse avec la femme au chapeau", _KANDINSKY, _MATISSE),
        ("el bebé kandinsky, el abuelo grito jaja", _KANDINSKY, _MUNCH),
        ("¿Me pinta los cactus en Turner y las orquídeas en Matisse?", _TURNER, _MATISSE),
        ("il bebè Kandinsky, il nonno urlo", _KANDINSKY, _MUNCH),
        ("la barca con l'onda, la casa con la donna con cappello", _WAVE, _MATISSE),
        ("o bebê kandinsky, o avô grito", _KANDINSKY, _MUNCH),
        ("o cachorro no Munch e o gato no Matisse", _MUNCH, _MATISSE),
        ("船图用透纳，山图用北斋", _TURNER, _WAVE),
        ("人像请用《戴帽子的女人》那种笔法，车用康定斯基。", _MATISSE, _KANDINSKY),
        ("兄がムンク、弟がマティスで。", _MUNCH, _MATISSE),
        ("俺→カンディンスキー　部長→波", _KANDINSKY, _WAVE),
    ],
)
def test_each_thing_has_a_style(text: str, first: str, second: str) -> None:
    paint = paint_of(text, photos=2)

    assert _painted(paint) == [(0, first), (1, second)]
    assert not paint.not_understood


def test_the_number_of_a_photo_says_which_one_it_is() -> None:
    assert _painted(paint_of("The second one in Munch, the dog in Matisse", photos=2)) == [
        (0, _MATISSE),
        (1, _MUNCH),
    ]


def test_each_thing_has_its_size() -> None:
    paint = paint_of("The wave for the dog, big; the scream for the cat, small", photos=2)

    assert [(job.style, job.options.size) for job in paint.jobs] == [(_WAVE, 2048), (_MUNCH, 512)]


@pytest.mark.parametrize(
    ("text", "photos"),
    [
        ("the baby Kandinsky, grandpa the scream", 3),
        ("Kandinsky and Munch mixed for the dog and the cat", 2),
        ("my wife likes the wave and my son likes the scream", 2),
        ("the dog and the cat in Kandinsky and Munch", 2),
    ],
)
def test_styles_without_a_thing_and_a_photo_each_are_for_all_photos(text: str, photos: int) -> None:
    paint = paint_of(text, photos=photos)

    assert {photo for photo, _ in _painted(paint)} == set(range(photos))
    assert len({frozenset(style for at, style in _painted(paint) if at == n) for n in range(photos)}) == 1


@pytest.mark.parametrize("text", ["o retrato no Munch", "minha tia no Munch, por favor"])
def test_a_portuguese_in_the_refuses_nothing(text: str) -> None:
    assert _painted(paint_of(text)) == [(0, _MUNCH)]


def test_a_spanish_no_refuses() -> None:
    assert _painted(paint_of("quiero el grito, no la ola")) == [(0, _MUNCH)]


def test_who_has_a_painting_of_an_artist_is_no_photo() -> None:
    paint = paint_of("The hotel had a Turner, the bar a Kandinsky. Paint them please", photos=2)

    assert _painted(paint) == [(0, _WAVE), (1, _WAVE)]


def test_people_who_get_a_painting_are_no_photos() -> None:
    paint = paint_of("the wave for me and the scream for my sister", photos=2)

    assert _painted(paint) == [(0, _WAVE), (0, _MUNCH), (1, _WAVE), (1, _MUNCH)]
