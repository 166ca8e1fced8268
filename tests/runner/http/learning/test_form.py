"""The options of a painting to learn from."""

from __future__ import annotations

import pytest

from runner.http.learning.form import read
from styles.errors import BadOption

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def test_what_is_not_said_is_usual() -> None:
    assert read({"name": "my-garden"}, has_photo=False).minutes == 5
    picture = read({}, has_photo=True)
    assert (picture.minutes, picture.is_picture, picture.corners) == (2.6, True, None)


def test_all_that_can_be_said() -> None:
    said = {"name": "a", "title": "T", "artist": "A", "minutes": "0.5", "key": "12345678"}
    order = read(said | {"corners": "[[0, 0], [1, 0], [1, 1], [0, 1]]"}, has_photo=False)
    assert (order.title, order.artist, order.minutes, order.key) == ("T", "A", 0.5, "12345678")
    assert order.corners == SQUARE


@pytest.mark.parametrize("name", ["", "My Garden", "-a", "a-", "a" * 65, "ä", "a\n"])
def test_a_style_has_a_name_as_styles_have(name: str) -> None:
    with pytest.raises(BadOption, match="Name the style"):
        read({"name": name}, has_photo=False)


@pytest.mark.parametrize("minutes", ["0", "-1", "inf", "nan", "121", "many"])
def test_minutes_have_a_range(minutes: str) -> None:
    with pytest.raises(BadOption, match="minutes"):
        read({"name": "a", "minutes": minutes}, has_photo=False)


@pytest.mark.parametrize(
    "corners",
    [
        "here",
        "[]",
        "7",
        "[[0, 0], [1, 0], [1, 1]]",
        "[[0, 0], [1, 0], [1, 1], [0, 2]]",
        "[[0, 0], [1, 0], [1, 1], [0, NaN]]",
        "[[0, 0], [0, 1], [1, 1], [1, 0]]",
        "[[0, 0], [1, 1], [1, 0], [0, 1]]",
        "[[0, 0], [1, 0], [2, 0], [3, 0]]",
        "[" * 100_000,
    ],
)
def test_corners_go_clockwise_around_an_area(corners: str) -> None:
    with pytest.raises(BadOption, match="The corners must be"):
        read({"name": "a", "corners": corners}, has_photo=False)


@pytest.mark.parametrize("key", ["short", "k" * 65, "with space", "ключключ"])
def test_a_key_is_of_a_kind(key: str) -> None:
    with pytest.raises(BadOption, match="A key has"):
        read({"name": "a", "key": key}, has_photo=False)


def test_a_text_has_an_end() -> None:
    with pytest.raises(BadOption, match="at most 200"):
        read({"name": "a", "title": "t" * 201}, has_photo=False)
