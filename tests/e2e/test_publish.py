"""A style that was just published is painted by mail: by the page, by the command, and taken back."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.async_api import Page, async_playwright, expect
from typer.testing import CliRunner

from mailbot.send_test_photo import ReceivedReply
from registry.cli.main import app
from registry.client import RegistryClient
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.styles.foreign_files import write_state_dict
from tests.fakes.system import System, ask
from tests.fakes.waiting import until

TOKEN = "secret"
KERAS = Path(__file__).parents[1] / "registry" / "models" / "keras-nhwc.onnx"
#: How long an upload with its validation may take on a busy machine, milliseconds.
TRIAL = 60_000


@pytest.fixture
async def system(tmp_path: Path) -> AsyncIterator[System]:
    """Everything, with a registry that may be written to."""
    system = System(tmp_path)
    try:
        await system.start({"REGISTRY_UPLOAD_TOKEN": TOKEN})
        yield system
    finally:
        system.stop()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of a real browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("chromium is not installed")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium's own does not work for root
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=sandbox)
        yield await browser.new_page()
        await browser.close()


async def test_by_the_page_and_then_by_mail(system: System, page: Page) -> None:
    """A network of Keras, handed in by somebody who has nothing but a browser and a token."""
    await page.goto(f"{registry(system)}/upload")
    await page.get_by_label("Token").fill(TOKEN)
    await page.get_by_role("button", name="Sign in").click()
    await page.locator("input[type=file]").set_input_files(KERAS)
    await page.get_by_label("Name", exact=True).fill("screen-print")
    await page.get_by_label("Title").fill("Screen print")
    await page.get_by_role("button", name="Publish").click()
    published = page.locator("#published")
    await expect(published).to_contain_text("Screen print is live: version 1", timeout=TRIAL)
    await expect(published.locator("img")).to_be_visible()

    digest = await resolved(system, "screen-print")
    await until(lambda: digest in resident(system))  # before anybody has asked for it

    answer = await ask(system, mail("screen print", message_id="<k@x>"), "<k@x>")
    assert "Screen print" in answer.text
    painted = picture(answer, "beach-screen-print.jpg")
    # The stripes' many colours become the few inks of the print, which are far from them.
    assert np.abs(painted - pixels(photo())).mean() > 40


async def test_by_the_command_and_back_again(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state dict of pytorch/examples' shape, then a second one, a rollback, and its end."""
    monkeypatch.setenv("REGISTRY_UPLOAD_TOKEN", TOKEN)
    await push(system, tmp_path, seed=1)
    first = await ask(system, mail("glass mosaic", message_id="<1@x>"), "<1@x>")
    await push(system, tmp_path, seed=2)
    second = await ask(system, mail("glass mosaic", message_id="<2@x>"), "<2@x>")
    name = "beach-glass-mosaic.jpg"
    assert picture(first, name).shape == (240, 320, 3)
    assert np.abs(picture(first, name) - picture(second, name)).mean() > 5

    assert await write(system, "POST", "/api/styles/glass-mosaic/rollback") == 200
    again = await ask(system, mail("glass mosaic", message_id="<3@x>"), "<3@x>")
    assert np.array_equal(picture(again, name), picture(first, name))

    assert await write(system, "DELETE", "/api/styles/glass-mosaic") == 204
    answer = await ask(system, mail("in the style of glass mosaic", message_id="<4@x>"), "<4@x>")
    assert not answer.pictures
    assert "great-wave" in answer.text


def registry(system: System) -> str:
    return f"http://127.0.0.1:{system.ports['registry']}"


async def push(system: System, folder: Path, seed: int) -> None:
    file = folder / "my.pth"
    await asyncio.to_thread(write_state_dict, file, seed=seed)
    options = ["--name", "glass-mosaic", "--config", str(system.config)]
    result = await asyncio.to_thread(CliRunner().invoke, app, ["push", str(file), *options])
    assert result.exit_code == 0, result.output
    assert "is live" in result.output


async def write(system: System, method: str, path: str) -> int:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, registry(system) + path) as answer,
    ):
        return answer.status


async def resolved(system: System, name: str) -> str:
    """The digest of what is live."""
    async with RegistryClient(registry(system)) as client:
        return (await client.resolve(name)).digest


def resident(system: System) -> set[str]:
    """The digests that the runners hold."""
    return {digest for runner in system.status()["runners"] for digest in runner["resident"]}


def picture(answer: ReceivedReply, name: str) -> npt.NDArray[np.float32]:
    assert [found for found, _ in answer.pictures] == [name], answer.text
    return pixels(answer.pictures[0][1])


def pixels(content: bytes) -> npt.NDArray[np.float32]:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.float32)
