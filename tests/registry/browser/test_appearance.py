from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from styles.contract import Card
from styles.formats import style_file
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import Service
from tests.fakes.registry.visitor import PATHS, publish, see_all, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

PHONE = {"width": 360, "height": 740}


@pytest.mark.parametrize("path", ["/", "/styles/starry-night"])
async def test_every_picture_is_shown(page: Page, path: str) -> None:
    await page.goto(path)
    await see_all(page)
    for name in ("great-wave", "starry-night"):
        await expect(page.locator(f"a[href$='subject={name}']").first).to_be_visible()


async def test_nothing_is_wider_than_a_phone(page: Page, service: Service) -> None:
    long = "Wellenbrecherhafenmauerbesichtigungsplattform" * 4
    card = Card(name="w" * 64, title=long, artist=long, year=long[:40], licence=long[:100], description=long)
    await publish(service, card, style_file.BUILTIN / "starry-night")
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same two keys
    signed = [*PATHS, f"/styles/{card.name}"]
    for paths in (signed, ["/upload", f"/styles/{card.name}", "/login"]):
        for path in paths:
            await page.goto(path)
            await page.wait_for_load_state("networkidle")
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        await sign_in(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_text_can_be_read_in_both_lights(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in PATHS:
        await page.goto(path)
        assert await page.evaluate(PALE) == [], path
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(21, 19, 15)" if scheme == "dark" else "rgb(245, 241, 232)")
    await sign_in(page)
    await page.get_by_label("Name").fill("not a name")
    assert await page.evaluate(PALE) == []
    await page.goto("/styles/great-wave")
    assert await page.evaluate(PALE) == []


async def test_a_screen_reader_can_name_everything(page: Page) -> None:
    for path in PATHS:
        await page.goto(path)
        assert await page.evaluate(NAMELESS) == [], path
    await sign_in(page)
    assert await page.evaluate(NAMELESS) == []
    await page.goto("/styles/great-wave")
    await expect(page.get_by_role("slider")).to_be_visible()
    assert await page.evaluate(NAMELESS) == []


async def test_without_script_everything_can_be_read(browser: Browser, service: Service) -> None:
    context: BrowserContext = await browser.new_context(base_url=service.url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/styles/great-wave")
    await expect(page.locator("noscript p")).to_have_text(re.compile("A mail needs none."))
    await expect(page.locator("noscript p")).to_be_visible()
    await expect(page.get_by_role("img", name="A photo painted in the style of The Great")).to_be_visible()
    await expect(page.get_by_text("Choose a photo")).to_be_hidden()
    await sign_in(page)
    await expect(page.locator("noscript code")).to_have_text("registry push FILE --name NAME")
    await expect(page.locator("noscript code")).to_be_visible()
    await expect(page.get_by_role("button", name="Publish")).to_be_hidden()
    await page.get_by_role("button", name="Sign out").click()
    await context.close()
