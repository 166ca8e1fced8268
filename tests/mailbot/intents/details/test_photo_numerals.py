"""Photos by a number or a letter behind a word for them."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "Photo A, that's me before the meeting: the Great Wave. Photo B, an hour later: Starry Night.",
        "Bild A bin ich vor der Sitzung: die große Welle. Bild B, eine Stunde später: Sternennacht.",
        "La photo A, c'est moi avant la réunion : la Grande Vague. La photo B, plus tard : la Nuit étoilée.",
        "La foto A soy yo antes de la reunión: La gran ola. La foto B, después: La noche estrellada.",
        "La foto A sono io prima della riunione: la Grande Onda. La foto B, dopo: la Notte stellata.",
        "A foto A sou eu antes da reunião: a Grande Onda. A foto B, depois: a Noite Estrelada.",
        "照片A是开会前的我:神奈川冲浪里。照片B是一小时后:星月夜。",
        "写真Aは会議前の私で、神奈川沖浪裏。写真Bは一時間後で、星月夜。",
        "photo 1: great wave, photo 2: starry night",
    ],
)
def test_each_photo_has_its_style(text: str) -> None:
    paint = paint_of(text, 2)
    assert [job.style for job in paint.jobs] == ["great-wave", "starry-night"]
    assert paint.photos == (0, 1)


@pytest.mark.parametrize(
    "text",
    [
        "number two and three in starry night",
        "die zwei und die drei als Sternennacht",
        "la deux et la trois en nuit étoilée",
        "la dos y la tres con noche estrellada",
        "la due e la tre con la notte stellata",
        "a dois e a três com a noite estrelada",
        "2和3用星空",
        "2と3を星月夜で",
    ],
)
def test_two_numbers_are_those_of_photos(text: str) -> None:
    paint = paint_of(text, 3)
    assert [job.style for job in paint.jobs] == ["starry-night"] * 2
    assert paint.photos == (1, 2)


def test_what_a_number_counts_is_no_photo() -> None:
    assert len(paint_of("the two dogs and the three cats as the wave", 3).jobs) == 3
    assert len(paint_of("die zwei Hunde und die drei Katzen als Sternennacht", 3).jobs) == 3
