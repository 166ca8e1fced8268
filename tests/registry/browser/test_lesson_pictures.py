"""What a person sees who waits for a style, in Chromium, with a stand-in that learns."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.fakes.registry.axe import violations
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.visitor import drop, opened, sign_in
from tests.fakes.runner.learner import FakeLearner

SIZES = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


@pytest_asyncio.fixture(loop_scope="session")
async def balancer() -> AsyncIterator[FakeLearner]:
    async with FakeLearner(is_seen=False, previews=0) as learner:
        learner.may_finish.clear()
        yield learner


@pytest.mark.parametrize("size", SIZES, ids=["phone", "wide"])
async def test_who_waits_sees_what_was_sent_and_its_name_from_the_beginning(
    page: Page, balancer: FakeLearner, size: dict[str, int]
) -> None:
    def queue() -> None:
        balancer.only.state = "queued"

    await page.set_viewport_size(size)  # type: ignore[arg-type]  # a TypedDict of the same two keys
    balancer.began = queue
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    sent = page.get_by_alt_text("The picture that you sent")
    await expect(sent).to_have_attribute("src", re.compile("^blob:"))  # the balancer has no picture yet
    await named_and_waiting(page)
    await page.reload()
    await named_and_waiting(page)
    await expect(page.locator("#flat")).to_have_text("Looking at your picture…")
    await expect(sent).to_be_hidden()
    balancer.is_seen = True
    await expect(sent).to_have_attribute("src", re.compile("/thumbnail$"))
    await expect(sent).to_be_visible()
    assert await violations(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for look in (NAMELESS, PALE):
        assert await page.evaluate(look) == []

    balancer.only.state = "running"
    await expect(page.locator("#preview")).to_have_text("Here a photo will change, within a minute.")
    balancer.previews = 1
    await expect(page.get_by_alt_text("A photo, painted in the new style so far")).to_be_visible()
    await expect(page.get_by_alt_text("The painting, made flat")).to_be_visible()
    await expect(sent).to_be_hidden()
    await page.get_by_role("button", name="Stop learning").click()
    await expect(page.locator("#lesson")).to_be_visible()
    await expect(page.locator("#learning img")).to_have_count(0)


async def named_and_waiting(page: Page) -> None:
    await expect(page.get_by_role("heading", name="“My garden”")).to_be_visible()
    await expect(page.locator("#called")).to_have_text("People will write “my-garden”.")
    await expect(page.locator("#preview")).to_have_text("Here a photo will change, when its turn comes.")


async def test_a_picture_that_the_browser_cannot_show_is_shown_once_the_balancer_has_looked(
    page: Page, balancer: FakeLearner
) -> None:
    await sign_in(page, "/learn")
    await drop(page, ".drop", "canvas.heic", b"no picture for a browser")
    await expect(page.locator("#stage-hint")).to_contain_text("Your browser cannot show this picture")
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    await expect(page.locator("#flat")).to_have_text("Looking at your picture…")
    balancer.is_seen = True
    await expect(page.get_by_alt_text("The picture that you sent")).to_be_visible()


async def learning(page: Page) -> None:
    """Have a painting learnt."""
    await opened(page)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()


async def test_the_last_picture_is_asked_for_again_though_no_event_follows(
    page: Page, balancer: FakeLearner
) -> None:
    await page.route("**/preview?*", lambda route: route.abort(), times=1)
    balancer.is_seen, balancer.previews = True, 1
    balancer.may_finish.set()
    await learning(page)
    await expect(page.locator("#learning .said")).to_have_text("Learnt. Do you like it?")
    await expect(page.get_by_alt_text("A photo, painted in the new style so far")).to_be_visible()


async def test_a_picture_is_kept_whose_successor_does_not_come(page: Page, balancer: FakeLearner) -> None:
    may_come, was_lost = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        await may_come.wait()
        await route.continue_()

    async def lost(route: Route) -> None:
        await route.abort()
        was_lost.set()

    await page.route("**/preview?1", late)
    await page.route("**/preview?2", lost)
    balancer.is_seen, balancer.previews = True, 1
    async with page.expect_request("**/preview?1"):
        await learning(page)
    balancer.previews = 2
    balancer.may_finish.set()
    await was_lost.wait()
    may_come.set()
    shown = page.get_by_alt_text("A photo, painted in the new style so far")
    await expect(shown).to_have_attribute("src", re.compile("/preview.1$"))
    await expect(shown).to_be_visible()


async def test_a_picture_that_was_lost_on_its_way_is_asked_for_again(
    page: Page, balancer: FakeLearner
) -> None:
    await sign_in(page, "/learn")
    await drop(page, ".drop", "canvas.heic", b"no picture for a browser")
    await page.route("**/thumbnail", lambda route: route.abort(), times=1)
    await page.get_by_role("textbox", name="Name").fill("My garden")
    await page.get_by_role("button", name="Learn it").click()
    balancer.is_seen = True
    await expect(page.get_by_alt_text("The picture that you sent")).to_be_visible()
