"""Blend several styles of one base into one row (Dumoulin et al. 2017, arXiv:1610.07629, section 3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from styles.formats.style_file import StyleFile
from styles.inference.open import row_of
from styles.inference.session import Row
from styles.language.blend_syntax import require_one_base


def mix(styles: Mapping[str, StyleFile], shares: Mapping[str, float]) -> Row:
    """Return the row (R,) of the named styles in their shares. Raises `BadOption` where the bases differ."""
    require_one_base({name: style.base for name, style in styles.items()})
    names = sorted(styles)  # a sum depends on its order in the last bit
    return mixed([row_of(styles[name]) for name in names], [shares[name] for name in names])


def mixed(rows: Sequence[Row], shares: Sequence[float]) -> Row:
    """Return the weighted sum (R,) of rows of one base."""
    total = np.zeros(rows[0].shape)
    for row, share in zip(rows, shares, strict=True):
        total += share * row.astype(np.float64)
    return total.astype(np.float32)
