"""A registry that serves three styles from a folder of its own, on SQLite or on PostgreSQL.

A test that asks for `database` by `@both` runs on each. Those of the store all do (tests/registry/store).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from PIL import Image

from registry.config import RegistryConfigFile
from registry.database.postgres import PostgresDatabase
from registry.database.sqlite import DatabaseFile
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.databases import SQLITE
from tests.fakes.registry.postgres import PostgresServer
from tests.fakes.registry.s3 import CREDENTIALS, S3Server
from tests.fakes.registry.service import NAMES, Service, serving
from tests.fakes.styles.style_files import make_shipped


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Its start takes a second, so the tests of a process share it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    with S3Server() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """With the environment that its clients need."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return s3_server


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which it is: SQLite, unless the test says otherwise."""
    return str(getattr(request, "param", SQLITE))


@pytest.fixture
def database_url(database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """As [registry] database has it."""
    if database == SQLITE:
        yield ""
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.lent_database() as url:
        yield url


@pytest.fixture
def no_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets only the notice of an event wake a waiting client. A test asks for it before the service."""
    for kind in (DatabaseFile, PostgresDatabase):
        monkeypatch.setattr(kind, "poll_seconds", 1000.0)


@pytest.fixture
def builtin(tmp_path: Path) -> Path:
    folder = tmp_path / "builtin"
    for seed, name in enumerate(NAMES):
        shipped = make_shipped(folder, name, seed)
        Image.new("RGB", (64, 48), (80 * seed, 90, 160)).save(shipped.preview)  # each its own blob
    return folder


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> RegistryConfigFile:
    return RegistryConfigFile.model_validate(
        {
            "registry": {"port": 0, "data": str(tmp_path / "registry"), "database": database_url},
            "mail": {"address": "bot+photos@painter.example", "ledger": "elsewhere"},
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def location(folder: Path, database_url: str) -> StoreLocation:
    return StoreLocation(folder=folder, database=database_url)


@pytest.fixture
def store(location: StoreLocation) -> Iterator[Store]:
    with Store(location) as store:
        yield store


@pytest.fixture
async def service(config: RegistryConfigFile, builtin: Path) -> AsyncIterator[Service]:
    async with serving(config, builtin) as service:
        yield service
