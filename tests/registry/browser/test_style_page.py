from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, Route, expect

from styles.contract import Card
from styles.formats import style_file
from tests.fakes.registry.service import Service
from tests.fakes.registry.visitor import HOSTILE, drop, publish, see_all, sign_in
from tests.fakes.runner.balancer import FakeBalancer

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


async def test_a_divider_lays_the_photo_over_the_painting(page: Page) -> None:
    await page.goto("/styles/great-wave")
    divider = page.get_by_role("slider", name="How much of the photo")
    before = page.locator(".before")
    covered = [await before.evaluate("(image) => getComputedStyle(image).clipPath")]
    await divider.focus()
    await page.keyboard.press("ArrowRight")
    await expect(divider).to_have_attribute("aria-valuetext", "41 % photo, 59 % painting")
    covered.append(await before.evaluate("(image) => getComputedStyle(image).clipPath"))
    box = await divider.bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] * 0.41, box["y"] + box["height"] / 2)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 20)
    await page.mouse.up()
    assert 70 < int(await divider.input_value()) < 90
    covered.append(await before.evaluate("(image) => getComputedStyle(image).clipPath"))
    assert len(set(covered)) == 3


async def test_a_preview_of_another_photo_has_no_divider(
    page: Page, service: Service, tmp_path: Path
) -> None:
    folder = shutil.copytree(style_file.BUILTIN / "starry-night", tmp_path / "square")
    Image.new("RGB", (64, 64), (200, 80, 40)).save(folder / "preview.jpg")
    await publish(service, Card(name="square", title="Square"), folder)
    async with page.expect_response("**/photos/landscape.jpg"):
        await page.goto("/styles/square")
    await expect(page.locator(".compare img")).to_have_count(1)
    await expect(page.get_by_role("slider")).to_have_count(0)


async def test_versions_are_promoted_rolled_back_and_retired_by_click(page: Page, service: Service) -> None:
    await publish(service, Card(name="starry-night", title="Newer"), style_file.BUILTIN / "great-wave")
    await sign_in(page, "/styles/starry-night")
    said = page.locator("#said")
    await expect(page.get_by_role("heading", name="Newer")).to_be_visible()
    await page.get_by_role("button", name="Make version 1 live").click()
    await expect(said).to_have_text("Version 1 is live now.")
    await expect(said).to_be_focused()  # which is when a screen reader says it
    await expect(page.get_by_role("heading", name="Version 1 live")).to_be_visible()
    await page.get_by_role("button", name="Roll back to version 2").click()
    await expect(said).to_have_text("Rolled back: version 2 is live now.")
    await expect(page.get_by_role("heading", name="Version 2 live")).to_be_visible()

    await page.get_by_role("button", name="Retire this style").click()
    await expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="Retire this style").click()
    await page.get_by_role("button", name="Retire it").click()
    await expect(said).to_have_text("starry-night is retired.")
    async with service.client.get("/styles/starry-night") as response:  # who is not signed in sees it no more
        assert response.status == 404
    await page.get_by_role("button", name="Make version 1 live").click()
    await expect(page.get_by_role("heading", name="The Starry Night")).to_be_visible()


async def test_the_default_style_has_no_button_to_retire_it(page: Page) -> None:
    await sign_in(page, "/styles/great-wave")
    await expect(page.get_by_text("so it cannot be retired")).to_be_visible()
    await expect(page.get_by_role("button", name="Retire this style")).to_have_count(0)


async def test_buttons_wait_for_the_script_that_handles_them(page: Page) -> None:
    may_load = asyncio.Event()

    async def hold(route: Route) -> None:
        await may_load.wait()
        await route.continue_()

    await page.route("**/static/keep.js", hold)
    await sign_in(page, "/styles/starry-night")
    retire = page.get_by_role("button", name="Retire this style")
    await expect(retire).to_be_disabled()
    may_load.set()
    await retire.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_a_failed_click_says_why_and_changes_nothing(page: Page) -> None:
    await sign_in(page, "/styles/starry-night")
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Retire this style").click()
    await page.get_by_role("button", name="Retire it").click()
    await expect(page.locator("#wrong")).to_contain_text("You are signed out.")
    await page.goto("/styles/starry-night")
    await expect(page.get_by_role("heading", name="The Starry Night")).to_be_visible()
    await expect(page.get_by_role("button", name="Retire this style")).to_have_count(0)


async def test_a_photo_of_ones_own_is_painted(page: Page, balancer: FakeBalancer) -> None:
    await page.goto("/styles/great-wave")
    photo = (style_file.BUILTIN / "starry-night" / "preview.jpg").read_bytes()
    balancer.may_paint.clear()
    await drop(page, "#try .drop", "beach.day.jpg", photo)
    await expect(page.locator("#try .said")).to_have_text("Painting…")
    await expect(page.get_by_role("progressbar", name="Your photo")).to_be_visible()
    balancer.may_paint.set()
    await expect(page.locator("#try .said")).to_have_text("Painted.")
    await see_all(page)
    await expect(page.get_by_role("img", name="Your photo, painted in the style")).to_be_visible()
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download the painting").click()
    download = await downloading.value
    assert download.suggested_filename == "beach.day-great-wave.jpg"
    assert (await asyncio.to_thread((await download.path()).read_bytes)) == photo + b"painted"
    assert balancer.jobs[0]["style"] == "great-wave"


async def test_what_goes_wrong_with_a_photo_is_said(page: Page, balancer: FakeBalancer) -> None:
    balancer.faults.append((415, HOSTILE, "NotAnImage"))
    await page.goto("/styles/great-wave")
    wrong = page.locator("#try .wrong")
    await drop(page, "#try .drop", "notes.txt", b"no photo")
    await expect(wrong).to_contain_text("<script>window.pwned")
    await drop(page, "#try .drop", "large.jpg", b"", zeros=20_000_001)
    await expect(wrong).to_contain_text("at most 20 MB")
    assert len(balancer.jobs) == 1
    await balancer.__aexit__()
    await drop(page, "#try .drop", "beach.jpg", b"photo")
    await expect(wrong).to_contain_text("The painters cannot be reached right now.")
    assert await page.evaluate("window.pwned") is None
