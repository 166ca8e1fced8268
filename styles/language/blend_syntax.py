"""Several styles as one, as people write them: names with weights.

    as_name   a style's name as people write it -> as it is kept
    read      "starry-night:0.6,great-wave:0.4" -> shares by name, which sum to 1

How styles are mixed is in `styles/inference/blending.py`. It needs numpy and what opens a style; the bot and
the balancer, which have neither, read blends as well.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from styles.errors import BadOption

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


def require_one_base(bases: Mapping[str, str]) -> None:
    """Raises `BadOption` unless the styles, by name, have their bases' digests in common."""
    groups: dict[str, list[str]] = {}
    for name, base in bases.items():
        groups.setdefault(base, []).append(name)
    if len(groups) > 1:
        listed = ", on another ".join(" and ".join(names) for names in groups.values())
        raise BadOption(f"Only styles on one base network can be blended; on one are {listed}.")
