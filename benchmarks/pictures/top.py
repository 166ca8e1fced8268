"""Take the picture docs/serving/top.png of `runner top`, in Chromium: `python -m benchmarks.pictures.top`."""

from __future__ import annotations

import asyncio
import io
import math
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from runner.cli.history import RecordedStatus
from runner.cli.screen import Screen
from tests.fakes.mailbot.mail_program import chromium
from tests.fakes.runner.statuses import a_runner, a_status, digest

PICTURE = Path(__file__).parent.parent.parent / "docs" / "serving" / "top.png"
#: A page in which rich's text looks as in a terminal.
PAGE = """<meta charset="utf-8"><style>
body {{ margin: 0; width: max-content; background: {background}; color: {foreground}; }}
pre {{ margin: 0; padding: 16px; font: 14px/18px "DejaVu Sans Mono", monospace; width: max-content; }}
{stylesheet}</style><pre>{code}</pre>"""
#: Two minutes of photos a second and of photos waiting, one number a second, in waves.
RATES = [max(0.0, 8 + 3 * math.sin(n / 3) + (n * 7 % 5) / 4) for n in range(120)]
QUEUED = [max(0.0, 14 + 18 * math.sin(n / 4 + 1) + n * 3 % 4) for n in range(120)]


async def main() -> None:
    """Draw a balancer with two busy runners in a window of 140 columns, and take its picture."""
    few = [digest(0), digest(1), digest(9)]
    second = a_runner("cpu-1", held=[4], photos=5194, pid=4712, evictions=3, resident=few)
    status = a_status(a_runner(), second)
    console = Console(width=140, height=40, record=True, file=io.StringIO(), force_terminal=True)
    seen = RecordedStatus(url="http://127.0.0.1:8481", status=status, rates=RATES, queued=QUEUED)
    console.print(Screen(seen, fits=True))
    async with chromium() as browser:
        page = await browser.new_page(device_scale_factor=1.5)
        await page.set_content(console.export_html(theme=MONOKAI, code_format=PAGE))
        await page.locator("pre").screenshot(path=PICTURE)


if __name__ == "__main__":
    asyncio.run(main())
