"""Chromium before a registry with two of the shipped styles, and a stand-in for the balancer behind it.

Starting Chromium takes longer than most of the tests. They share one, and its event loop with it.
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from registry.config import RegistryConfigFile
from styles.formats import style_file
from tests.fakes.mailbot.mail_program import chromium
from tests.fakes.registry.service import Service, serving
from tests.fakes.registry.visitor import watch
from tests.fakes.runner.balancer import FakeBalancer

STYLES = ("great-wave", "starry-night")
expect.set_options(timeout=60_000)  # milliseconds: five seconds are not enough on a busy machine


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    for name in STYLES:
        shutil.copytree(style_file.BUILTIN / name, tmp_path / "builtin" / name)
    return tmp_path / "builtin"


@pytest_asyncio.fixture(loop_scope="session")
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


@pytest_asyncio.fixture(loop_scope="session")
async def service(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[Service]:
    async with serving(config, builtin) as service:
        yield service


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, service: Service) -> AsyncIterator[Page]:
    context = await browser.new_context(base_url=service.url, reduced_motion="reduce")
    page = await context.new_page()
    complaints = watch(page, service.url)
    yield page
    await context.close()
    assert complaints == []
