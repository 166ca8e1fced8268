"""What may be asked for in an address."""

from __future__ import annotations

import pytest

from runner.http.query import MAX_SHEET_SIZE, SHEET_SIZE, read
from styles.contract import StyleJob, StyleOptions
from styles.errors import BadOption


def test_everything_at_once() -> None:
    query = {"style": "wave:0.6,night", "strength": "0.25", "keep_colors": "yes", "size": "640"}
    query |= {
        "format": "png",
        "max_bytes": "90000",
        "preview": "320",
        "sender": "ann",
        "job": "7",
        "suspect": "true",
    }
    options = StyleOptions(
        strength=0.25, keep_colors=True, size=640, format="png", max_bytes=90000, preview=320
    )
    assert read(query) == StyleJob(
        id="7", style="wave:0.6,night", image=b"", options=options, sender="ann", sheet=False, suspect=True
    )


def test_nothing_but_a_style() -> None:
    assert read({"style": "wave"}) == StyleJob(
        id="", style="wave", image=b"", options=StyleOptions(), sender="", sheet=False
    )


@pytest.mark.parametrize(
    ("query", "size"),
    [({}, SHEET_SIZE), ({"size": "300"}, 300), ({"size": "16384"}, MAX_SHEET_SIZE)],
)
def test_a_sheets_paintings_have_sizes_of_their_own(query: dict[str, str], size: int) -> None:
    asked = read(query, sheet=True)
    assert (asked.style, asked.sheet, asked.options.size) == ("", True, size)


@pytest.mark.parametrize("query", [{"size": "7"}, {"size": "99999"}, {"preview": "0"}, {"preview": "9999"}])
@pytest.mark.parametrize("sheet", [False, True])
def test_sizes_that_make_no_sense(query: dict[str, str], sheet: bool) -> None:
    with pytest.raises(BadOption, match="must be between"):
        read(query if sheet else query | {"style": "wave"}, sheet=sheet)


def test_a_sheet_names_no_style() -> None:
    with pytest.raises(BadOption, match="option style"):
        read({"style": "wave"}, sheet=True)
    with pytest.raises(BadOption, match="Name a style"):
        read({})
