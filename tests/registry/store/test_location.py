from __future__ import annotations

from pathlib import Path

import pytest

from registry.store.location import StoreLocation


@pytest.fixture
def database() -> str:
    return "sqlite"


def test_what_is_not_said_is_in_the_folder(tmp_path: Path) -> None:
    parts = StoreLocation(folder=tmp_path / "new").open()
    parts.database.close()
    assert {path.name for path in (tmp_path / "new").iterdir()} >= {"registry.db", "blobs", "incoming"}
