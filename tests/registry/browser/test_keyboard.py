from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.fakes.registry.service import TOKEN
from tests.fakes.registry.visitor import WEIGHTS

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


async def test_the_keyboard_alone_is_enough(page: Page) -> None:
    await page.goto("/")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="To the content")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#content")).to_be_focused()
    await page.goto("/")
    await walk(page, "Publish a style")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/upload")
    await walk(page, "token")
    await page.keyboard.type(TOKEN)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Signed in as")).to_be_visible()
    await walk(page, "weights")
    await page.locator(":focus").set_input_files(WEIGHTS)  # the system's own dialog is no part of the page
    await walk(page, "name")
    await page.keyboard.type("by-keyboard")
    await walk(page, "Publish")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="By keyboard is live: version 1")).to_be_focused()
    await walk(page, "See the style’s page")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/styles/by-keyboard")
    await walk(page, "Retire this style…")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#said")).to_have_text("by-keyboard is retired.")


async def walk(page: Page, to: str) -> None:
    """Tab, until what has the focus has this name or text; each stop can be seen."""
    await page.wait_for_load_state()
    for _ in range(60):
        await page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if await focus.count() == 0:
            continue  # between the last stop and the first, where the browser's own controls are
        at = await focus.evaluate("(e) => [e.name, e.textContent.trim()]")
        outline = "(e) => getComputedStyle(e.type === 'file' ? e.parentElement : e).outlineStyle"
        assert await focus.evaluate(outline) == "solid", at
        if to in at:
            return
    raise AssertionError(f"no {to} is reached by Tab")
