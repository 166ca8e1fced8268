"""Blends: what people write, and what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from styles.errors import BadOption
from styles.language.blend_syntax import as_name, read, write


@pytest.mark.parametrize("text", ["great-wave", "Great Wave", " great_wave ", "GREAT  WAVE"])
def test_a_name_is_known_however_it_is_written(text: str) -> None:
    assert as_name(text) == "great-wave"


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("wave", {"wave": 1.0}),
        ("wave:0.2", {"wave": 1.0}),
        ("wave:0.6,night:0.4", {"wave": 0.6, "night": 0.4}),
        ("wave:60, Starry Night : 20", {"wave": 0.75, "starry-night": 0.25}),
        ("wave:3,night", {"wave": 0.75, "night": 0.25}),
        ("wave,night:0", {"wave": 1.0, "night": 0.0}),
    ],
)
def test_weights_become_shares_of_one(text: str, shares: dict[str, float]) -> None:
    assert read(text) == pytest.approx(shares)
    assert list(read(text)) == list(shares)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("wave:-1,night:2", "weight of wave .* from 0 to 1000, not “-1”"),
        ("wave:nan", "weight of wave"),
        ("wave:inf", "weight of wave"),
        ("wave:1e9", "weight of wave"),
        ("wave:half", "not “half”"),
        ("wave:,night", "weight of wave"),
        ("wave:0.5:0.5", "weight of wave"),
        ("wave:0,night:0", "All weights"),
        ("wave:1,Wave:2", "wave twice"),
        ("wave,,night", "name is missing"),
        (":0.5", "name is missing"),
        ("", "name is missing"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(BadOption, match=reason):
        read(text)


def test_reading_a_blend_needs_no_numbers() -> None:
    program = (
        "import sys; from styles.language.blend_syntax import read; read('a:1,b'); "
        "sys.exit(bool({'numpy', 'PIL', 'openvino', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize("text", ["starry-night", "starry-night:0.6,great-wave:0.4", "a:0.333,b:0.667"])
def test_what_is_written_is_read_again(text: str) -> None:
    assert write(read(text)) == text
