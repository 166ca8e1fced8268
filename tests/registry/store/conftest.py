"""All tests of the store run on both databases."""

from __future__ import annotations

import pytest

from tests.fakes.registry.databases import DATABASES


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)
