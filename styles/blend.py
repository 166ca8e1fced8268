"""Several styles as one: styles of one base are rows of scales and shifts, and a mix of rows is a style too.

    as_name   a style's name as people write it -> as it is kept
    read      "starry-night:0.6,great-wave:0.4" -> shares by name, which sum to 1
    mix       the row that lies between those of some style files

Mixing rows is Dumoulin et al., 2017, arXiv:1610.07629, section 3.3.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from styles.checkpoint import StyleFile
from styles.errors import BadOption
from styles.paint import Row, row_of

#: A larger weight is most likely a typing mistake; parts, per cents and per milles all lie below.
MAX_WEIGHT = 1000.0


def as_name(text: str) -> str:
    """`Great Wave` and `great_wave` are great-wave."""
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def read(text: str) -> dict[str, float]:
    """`NAME[:WEIGHT],…` as shares that sum to 1; who has no weight counts 1. Raises `BadOption`."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        written, colon, number = part.partition(":")
        name = as_name(written)
        if not name:
            raise BadOption(
                f"A style's name is missing in the blend “{text}”: write NAME:WEIGHT,NAME:WEIGHT."
            )
        if name in weights:
            raise BadOption(f"The blend names {name} twice: give it one weight.")
        weights[name] = _weight(name, number) if colon else 1.0
    total = math.fsum(weights.values())  # exact, so that the order of the parts does not matter
    if total == 0:
        raise BadOption("All weights of the blend are 0: one at least must be more.")
    return {name: weight / total for name, weight in weights.items()}


def _weight(name: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= MAX_WEIGHT:  # which is also how NaN is found
        raise BadOption(
            f"The weight of {name} must be a number from 0 to {MAX_WEIGHT:g}, not “{number.strip()}”."
        )
    return weight


def mix(styles: Mapping[str, StyleFile], shares: Mapping[str, float]) -> Row:
    """The row (R,) of the named styles in their shares. Raises `BadOption` where the bases differ."""
    _require_one_base(styles)
    mixed = np.zeros(next(iter(styles.values())).row.shape)
    for name in sorted(styles):  # a sum depends on its order in the last bit
        mixed += shares[name] * row_of(styles[name]).astype(np.float64)
    return mixed.astype(np.float32)


def _require_one_base(styles: Mapping[str, StyleFile]) -> None:
    bases: dict[str, list[str]] = {}
    for name, style in styles.items():
        bases.setdefault(style.base, []).append(name)
    if len(bases) > 1:
        groups = ", on another ".join(" and ".join(names) for names in bases.values())
        raise BadOption(f"Only styles on one base network can be blended; on one are {groups}.")
