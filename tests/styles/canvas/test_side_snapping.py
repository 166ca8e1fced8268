from __future__ import annotations

import numpy as np

from styles.canvas.side_snapping import snapped


def test_sides_move_from_a_soft_edge_to_a_clear_one_near_it() -> None:
    contrast = np.zeros((120, 160), np.float32)
    contrast[20:101, [30, 130]] = contrast[[20, 100], 30:131] = 40
    contrast[104, 30:131] = 6  # of a shadow below
    beside = np.array([(32, 19), (129, 22), (131, 104), (28, 104)], np.float32)
    wanted = [(30, 20), (130, 20), (130, 100), (30, 100)]
    assert np.abs(snapped(beside, contrast) - wanted).max() <= 1
    assert np.abs(snapped(beside, np.zeros_like(contrast)) - beside).max() < 0.01  # nothing is nearer
