"""Two styles that were named before are wanted both, or mixed."""

from __future__ import annotations

import pytest

from tests.fakes.mailbot.asks import paint_of


@pytest.mark.parametrize(
    "text",
    [
        "I can't decide between the wave and the scream. Do both please",
        "j'hésite entre la vague et le cri... faites-moi les deux",
        "Die Welle oder der Schrei? Mach einfach beide",
        "non so se l'onda o l'urlo, fammi tutti e due",
    ],
)
def test_both_are_painted(text: str) -> None:
    assert sorted(job.style for job in paint_of(text).jobs) == ["great-wave", "the-scream"]


def test_both_are_mixed_by_the_ratio_that_is_said() -> None:
    (job,) = paint_of("What if the wave met the scream? Mix those two 70/30.").jobs
    assert job.style == "great-wave:0.7,the-scream:0.3"
