"""Blends: what people write, what is refused, and the row that comes out."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from styles.errors import BadOption
from styles.formats.style_file import StyleFile
from styles.inference.blending import mix
from styles.inference.open import row_of
from styles.language.blend_syntax import as_name, read
from tests.fakes.styles.style_files import random_style

WAVE, NIGHT = random_style(1), random_style(2)


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


def test_a_blend_of_one_is_that_style() -> None:
    assert np.array_equal(mix({"wave": WAVE}, {"wave": 1.0}), row_of(WAVE))


def test_half_and_half_is_the_mean() -> None:
    mixed = mix({"wave": WAVE, "night": NIGHT}, {"wave": 0.5, "night": 0.5})
    assert mixed.dtype == np.float32
    assert np.array_equal(mixed, (row_of(WAVE) + row_of(NIGHT)) / 2)


def test_more_weight_is_nearer() -> None:
    mixed = mix({"wave": WAVE, "night": NIGHT}, read("wave:3,night:1"))
    assert np.allclose(mixed - row_of(WAVE), (row_of(NIGHT) - row_of(WAVE)) / 4, atol=1e-6)


def test_order_does_not_matter_to_the_last_bit() -> None:
    a, b = read("wave:0.1,night:0.2,cafe:0.7"), read("cafe:0.7,night:0.2,wave:0.1")
    assert a == b
    values = {"wave": 60_000, "night": -60_000, "cafe": 1e-7}  # a sum that loses digits in one order
    files = {
        name: StyleFile(network=WAVE.network, row=np.full_like(WAVE.row, value))
        for name, value in values.items()
    }
    equal = dict.fromkeys(files, 1 / 3)
    assert np.array_equal(mix(files, equal), mix(dict(reversed(files.items())), equal))


def test_styles_on_different_bases_are_named() -> None:
    files = {"wave": WAVE, "mosaic": random_style(1, base_seed=9), "night": NIGHT}
    with pytest.raises(BadOption, match="on one are wave and night, on another mosaic"):
        mix(files, read("wave,mosaic,night"))


def test_reading_a_blend_needs_no_numbers() -> None:
    program = (
        "import sys; from styles.language.blend_syntax import read, require_one_base; read('a:1,b'); "
        "sys.exit(bool({'numpy', 'PIL', 'openvino', 'torch'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
