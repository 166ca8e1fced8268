"""Measure a gallery of 300 styles on a phone: seconds to the first picture, bytes, requests.

Chromium acts as a phone of 390 by 844 pixels at a density of 3, behind a slow line, with nothing in its
cache. The registry has 300 styles in many scripts. Another one has the same styles and makes no thumbnails,
so that its pages show the whole previews. Their pages are loaded in turns.

The first picture is the first that Chromium counts as painted content. “Before anybody scrolls” ends when the
line is silent. Then all pictures of the page are loaded. Bytes are those of the line, headers included.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from benchmarks.reporting.findings import Figure, Finding, Row
from benchmarks.reporting.progress import progress
from registry.config import RegistryConfigFile
from registry.gallery.thumbnail_maker import Make
from tests.fakes.mailbot.mail_program import chromium
from tests.fakes.registry import many
from tests.fakes.registry.service import no_thumbnails, serving
from tests.fakes.registry.visitor import see_all
from tests.fakes.waiting import until

#: Styles besides the two shipped ones, and loads of each page, after one to warm up.
STYLES, COUNT = 298, 5
#: A slow mobile line: bytes a second and milliseconds.
LINE = {
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
    "latency": 150,
    "offline": False,
}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
#: Seconds for the thumbnails of all styles.
THUMBNAIL_SECONDS = 600
#: Keeps what Chromium counts as painted content.
WATCH = """
window.painted = [];
new PerformanceObserver((list) => painted.push(...list.getEntries()))
  .observe({ type: "largest-contentful-paint", buffered: true });
"""
FIRST_PICTURE = "painted.find((entry) => entry.element?.tagName === 'IMG')?.startTime ?? null"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPage:
    """Hold what one load of the gallery took."""

    first_picture: float  #: seconds
    requests: int  #: before anybody scrolls
    first_bytes: int  #: the same
    all_bytes: int  #: with all pictures of the page
    height: int  #: CSS pixels


async def run() -> Sequence[Finding]:
    """Load the first page of both registries in turns."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            _registry(Path(folder, "ours"), many.in_this_process) as ours,
            _registry(Path(folder, "whole"), no_thumbnails) as whole,
            chromium() as browser,
        ):
            loads: dict[str, list[LoadedPage]] = {ours: [], whole: []}
            for number in range(COUNT + 1):
                progress(f"turn {number} of {COUNT}")
                for url, pages in loads.items():
                    pages.append(await _load(browser, url))
            return _lines(loads[ours][1:], loads[whole][1:])


def _lines(ours: Sequence[LoadedPage], whole: Sequence[LoadedPage]) -> list[Finding]:
    peer, (page, other) = "whole previews", (ours[-1], whole[-1])
    return [
        Row(
            measure="first picture",
            seconds=[page.first_picture for page in ours],
            against=peer,
            against_seconds=[page.first_picture for page in whole],
        ),
        Figure(
            measure="before anybody scrolls",
            value=page.first_bytes / 1000,
            unit="kB",
            against=peer,
            against_value=other.first_bytes / 1000,
        ),
        Figure(measure="requests until then", value=page.requests, unit=""),
        Figure(
            measure="a page of 48 styles, all pictures",
            value=page.all_bytes / 1000,
            unit="kB",
            against=peer,
            against_value=other.all_bytes / 1000,
        ),
        Figure(measure="height of the page", value=page.height, unit="pixels"),
    ]


@asynccontextmanager
async def _registry(folder: Path, make: Make) -> AsyncIterator[str]:
    """Serve a registry of 300 styles, with all the thumbnails that it makes, and yield its URL."""
    config = RegistryConfigFile.model_validate(
        {"registry": {"port": 0, "data": str(folder / "registry")}, "mail": {"address": "bot@mail.example"}}
    )
    builtin = await asyncio.to_thread(many.shipped, folder / "builtin")
    async with serving(config, builtin, make) as service:
        with service.second_store() as store:
            await asyncio.to_thread(many.hang, store, folder / "files", STYLES)
            if make is not no_thumbnails:
                await until(lambda: not store.thumbnails_wanted(), THUMBNAIL_SECONDS)
        yield service.url


async def _load(browser: Browser, url: str) -> LoadedPage:
    context = await browser.new_context(**PHONE)
    page = await context.new_page()
    await page.add_init_script(WATCH)
    line = await context.new_cdp_session(page)
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", LINE)
    received: list[int] = []
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    await page.goto(url)
    await page.wait_for_load_state("networkidle")
    first_picture = await page.evaluate(FIRST_PICTURE)
    requests, first_bytes = len(received), sum(received)
    await see_all(page)
    height = await page.evaluate("document.documentElement.scrollHeight")
    await context.close()
    return LoadedPage(
        first_picture=first_picture / 1000,
        requests=requests,
        first_bytes=int(first_bytes),
        all_bytes=int(sum(received)),
        height=height,
    )
