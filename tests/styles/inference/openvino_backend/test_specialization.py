"""Models of single styles: who gets one, who gives it up, and that it paints what the base's paints."""

from __future__ import annotations

import numpy as np

from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.openvino_backend.specialization import (
    COUNTED,
    IDLE,
    MOST,
    WORTH,
    SpecializedModels,
)
from styles.inference.session import Row
from tests.fakes.styles.style_files import random_style


class Compiled:
    """Remembers what was compiled; a model is the first number of its row."""

    def __init__(self) -> None:
        self.rows: list[float] = []
        self.models = SpecializedModels(self.compile)

    def compile(self, row: Row) -> float:
        self.rows.append(float(row[0]))
        return float(row[0])

    def paint(self, number: float, times: int = 1) -> list[float | None]:
        return [self.models.find(np.full(3, number, np.float32)) for _ in range(times)]


def test_a_style_gets_its_own_when_it_has_been_painted_some_times() -> None:
    compiled = Compiled()
    assert compiled.paint(1, WORTH) == [None] * WORTH
    assert compiled.paint(1, 3) == [1, 1, 1]
    assert compiled.rows == [1]


def test_no_more_than_there_is_room_for_and_none_is_thrown_out_that_is_in_use() -> None:
    compiled = Compiled()
    for number in range(MOST):
        compiled.paint(number, WORTH + 1)
    for _ in range(WORTH * 3):
        for number in range(MOST + 4):
            compiled.paint(number)
    assert compiled.rows == [*range(MOST)]


def test_a_style_that_is_painted_no_more_gives_its_place() -> None:
    compiled = Compiled()
    for number in range(MOST):
        compiled.paint(number, WORTH + 1)
    for _ in range(IDLE // 2):
        for number in (*range(1, MOST), 50):
            compiled.paint(number)
    assert compiled.rows == [*range(MOST), 50]
    assert compiled.paint(0) == [None]


def test_blends_without_end_are_not_counted_without_end() -> None:
    compiled = Compiled()
    compiled.paint(0.5, WORTH)
    for number in range(COUNTED):
        compiled.paint(1 + number)
    assert compiled.paint(0.5) == [None]  # forgotten, and counted anew


def test_its_own_model_paints_what_the_model_of_the_base_paints() -> None:
    style = random_style(seed=3)
    session, row = OpenVinoSession(style.network), conditioning_of(style).row
    image = STYLE_UNET_INPUT.extend(np.random.default_rng(5).integers(0, 256, (48, 64, 3), dtype=np.uint8))[
        None
    ]
    pictures = [session.paint(image, row[None]).astype(int) for _ in range(WORTH + 2)]
    assert np.array_equal(pictures[0], pictures[WORTH - 1])
    assert np.array_equal(pictures[WORTH], pictures[-1])
    assert np.abs(pictures[0] - pictures[-1]).mean() < 1  # rounding, in bfloat16 where there is it
    assert pictures[0].std() > 5  # and there is a picture to compare
