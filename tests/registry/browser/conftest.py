"""Chromium before a registry with two of the shipped styles, and a stand-in for the balancer behind it."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright

from registry.config import RegistryConfigFile
from styles.formats import style_file
from tests.fakes.registry.service import Service
from tests.fakes.registry.visitor import watch
from tests.fakes.runner.balancer import FakeBalancer

STYLES = ("great-wave", "starry-night")


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    for name in STYLES:
        shutil.copytree(style_file.BUILTIN / name, tmp_path / "builtin" / name)
    return tmp_path / "builtin"


@pytest.fixture
async def balancer() -> AsyncIterator[FakeBalancer]:
    async with FakeBalancer(STYLES) as balancer:
        yield balancer


@pytest.fixture
def config(tmp_path: Path, balancer: FakeBalancer) -> RegistryConfigFile:
    return RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(tmp_path / "registry")},
            "mail": {"address": "bot@painter.example"},
            "balancer": {"port": balancer.port},
        }
    )


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "the pages must be seen in a browser, and there is no chromium on PATH"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, service: Service) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=service.url, reduced_motion="reduce")
    page = await context.new_page()
    complaints = watch(page, service.url)
    yield page
    await context.close()
    assert complaints == []
