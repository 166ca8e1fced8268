"""The values that cross packages, and the errors, keep their promises."""

from __future__ import annotations

import inspect

import pytest

from styles import errors
from styles.contract import Card, StyleOptions, painted_side
from styles.errors import BadOption, Busy, PainterError, Permanent, Temporary, UnknownStyle


@pytest.mark.parametrize(
    "wrong",
    [
        {"strength": 1.5},
        {"strength": -0.1},
        {"strength": float("nan")},
        {"size": 3},
        {"size": 99_999},
        {"format": "gif"},
        {"max_bytes": 3},
    ],
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadOption):
        StyleOptions(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("side", "painted"), [(1, 2), (300, 600), (512, 1024), (800, 1024), (1025, 1025)])
def test_a_small_photo_is_painted_enlarged_and_never_longer_than_one_of_1024(side: int, painted: int) -> None:
    assert painted_side(side) == painted


def test_a_card_ignores_what_it_does_not_know() -> None:
    assert Card.from_mapping({"name": "x", "title": "X", "crop": [0, 0, 1, 1]}) == Card(name="x", title="X")


def test_every_error_has_a_sentence_a_fate_and_a_status() -> None:
    made: dict[type[PainterError], PainterError] = {UnknownStyle: UnknownStyle("x"), Busy: Busy(3)}
    made[errors.MissingExtra] = errors.MissingExtra("Training", "train", "pip install it")
    for kind in vars(errors).values():
        if not (inspect.isclass(kind) and issubclass(kind, PainterError)):
            continue
        if kind in (PainterError, Permanent, Temporary, BadOption, errors.BadCheckpoint, errors.ValuesNeeded):
            error = kind("A sentence.")
        else:
            error = made.get(kind) or kind("detail")
        assert error.message.endswith(".")
        assert error.retry == isinstance(error, Temporary)
        assert 400 <= error.status < 600
        assert kind is PainterError or isinstance(error, Permanent | Temporary)
