from __future__ import annotations

import pytest

from styles.service.units import age, size, span


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "-"), (0, "0 s"), (0.25, "0.2 s"), (42, "42 s"), (130, "2 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_ages_in_words(seconds: float | None, words: str) -> None:
    assert age(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "-"), (0, "0 ms"), (0.0836, "84 ms"), (1.04, "1.0 s"), (130, "2 min")]
)
def test_spans_in_words(seconds: float | None, words: str) -> None:
    assert span(seconds) == words


def test_sizes_in_words() -> None:
    assert [size(count) for count in (1_500, 3_400_000, 1_230_000_000)] == ["2 kB", "3.4 MB", "1.2 GB"]
