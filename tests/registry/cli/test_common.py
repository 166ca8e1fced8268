from __future__ import annotations

import getpass
import sqlite3
from pathlib import Path

import pytest
import typer

from registry.cli.common import acting, minute, opened, show
from registry.store.access.tokens import NAME
from styles.errors import BadOption
from tests.fakes.registry.versions import publish


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text('[registry]\ndata = "data"\n')
    return file


def test_the_store_is_that_of_the_config(config: Path) -> None:
    with opened(config) as store:
        publish(store, "mosaic")
    assert (config.parent / "data" / "registry.db").exists()
    with opened(config) as store:
        assert store.resolve("mosaic").version == 1


@pytest.mark.parametrize("error", [BadOption("It makes no sense."), sqlite3.OperationalError("disk is full")])
def test_what_a_person_can_mend_is_one_line(
    config: Path, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, opened(config):
        raise error
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == f"{error}\n"


def nobody() -> str:
    raise OSError("No username set in the environment")


def test_nobody_with_a_token_can_pass_for_who_acts_by_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    assert acting().person == f"{getpass.getuser()} (command line)"
    assert not NAME.fullmatch(acting().person)
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert acting().person == "operator (command line)"


def test_a_table_shows_what_is_in_it_and_obeys_none_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    show("versions", ("name", "title"), [("mosaic", "[red]Tiles[/] \x1b[2J\x07"), ("udnie", "x" * 150)])
    shown = capsys.readouterr().out
    assert "[red]Tiles[/] �[2J�" in shown
    assert "x" * 150 in shown  # not broken, for who searches it
    assert "\x1b" not in shown


def test_moments_are_shown_to_the_minute() -> None:
    assert minute("2026-11-24T22:32:55.133+00:00") == "2026-11-24 22:32"
    assert minute("") == ""
