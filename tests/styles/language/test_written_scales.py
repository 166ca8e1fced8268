"""Numbers on a scale of ten."""

from __future__ import annotations

import pytest

from styles.language.written_scales import with_scales


@pytest.mark.parametrize(
    "text",
    [
        *("on a scale of 1 to 10, a 3", "a 3 on a scale of one to ten", "scale from 1 to 10: three"),
        *("auf einer Skala von 1 bis 10 eine 3", "sur une échelle de 1 à 10, un 3"),
        *("en una escala del 1 al 10, un 3", "su una scala da 1 a 10, un 3", "numa escala de 1 a 10, um 3"),
        *("从1到10的话,3", "满分10分,来个3分", "10段階で3", "10点満点で3"),
    ],
)
def test_a_number_is_a_percentage(text: str) -> None:
    assert "30%" in with_scales(text)


@pytest.mark.parametrize(
    "text",
    [
        *("on a scale of 1 to 10 it's a 10", "das ist auf einer Skala von 1 bis 10 eine 9", "1 to 10"),
        *("on a scale of 1 to 10, a fıve", "9 out of 10 friends"),
    ],
)
def test_a_rating_is_left(text: str) -> None:
    assert with_scales(text) == text
