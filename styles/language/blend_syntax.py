"""Read and write blends, names of styles with weights: "starry-night:0.6,great-wave:0.4".

`styles/inference/blending.py` mixes the styles, by numpy. This module is without it, since the bot and the
balancer read blends too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from styles.errors import BadOption

#: Largest weight. Shares, per cents and per milles are below; a larger one is most likely a typing mistake.
MAX_WEIGHT = 1000.0


def as_name(text: str) -> str:
    """Convert a name as people write it: `Great Wave` and `great_wave` to `great-wave`."""
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def read(text: str) -> dict[str, float]:
    """Read `NAME[:WEIGHT],…` as shares that sum to 1; the default weight is 1. Raises `BadOption`."""
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


def write(shares: Mapping[str, float]) -> str:
    """Write weights of styles as `read` reads them; one style is its name."""
    if len(shares) == 1:
        return next(iter(shares))
    return ",".join(f"{name}:{share:.3g}" for name, share in shares.items())


def _weight(name: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= MAX_WEIGHT:  # NaN fails too
        raise BadOption(
            f"The weight of {name} must be a number from 0 to {MAX_WEIGHT:g}, not “{number.strip()}”."
        )
    return weight
