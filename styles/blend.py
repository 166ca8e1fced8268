"""Several styles as one: styles of one base are rows of scales and shifts, and a mix of rows is a style too.

    as_name   a style's name as people write it -> as it is kept
    read      "starry-night:0.6,great-wave:0.4" -> shares by name, which sum to 1
    mix       the row that lies between those of some style files
    mixed     the same of rows

Mixing rows is Dumoulin et al., 2017, arXiv:1610.07629, section 3.3. Only mixing needs numpy and what opens a
style: the bot and the balancer, which do neither, read blends as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from styles.errors import BadOption

if TYPE_CHECKING:
    from styles.checkpoint import StyleFile
    from styles.paint import Row

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
    from styles.paint import row_of

    require_one_base({name: style.base for name, style in styles.items()})
    names = sorted(styles)  # a sum depends on its order in the last bit
    return mixed([row_of(styles[name]) for name in names], [shares[name] for name in names])


def mixed(rows: Sequence[Row], shares: Sequence[float]) -> Row:
    """The row (R,) that lies between rows of one base."""
    import numpy as np

    total = np.zeros(rows[0].shape)
    for row, share in zip(rows, shares, strict=True):
        total += share * row.astype(np.float64)
    return total.astype(np.float32)


def require_one_base(bases: Mapping[str, str]) -> None:
    """Raises `BadOption` unless the styles, by name, have their bases' digests in common."""
    groups: dict[str, list[str]] = {}
    for name, base in bases.items():
        groups.setdefault(base, []).append(name)
    if len(groups) > 1:
        listed = ", on another ".join(" and ".join(names) for names in groups.values())
        raise BadOption(f"Only styles on one base network can be blended; on one are {listed}.")
