"""Several styles by one upload: those inside of one network, and those of several files."""

from __future__ import annotations

import re
from pathlib import Path

import onnx
import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, FilePayload, Page, expect

from registry.app import create_app
from registry.config import RegistryConfigFile
from tests.fakes.registry.looks import NAMELESS, PALE
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.visitor import sign_in, watch
from tests.fakes.styles.odd_onnx import many_styles

pytestmark = pytest.mark.asyncio(loop_scope="session")  # the browser's

#: Bytes of a file that is large beside the form.
LARGE = 200_000
PHONE = {"width": 360, "height": 740}


def files(*names: str) -> list[FilePayload]:
    return [FilePayload(name=name, mimeType="application/octet-stream", buffer=b"weights") for name in names]


async def test_a_network_of_many_styles_becomes_many_styles(
    browser: Browser, config: RegistryConfigFile, builtin: Path, tmp_path: Path
) -> None:
    """With the real validation: it asks for values, and each style is tried by itself."""
    onnx.save_model(many_styles(3), tmp_path / "Ocean.onnx")
    async with TestServer(create_app(config, builtin, token=TOKEN)) as server:
        page = await browser.new_page(base_url=str(server.make_url("/")))
        complaints = watch(page, str(server.make_url("/")))
        await sign_in(page)
        await page.get_by_label("Choose the file").set_input_files(tmp_path / "Ocean.onnx")
        await page.get_by_role("button", name="Publish").click()
        await expect(page.locator("#refused")).to_contain_text("takes style_weights, 3 numbers")
        await expect(page.get_by_label("Styles inside it")).to_have_value("0-2")
        await page.get_by_role("group", name="3 styles of one file").get_by_label("1").fill("middle")
        await page.get_by_role("button", name="Publish 3 styles").click()
        await expect(page.locator("#upload .said")).to_have_text("All 3 styles are published.")
        for name in ("ocean-0", "middle", "ocean-2"):
            await page.goto(f"/styles/{name}")
            await expect(page.get_by_text("by operator")).to_be_visible()
        assert complaints == []
        await page.context.close()


async def test_26_styles_by_one_press(page: Page, service: Service) -> None:
    service.validator.choices = 26
    await sign_in(page)
    large = files("lite.onnx")[0] | {"buffer": bytes(LARGE)}
    await page.get_by_label("Choose the file").set_input_files(large)
    await page.get_by_label("Title").fill("Lite")
    await page.get_by_role("button", name="Publish").click()
    button = page.get_by_role("button", name="Publish 26 styles")
    await expect(button).to_be_enabled()
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(PALE) == []
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the same two keys
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await button.click()
    await expect(page.locator("#upload .said")).to_have_text("All 26 styles are published.")
    assert service.validator.values == ["", *map(str, range(26))]
    metrics = await (await service.client.get("/metrics")).text()
    received = re.findall(r"^registry_received_bytes_total (\S+)$", metrics, re.MULTILINE)
    assert LARGE < float(received[0]) < 1.5 * LARGE  # the file came once, and 26 forms
    with service.second_store() as store:
        titles = {style.name: style.title for style in store.styles()}
    assert {f"lite-{number}": f"Lite {number}" for number in range(26)}.items() <= titles.items()


async def test_a_file_that_the_registry_no_longer_has_is_sent_again(page: Page, service: Service) -> None:
    service.validator.choices = 2
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(files("lite.onnx"))
    await page.get_by_role("button", name="Publish").click()
    button = page.get_by_role("button", name="Publish 2 styles")
    await expect(button).to_be_enabled()
    for kept in (service.config.registry.data / "incoming").iterdir():
        kept.unlink()
    await button.click()
    await expect(page.locator("#upload .said")).to_have_text("All 2 styles are published.")
    assert service.validator.values == ["", "0", "1"]


async def test_chosen_styles_and_mixtures(page: Page, service: Service) -> None:
    service.validator.choices = 26
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(files("lite.onnx"))
    await page.get_by_role("button", name="Publish").click()
    await page.get_by_label("Styles inside it").fill("3-4\n3:0.5, 12:0.5")
    await page.get_by_role("button", name="Publish 3 styles").click()
    await expect(page.locator("#upload .said")).to_have_text("All 3 styles are published.")
    assert service.validator.values[1:] == ["3", "4", "3:0.5, 12:0.5"]
    await page.get_by_role("link", name="live: version 1").nth(2).click()
    await page.wait_for_url("**/styles/lite-3-0-5-12-0-5")


async def test_several_files_are_several_styles(page: Page, service: Service) -> None:
    """One is refused, the others go on, and under another name it is published by itself."""
    await sign_in(page)
    await page.get_by_label("Choose the file").set_input_files(
        files("Candy 2.pth", "help.onnx", "great-wave.onnx")
    )
    await page.get_by_label("Artist").fill("Ada")
    await expect(page.get_by_label("Name")).to_be_hidden()
    rows = page.locator("#several .row")
    await expect(rows.nth(2)).to_contain_text("gets a new version")
    await page.get_by_role("button", name="Publish 3 styles").click()
    await expect(page.locator("#upload .said")).to_contain_text("2 of 3 styles are published.")
    await expect(rows.nth(1)).to_contain_text("means something else when it stands in a mail")
    await expect(rows.nth(2)).to_contain_text("live: version 2")
    await page.get_by_label("help.onnx").fill("helpful")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.locator("#upload .said")).to_have_text("All 3 styles are published.")
    with service.second_store() as store:
        styles = {style.name: (style.title, style.artist) for style in store.styles()}
    assert styles["candy-2"] == ("Candy 2", "Ada")
    assert styles["helpful"] == ("Helpful", "Ada")
    assert styles["great-wave"] == ("The Great Wave off Kanagawa", "Ada")
    await page.locator("input[type=file]").set_input_files(files("one.onnx"))
    await expect(page.get_by_label("Name")).to_have_value("one")
    await expect(rows).to_have_count(0)
