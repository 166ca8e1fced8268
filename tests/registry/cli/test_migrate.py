from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from registry.cli.main import app
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.postgres import PostgresServer
from tests.fakes.registry.versions import publish


@pytest.fixture
def files(tmp_path: Path, postgres: PostgresServer) -> tuple[Path, Path]:
    """Configurations of a registry with two versions, and of an empty database."""
    old, new = tmp_path / "old.toml", tmp_path / "new.toml"
    url = postgres.new_database()
    old.write_text('[registry]\ndata = "old"\n')
    new.write_text(f'[registry]\ndata = "new"\ndatabase = "{url}"\n')
    with Store(StoreLocation(folder=tmp_path / "old")) as store:
        for seed in range(2):
            publish(store, "mosaic", seed)
    return old, new


def test_it_moves_everything_and_says_how_much(files: tuple[Path, Path]) -> None:
    result = CliRunner().invoke(app, ["migrate", *map(str, files)])
    assert result.exit_code == 0, result.output
    assert "Moved 1 styles in 2 versions, 2 files of 40,000 bytes, 2 events" in result.output
    assert result.output.rstrip().endswith(f"Start the registry with {files[1]}.")
    shown = CliRunner().invoke(app, ["history", "mosaic", "--config", str(files[1])])
    assert "live" in shown.output


def test_what_cannot_be_moved_is_one_sentence(files: tuple[Path, Path]) -> None:
    CliRunner().invoke(app, ["migrate", *map(str, files)])
    result = CliRunner().invoke(app, ["migrate", *map(str, files)])
    assert result.exit_code == 1
    assert "is not empty: it has rows in style, blob, version" in result.output
    result = CliRunner().invoke(app, ["migrate", str(files[0]), "nowhere.toml"])
    assert result.exit_code == 2
    assert "nowhere.toml does not exist" in result.output


def test_the_help_says_what_to_do() -> None:
    text = " ".join(CliRunner().invoke(app, ["migrate", "--help"]).output.split())
    for words in ("PGPASSWORD", "Stop the registries first", "must be empty", "FROM", "TO"):
        assert words in text
