"""The sheet: every picture at its place, titles that stay below their pictures, a shape that fits a page."""

from __future__ import annotations

import numpy as np
import pytest

from styles.contract import Card
from styles.errors import BadOption
from styles.imaging.codec import Pixels
from styles.imaging.contact_sheet import GROUND, Grid, SheetPicture, framed, sheet

LONG = "Composition with Red, Yellow, Blue, and of course a Very Long Title " * 2


def flat(index: int, height: int = 200, width: int = 300) -> Pixels:
    """A picture of a colour of its own."""
    return np.full((height, width, 3), (200, 10 + index, 60), np.uint8)


def hung(count: int, height: int = 200, width: int = 300, title: str = "Title") -> list[SheetPicture]:
    return [SheetPicture(f"{title} {i}", "Nobody, 1913", flat(i, height, width)) for i in range(1, count + 1)]


def place(whole: Pixels, picture: Pixels) -> tuple[int, int]:
    """(top, left) of a flat picture, which must be there whole and once."""
    there = (whole == picture[0, 0]).all(axis=2)
    top, left = np.argwhere(there)[0]
    height, width = picture.shape[:2]
    assert np.count_nonzero(there) == height * width
    assert there[top : top + height, left : left + width].all()
    return int(top), int(left)


@pytest.mark.parametrize("size", [(200, 300), (300, 200), (250, 250), (300, 90)])
def test_the_photo_and_every_picture_hang_in_reading_order(size: tuple[int, int]) -> None:
    photo, pictures = flat(0, *size), hung(6, *size)
    whole = sheet(photo, pictures, columns=3)
    places = [place(whole, pixels) for pixels in (photo, *(p.pixels for p in pictures))]
    assert places == sorted(places)
    assert places[0][0] == places[2][0] < places[3][0] == places[5][0] < places[6][0]
    assert places[0][1] == places[3][1] == places[6][1]


def test_gaps_are_even() -> None:
    photo, pictures = flat(0), hung(3)
    whole = sheet(photo, pictures, columns=2)
    (top, left), (_, second), (below, _) = (
        place(whole, p) for p in (photo, *(p.pixels for p in pictures[:2]))
    )
    assert top == left == second - left - 300 == whole.shape[1] - second - 300
    row = below - top
    assert whole.shape[0] == top + 2 * row
    assert row > 200 + top


def test_the_grid_knows_places_and_size() -> None:
    photo, pictures = flat(0), hung(4)
    whole = sheet(photo, pictures)
    grid = Grid.of(5, 300, 200)
    assert grid.size == (whole.shape[1], whole.shape[0])
    for index, pixels in enumerate([photo, *(p.pixels for p in pictures)]):
        assert grid.corner(index) == place(whole, pixels)[::-1]


@pytest.mark.parametrize("size", [(200, 300), (300, 200), (300, 120), (40, 30), (300, 2), (1, 1)])
@pytest.mark.parametrize("title", ["Udnie", LONG])
def test_words_stay_below_their_picture(size: tuple[int, int], title: str) -> None:
    height, width = size
    photo = flat(0, height, width)
    whole = sheet(photo, hung(2, height, width, title), columns=3)
    inked = (whole != np.array(GROUND, np.uint8)).any(axis=2)
    grid = Grid.of(3, width, height, 3)
    for index in range(3):
        left, top = grid.corner(index)
        assert inked[top + height :, left : left + width].any() or width < 10
        inked[top:, left : left + width] = False
    assert not inked.any()
    last = whole[-grid.gap // 2 :]
    assert (last == np.array(GROUND, np.uint8)).all()


def test_one_size_of_title_for_all() -> None:
    """A long title makes the short ones smaller too, but not by more than a third."""
    photo = flat(0)
    rows = []
    for title in ("Udnie", LONG):
        whole = sheet(
            photo, [SheetPicture(title, "", flat(1)), SheetPicture("Udnie", "", flat(2))], columns=3
        )
        top, left = place(whole, flat(2))
        words = (whole[top + 200 :, left : left + 300] != np.array(GROUND, np.uint8)).any(axis=(1, 2))
        rows.append(np.count_nonzero(words))
    assert rows[0] * 0.66 < rows[1] < rows[0]


@pytest.mark.parametrize("size", [(640, 480), (640, 427), (480, 640), (427, 640), (640, 640)])
@pytest.mark.parametrize("count", [10, 16, 31])
def test_a_sheet_has_the_shape_of_a_page(size: tuple[int, int], count: int) -> None:
    grid = Grid.of(count, *size)
    width, height = grid.size
    assert 1.1 < width / height < 2.2
    assert grid.columns * (grid.rows - 1) < count <= grid.columns * grid.rows


def test_columns_are_obeyed_and_never_empty() -> None:
    assert Grid.of(7, 300, 200, 2).columns == 2
    assert Grid.of(7, 300, 200, 2).rows == 4
    assert Grid.of(3, 300, 200, 9).columns == 3


def test_a_photo_alone_is_a_sheet() -> None:
    whole = sheet(flat(0), [])
    assert place(whole, flat(0))


@pytest.mark.parametrize(("size", "columns"), [((4096, 4096), None), ((64, 3000), 1)])
def test_a_sheet_too_large_is_refused(size: tuple[int, int], columns: int | None) -> None:
    with pytest.raises(BadOption, match="smaller --size"):
        Grid.of(30, *size, columns)


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        sheet(flat(0), [SheetPicture("x", "", flat(1, 100, 100))])


@pytest.mark.parametrize(
    ("card", "title", "caption"),
    [
        (Card(name="night", title="The Night", artist="Nobody", year="1889"), "The Night", "Nobody, 1889"),
        (Card(name="night", title="Ночь", artist="Никто", year="1889"), "Ночь", "Никто, 1889"),
        (Card(name="night", title="\U0010fffd", artist="\U0010fffd", year="1889"), "night", "1889"),
        (Card(name="night", title="", artist="Ann"), "night", "Ann"),
        (Card(name="night", title="Café"), "Café", ""),
    ],
)
def test_what_stands_below_a_style(card: Card, title: str, caption: str) -> None:
    picture = framed(flat(1), name=card.name, title=card.title, artist=card.artist, year=card.year)
    assert (picture.title, picture.caption) == (title, caption)
