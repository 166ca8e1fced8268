"""Numbers without a per cent sign are shares of a blend."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "the wave and the scream 60/40",
        "wave 6, scream 4",
        "60 wave 40 scream",
        "3:2 the wave and the scream",
        "mostly wave with a whiff of scream. Say sixty to forty.",
        "three parts wave, two parts scream",
        "北斎6、ムンク4の割合で",
        "the wave and the scream, 3 to 2",
    ],
)
def test_numbers_that_make_a_whole_are_shares(text: str) -> None:
    (job,) = paint_of(text).jobs
    assert job.style == "great-wave:0.6,the-scream:0.4"
    assert job.options.strength == 1.0
