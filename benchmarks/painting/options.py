"""Time strength, kept colours, blends and previews beside the plain picture. Half a minute."""

from __future__ import annotations

from benchmarks.painting.subjects import PLAIN, paint_one, photo
from benchmarks.painting.turns import in_turns
from benchmarks.reporting.findings import ReportLine, Row
from runner.process.engine import BatchItem, Engine, LoadedStyle
from styles.contract import StyleOptions
from styles.formats import style_file

#: Turns that count.
COUNT = 15


async def run() -> list[ReportLine]:
    """Measure each option against the plain picture."""
    engine = Engine("cpu")
    styles = [engine.load(f"sha256:{s.card.name}", s.weights) for s in style_file.shipped()[:4]]
    jpeg = photo()

    def blended(count: int) -> LoadedStyle:
        return engine.mix(styles[:count], [1 / count] * count)

    def paint(style: LoadedStyle, options: StyleOptions = PLAIN) -> bytes:
        return paint_one(engine, BatchItem(style=style, image=jpeg, options=options))

    plain = styles[0]
    times = in_turns(
        {
            "plain": lambda: paint(plain),
            "strength 0.6": lambda: paint(plain, StyleOptions(strength=0.6)),
            "kept colours": lambda: paint(plain, StyleOptions(keep_colors=True)),
            "strength 0.6 and kept colours": lambda: paint(
                plain, StyleOptions(strength=0.6, keep_colors=True)
            ),
            "a blend of two styles": lambda: paint(blended(2)),
            "a blend of four styles": lambda: paint(blended(4)),
            "a preview of 640 pixels": lambda: paint(plain, StyleOptions(preview=640)),
        },
        COUNT,
    )
    return [
        Row(
            measure=f"a 1024x683 photo, {name}",
            seconds=seconds,
            against="without",
            against_seconds=times["plain"],
        )
        for name, seconds in times.items()
        if name != "plain"
    ]
