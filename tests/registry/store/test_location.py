from __future__ import annotations

import sys
from pathlib import Path

import pytest

from registry.store.location import StoreLocation
from styles.service.config import ConfigError


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [("registry.database.postgres", "psycopg", "postgres"), ("registry.blobs.s3", "obstore", "s3")],
)
def test_what_needs_an_extra_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, library: str, extra: str
) -> None:
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    url = {"postgres": {"database": "postgresql://nowhere/none"}, "s3": {"blobs": "s3://bucket"}}[extra]
    with pytest.raises(ConfigError, match=rf"needs the extra {extra}: pip install 'mailbot\[{extra}\]'"):
        StoreLocation(folder=tmp_path, **url).open()


def test_what_is_not_said_is_in_the_folder(tmp_path: Path) -> None:
    parts = StoreLocation(folder=tmp_path / "new").open()
    parts.database.close()
    assert {path.name for path in (tmp_path / "new").iterdir()} >= {"registry.db", "blobs", "incoming"}
