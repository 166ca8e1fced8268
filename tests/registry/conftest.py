"""A registry that serves three styles from a folder of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from registry.config import RegistryConfigFile
from registry.store.store import Store
from tests.fakes.registry.service import NAMES, Service, serving
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    folder = tmp_path / "builtin"
    for seed, name in enumerate(NAMES):
        shipped = make_shipped(folder, name, seed)
        Image.new("RGB", (64, 48), (80 * seed, 90, 160)).save(shipped.preview)  # each its own blob
    return folder


@pytest.fixture
def config(tmp_path: Path) -> RegistryConfigFile:
    return RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(tmp_path / "registry")},
            "mail": {"address": "bot+photos@painter.example", "ledger": "elsewhere"},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store(folder) as store:
        yield store


@pytest.fixture
async def service(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[Service]:
    async with serving(config, builtin) as service:
        yield service
