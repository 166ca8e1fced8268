"""A gallery of hundreds of styles on a phone, in Chromium."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Response, expect

from registry.config import RegistryConfigFile
from registry.gallery.style_search import ON_A_PAGE
from tests.fakes.registry import many
from tests.fakes.registry.axe import violations
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import Service, serving
from tests.fakes.registry.visitor import see_all, watch
from tests.fakes.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

STYLES = 298  # and two that are shipped
PHONE = {"width": 390, "height": 844}
#: Most bytes of the gallery's first page on a phone before anybody scrolls, and of all of the page. With 60
#: previews of 170 kB the page had 4.7 MB, and 37,000 pixels.
FIRST_BYTES, PAGE_BYTES, PAGE_PIXELS = 600_000, 2_000_000, 9_000


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def gallery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    """A registry with 300 styles and their thumbnails, which the tests of this file only read."""
    folder = tmp_path_factory.mktemp("gallery")
    config = RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(folder / "registry")},
            "mail": {"address": "bot@painter.example"},
        }
    )
    async with serving(config, many.shipped(folder / "builtin"), many.in_this_process) as service:
        with service.second_store() as store:
            await asyncio.to_thread(many.hang, store, folder / "files", STYLES)
            await until(lambda: not store.thumbnails_wanted(), 600)
        yield service


@pytest_asyncio.fixture(loop_scope="session")
async def phone(browser: Browser, gallery: Service) -> AsyncIterator[Page]:
    context = await browser.new_context(
        base_url=gallery.url,
        viewport=PHONE,  # type: ignore[arg-type]  # a TypedDict of the same two keys
        device_scale_factor=3,
        is_mobile=True,
        has_touch=True,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    complaints = watch(page, gallery.url)
    yield page
    await context.close()
    assert complaints == []


def transferred(page: Page) -> dict[str, int]:
    """Bytes by the address of each answer, as they came over the line."""
    bytes_of: dict[str, int] = {}

    async def count(response: Response) -> None:
        sizes = await response.request.sizes()
        bytes_of[response.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("response", lambda response: asyncio.ensure_future(count(response)))
    return bytes_of


async def test_three_hundred_styles_are_light_on_a_phone(phone: Page) -> None:
    sizes = transferred(phone)
    await phone.goto("/")
    await phone.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < FIRST_BYTES
    assert await phone.evaluate("document.documentElement.scrollHeight") < PAGE_PIXELS
    await see_all(phone)
    pictures = phone.locator(".hung img")
    assert await pictures.count() == ON_A_PAGE
    chosen = await pictures.evaluate_all("images => images.map((image) => image.currentSrc)")
    assert len(set(chosen)) > ON_A_PAGE * 0.7  # those of other titles have some of the same pictures
    widths = await pictures.evaluate_all("images => images.map((image) => image.srcset.split('w').length)")
    assert set(widths) == {4}  # three sizes
    await until(lambda: set(chosen) <= sizes.keys())
    assert sum(sizes.values()) < PAGE_BYTES


async def test_pages_of_hundreds_of_styles_have_no_barriers(phone: Page) -> None:
    for path in ("/", "/?page=3", "/?q=toits", "/?q=nothing+at+all", "/styles/study-002", "/nowhere"):
        await phone.goto(path)
        assert await violations(phone) == [], path
        assert await phone.evaluate(NAMELESS) == [], path
        assert await phone.evaluate(PALE) == [], path
        assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


async def test_a_choice_shows_its_styles_at_once(phone: Page) -> None:
    await phone.goto("/")
    await phone.get_by_label("Artist").select_option("Ada Marlow")
    await expect(phone).to_have_url(re.compile(r"\?artist=Ada\+Marlow(&sort=title)?#gallery$"))
    await expect(phone.get_by_role("status")).to_contain_text("styles:")
    await phone.get_by_label("Movement").select_option("night")
    await expect(phone).to_have_url(re.compile("tag=night"))
    await phone.locator(".chip", has_text="Ada Marlow").click()
    await expect(phone).to_have_url(re.compile(r"\?tag=night"))


async def test_every_page_can_be_reached(phone: Page) -> None:
    await phone.goto("/")
    await phone.get_by_role("link", name="Next").click()
    await expect(phone).to_have_url(re.compile(r"\?page=2"))
    await phone.get_by_role("link", name="Page 7").click()
    await expect(phone.locator(".pager [aria-current]")).to_contain_text("7")
    await expect(phone.get_by_role("link", name="Next")).to_have_count(0)
    await phone.go_back()
    await expect(phone.locator(".pager [aria-current]")).to_contain_text("2")


async def test_a_title_from_right_to_left_begins_on_the_right(phone: Page) -> None:
    await phone.goto("/?q=study-002")
    sides = """(element) => {
      const text = document.createRange();
      text.selectNodeContents(element);
      const [inner, outer] = [text, element].map((e) => e.getBoundingClientRect());
      return [inner.left - outer.left, outer.right - inner.right];
    }"""
    left, right = await phone.locator(".hung .title").evaluate(sides)
    assert left > right
    left, right = await phone.locator(".hung .artist").evaluate(sides)
    assert left > right


async def test_a_long_title_is_cut_and_can_be_read_whole(phone: Page) -> None:
    await phone.goto("/?q=study-006")
    title = phone.locator(".hung .title")
    assert await title.evaluate("e => e.scrollHeight > e.clientHeight")
    assert await title.get_attribute("title") == many.TITLES[6][0]
