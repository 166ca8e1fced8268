"""Plots are well-formed, and their points lie where they should."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from benchmarks.cluster.plots import HEIGHT, LEFT, RIGHT, WIDTH, Curve, Plot


def test_a_plot() -> None:
    curve = Curve(name="a < b", points=[(1, 0.1), (10, 1), (100, 10)])
    svg = Plot(title="T", across="x", up="y", curves=[curve]).svg()
    root = ElementTree.fromstring(svg)
    assert "a < b" in [element.text for element in root.iter() if element.text]
    centres = [(float(x), float(y)) for x, y in re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', svg)]
    assert len(centres) == 3
    assert all(LEFT < x < WIDTH - RIGHT and 0 < y < HEIGHT for x, y in centres)
    (x1, y1), (x2, y2), (x3, y3) = centres
    assert (x2 - x1, y1 - y2) == (round(x3 - x2, 1), round(y2 - y3, 1)) or abs(x3 - 2 * x2 + x1) < 0.2
