"""Draw lines and points over logarithmic axes, as an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

#: Pixels of a plot, and of the margins left, right, top and bottom of its axes.
WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 44, 58
COLOURS = ("#1f5fa8", "#c2491d", "#3b7d3b", "#7a4a9e")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Hold one line of a plot."""

    name: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Hold a plot; both axes are logarithmic."""

    title: str
    across: str  #: what the horizontal axis shows, with its unit
    up: str
    curves: Sequence[Curve]

    def svg(self) -> str:
        """Return the whole file."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
            f'height="{HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">'
        )
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        yield _text(LEFT, 24, self.title, size=16)
        xs, ys = self._range(0), self._range(1)
        for value in _ticks(*xs):
            x = _at(value, xs, LEFT, WIDTH - RIGHT)
            yield f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>'
            yield _text(x, HEIGHT - BOTTOM + 20, _number(value), anchor="middle")
        for value in _ticks(*ys):
            y = _at(value, ys, HEIGHT - BOTTOM, TOP)
            yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>'
            yield _text(LEFT - 8, y + 4, _number(value), anchor="end")
        yield _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, self.across, anchor="middle")
        middle = (TOP + HEIGHT - BOTTOM) / 2
        turned = f"translate(18 {middle}) rotate(-90)"
        yield f'<text transform="{turned}" text-anchor="middle">{escape(self.up)}</text>'
        for number, curve in enumerate(self.curves):
            yield from self._curve(curve, COLOURS[number], number, xs, ys)
        yield "</svg>"

    def _curve(
        self, curve: Curve, colour: str, number: int, xs: tuple[float, float], ys: tuple[float, float]
    ) -> Iterator[str]:
        spots = [(_at(x, xs, LEFT, WIDTH - RIGHT), _at(y, ys, HEIGHT - BOTTOM, TOP)) for x, y in curve.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
        dashes = ' stroke-dasharray="6 4"' if curve.dashed else ""
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
        if not curve.dashed:
            yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in spots)
        x, y = WIDTH - RIGHT + 14, TOP + 16 + 24 * number
        yield f'<path d="M{x} {y - 4}h22" stroke="{colour}" stroke-width="2"{dashes}/>'
        yield _text(x + 28, y, curve.name)

    def _range(self, axis: int) -> tuple[float, float]:
        """Return the least and the greatest value of an axis, with a little room."""
        values = [point[axis] for curve in self.curves for point in curve.points]
        return min(values) / 1.15, max(values) * 1.15


def _ticks(low: float, high: float) -> Iterator[float]:
    """Yield round numbers: of a short axis 1, 2 and 5 of each power of ten, of a long one 1 alone."""
    parts = (1, 2, 5) if high / low < 500 else (1,)
    for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        yield from (part * 10.0**power for part in parts if low <= part * 10.0**power <= high)


def _at(value: float, ends: tuple[float, float], first: float, last: float) -> float:
    return first + (last - first) * math.log(value / ends[0]) / math.log(ends[1] / ends[0])


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 13) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'
