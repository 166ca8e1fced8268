"""All tests of the store run on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.databases import DATABASES
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shipped(tmp_path: Path) -> ShippedStyle:
    return make_shipped(tmp_path / "shipped", "mosaic")
