from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from registry.app import create_app
from registry.config import RegistryConfigFile
from styles.errors import BadCheckpoint
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.visitor import HOSTILE, WEIGHTS, drop, see_all, sign_in, watch

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's


async def test_a_style_is_published_by_drag_and_drop(
    browser: Browser, config: RegistryConfigFile, builtin: Path
) -> None:
    """With the real validation."""
    async with TestServer(create_app(config, builtin, token=TOKEN)) as server:
        page = await browser.new_page(base_url=str(server.make_url("/")))
        complaints = watch(page, str(server.make_url("/")))
        await sign_in(page)
        await drop(page, ".drop", "My Night.safetensors", WEIGHTS.read_bytes())
        await expect(page.get_by_label("Name")).to_have_value("my-night")
        await expect(page.get_by_label("Title")).to_have_value("My night")
        await page.get_by_label("Artist").fill("Nobody & Sons")
        await page.get_by_role("button", name="Publish").click()
        heading = page.get_by_role("heading", name="My night is live: version 1")
        await expect(heading).to_be_focused(timeout=60_000)
        await see_all(page)
        letter = "mailto:bot@painter.example?subject=my-night"
        await expect(page.get_by_role("link", name="Write this mail")).to_have_attribute("href", letter)
        await page.get_by_role("link", name="See the style’s page").click()
        await expect(page.get_by_text("Nobody & Sons")).to_be_visible()
        await expect(page.get_by_text("by operator")).to_be_visible()
        await expect(
            page.get_by_role("slider")
        ).to_be_visible()  # the validation paints the photo that we have
        await page.goto("/")
        await see_all(page)
        await expect(page.get_by_text("3 styles")).to_be_visible()
        assert await page.locator("a[href$='subject=my-night']").count() == 1
        assert complaints == []
        await page.context.close()


async def test_the_page_tells_how_far_a_publication_is(page: Page, service: Service) -> None:
    service.validator.go_on.clear()
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(WEIGHTS)
    await page.get_by_label("Name").fill("slow")
    await page.get_by_label("Pixels").select_option("0..255")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#upload .said")).to_have_text("It is here. Trying it out on photos…")
    await expect(page.get_by_role("progressbar", name="The upload")).to_be_visible()
    await expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    service.validator.go_on.set()
    await expect(page.get_by_role("heading", name="Slow is live: version 1")).to_be_focused()
    await expect(page.get_by_text("The stand-in looked at nothing.")).to_be_visible()
    assert service.validator.asked == ["0..255"]
    await page.get_by_role("button", name="Publish another").click()
    await expect(page.get_by_label("Name")).to_have_value("")


async def test_a_refusal_is_told_and_the_form_stays_filled_in(page: Page, service: Service) -> None:
    service.validator.error = BadCheckpoint("The picture looks black: set the pixels to 0..255.", HOSTILE)
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(WEIGHTS)
    await page.get_by_label("Name").fill("black")
    await page.get_by_label("Description").fill("Of the night.")
    await page.get_by_role("button", name="Publish").click()
    refusal = page.locator("#refused")
    await expect(refusal).to_be_focused()
    await expect(refusal).to_contain_text("set the pixels to 0..255")
    await expect(refusal).to_contain_text("<script>window.pwned")
    assert await page.evaluate("window.pwned") is None
    await expect(page.get_by_label("Description")).to_have_value("Of the night.")
    service.validator.error = None
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("heading", name="Black is live: version 1")).to_be_visible()


async def test_who_was_signed_out_meanwhile_is_told(page: Page) -> None:
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(WEIGHTS)
    await page.get_by_label("Name").fill("late")
    await page.context.clear_cookies()
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#refused")).to_contain_text("You are signed out.")
    await expect(page.get_by_label("Name")).to_have_value("late")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("quiet-harbour-2", "A new style: mails will ask for it as “quiet-harbour-2”."),
        ("delete", "means something else when it stands in a mail"),
        ("greatwave", "is too much like “great-wave”"),
        ("great-wave", "yours becomes its version 2"),
        ("My-Style", "“M” cannot stand in a name"),
        ("my style", "No spaces: write a hyphen."),
        ("-mine", "A name cannot begin with a hyphen."),
        ("größe", "“ö” cannot stand in a name"),
    ],
)
async def test_a_name_is_looked_at_as_it_is_written(page: Page, name: str, told: str) -> None:
    await sign_in(page)
    field = page.get_by_label("Name")
    await field.fill(name)
    await expect(page.locator("#name-note")).to_contain_text(told)
    good = "A new" in told or "version" in told
    await expect(field).to_have_attribute("aria-invalid", "false" if good else "true")
    assert await field.evaluate("(field) => field.checkValidity()") == good  # the browser's own word on it


async def test_a_title_that_nobody_sees_is_refused_in_the_form(page: Page) -> None:
    await sign_in(page)
    await page.get_by_label("Name").fill("quiet-harbour")
    title = page.get_by_label("Title")
    await title.fill("\u200b\ufeff")
    await expect(page.locator("#title-note")).to_contain_text("a character that nobody sees, U+200B")
    assert not await title.evaluate("(field) => field.checkValidity()")
    await title.fill("Quiet Harbour")
    await expect(page.locator("#title-note")).to_have_text("")
    assert await title.evaluate("(field) => field.checkValidity()")


async def test_the_card_of_a_style_that_there_is_fills_what_is_empty(page: Page) -> None:
    await sign_in(page)
    await page.get_by_label("Year").fill("2026")
    await page.get_by_label("Name").fill("great-wave")
    await expect(page.get_by_label("Artist")).to_have_value("Katsushika Hokusai")
    await expect(page.get_by_label("Title")).to_have_value("The Great Wave off Kanagawa")
    await expect(page.get_by_label("Year")).to_have_value("2026")
    await page.get_by_label("Name").fill("great-wave-of-mine")
    await expect(page.get_by_label("Artist")).to_have_value("")
    await expect(page.get_by_label("Title")).to_have_value("Great wave of mine")
    await expect(page.get_by_label("Year")).to_have_value("2026")


async def test_a_wrong_token_is_told_and_a_right_one_leads_on(page: Page) -> None:
    await page.goto("/upload")
    await page.get_by_label("Token").fill("mb_nonsense")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text(
        "This token is not known, was revoked, or has ended."
    )
    await expect(page.get_by_label("Token")).to_be_focused()
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("button", name="Publish")).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await page.goto("/upload")
    await expect(page.get_by_label("Token")).to_be_visible()
