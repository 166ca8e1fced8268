"""`python -m benchmarks.top`: `runner top` in each state of a balancer, as pictures to look at.

docs/serving/top.png    a balancer at work, in a wide window
--all DIR               every state at 80 and at 140 columns, each by itself in a folder
"""

from __future__ import annotations

import argparse
import asyncio
import io
import math
from pathlib import Path

from playwright.async_api import Browser
from rich.console import Console
from rich.terminal_theme import MONOKAI

from runner.cli.history import Seen
from runner.cli.screen import Screen
from tests.fakes.mailbot.mail_program import chromium
from tests.fakes.runner.statuses import a_runner, a_status, digest, down, idle, quiet

PICTURE = Path(__file__).parent.parent / "docs" / "serving" / "top.png"
NARROW, WIDE = 80, 140
URL = "http://127.0.0.1:8481"
#: A page in which rich's text stands as in a terminal.
PAGE = """<meta charset="utf-8"><style>
body {{ margin: 0; width: max-content; background: {background}; color: {foreground}; }}
pre {{ margin: 0; padding: 16px; font: 14px/18px "DejaVu Sans Mono", monospace; width: max-content; }}
{stylesheet}</style><pre>{code}</pre>"""

#: Two minutes of looks: photos come and are painted in waves.
RATES = [max(0.0, 8 + 3 * math.sin(n / 3) + (n * 7 % 5) / 4) for n in range(120)]
QUEUED = [max(0.0, 14 + 18 * math.sin(n / 4 + 1) + n * 3 % 4) for n in range(120)]


def states() -> dict[str, Seen]:
    """What there is to see."""
    few = [digest(0), digest(1), digest(9)]
    work = a_status(a_runner(), a_runner("cpu-1", held=[4], photos=5194, pid=4712, evictions=3, resident=few))
    seen = {
        "loaded": work,
        "full": a_status(a_runner(), waiting=256),
        "down": a_status(a_runner("cuda-0-0"), down("cuda-0-1")),
        "draining": a_status(a_runner(), idle("cpu-1"), waiting=0, draining=True),
        "many": a_status(*(a_runner(f"cuda-{n // 4}-{n % 4}") for n in range(32)), down("cuda-8-0")),
    }
    refused = "ClientConnectorError: Cannot connect to host 127.0.0.1:8481"
    made = {name: Seen(url=URL, status=status, rates=RATES, queued=QUEUED) for name, status in seen.items()}
    return made | {
        "idle": Seen(url=URL, status=quiet(idle(), idle("cpu-1")), rates=[0.0] * 120, queued=[0.0] * 120),
        "away": Seen(url=URL, status=work, ago=12, missing=refused, rates=RATES, queued=QUEUED),
        "never": Seen(url=URL, missing=refused),
    }


async def picture(browser: Browser, seen: Seen, columns: int) -> bytes:
    """PNG of one frame in a window of so many columns and 40 lines."""
    console = Console(width=columns, height=40, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Screen(seen, fits=True))
    page = await browser.new_page(device_scale_factor=1.5)
    await page.set_content(console.export_html(theme=MONOKAI, code_format=PAGE))
    shot = await page.locator("pre").screenshot()
    await page.close()
    return shot


async def render(folder: Path | None) -> None:
    """Writes the pictures."""
    async with chromium() as browser:
        PICTURE.parent.mkdir(exist_ok=True)
        PICTURE.write_bytes(await picture(browser, states()["loaded"], WIDE))
        if folder is None:
            return
        for name, seen in states().items():
            for columns in (NARROW, WIDE):
                (folder / f"{name}-{columns}.png").write_bytes(await picture(browser, seen, columns))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="DIR")
    folder = parser.parse_args().all
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(render(folder))


if __name__ == "__main__":
    main()
