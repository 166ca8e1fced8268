from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.registry.service import Service
from tests.fakes.registry.visitor import HOSTILE, drop, see_all, sign_in

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


async def test_what_people_write_is_text_everywhere(page: Page, service: Service) -> None:
    await sign_in(page)
    await drop(page, ".drop", f"{HOSTILE}.pth", b"weights")
    await expect(page.locator(".drop b")).to_contain_text("<img src=x onerror")
    await page.get_by_label("Name").fill("hostile")
    for field in ("Title", "Artist", "Description"):
        await page.get_by_label(field).fill(HOSTILE)
    await page.get_by_label("Year").fill(HOSTILE[:40])
    await page.get_by_label("Licence").fill(HOSTILE[:100])
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#published-title")).to_contain_text("<script>window.pwned")
    for path in (
        "/",
        "/styles/hostile",
        "/styles/great-wave",
        "/styles/%3Cimg%20src=x%20onerror=alert(1)%3E",
    ):
        await page.goto(path)
        await see_all(page)
        assert await page.locator("script:not([src^='/static/']), [onerror]").count() == 0
        assert await page.evaluate("window.pwned") is None
    await page.goto("/upload")
    await page.get_by_label("Name").fill("hostile")  # its card comes by script
    await expect(page.get_by_label("Artist")).to_have_value(HOSTILE)
    assert await page.evaluate("window.pwned") is None


async def test_a_script_that_came_in_all_the_same_would_not_run(browser: Browser, service: Service) -> None:
    page = await browser.new_page(base_url=service.url)
    await page.goto("/styles/great-wave")
    with pytest.raises(Exception, match="TrustedHTML"):
        await page.evaluate("document.body.innerHTML = '<p>what a card says</p>'")
    script = (
        "const s = document.createElement('script'); s.text = 'window.pwned = 1'; document.body.append(s)"
    )
    with pytest.raises(Exception, match="TrustedScript"):
        await page.evaluate(script)
    await page.context.close()
