"""What axe-core finds on a page: barriers for people who do not see, hear or point as others do."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page


async def violations(page: Page) -> list[str]:
    """Each rule that the page breaks, with the elements that break it."""
    found = await Axe().run(page)
    return [
        f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found.response["violations"]
    ]
