"""`mailbot init` writes the shipped config with an address in it, and says what to do next."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.cli import app

SHIPPED = Path(__file__).parents[3] / "config.toml"
FILE = Path("config.toml")


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def init(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["init", *words])
    return result.exit_code, result.output


def test_without_an_address_it_is_the_shipped_file() -> None:
    code, output = init()
    assert code == 0
    assert FILE.read_text() == SHIPPED.read_text()
    assert "mailbot up\n" in output
    assert "--config" not in output
    assert "docs/" not in FILE.read_text() + output  # which a wheel does not bring


def test_an_existing_file_stays_as_it_is() -> None:
    FILE.write_text("# mine\n")
    code, output = init("bot@gmail.com")
    assert code == 2
    assert "stays as it is" in output
    assert FILE.read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("words", "provider", "hint"),
    [
        (["bot@gmail.com"], "gmail", "app password"),
        (
            ["bot@example.org", "--provider", "microsoft365"],
            "microsoft365",
            "for your tenant. Under Authentication",
        ),
        (["bot@outlook.com"], "outlook", "https://entra.microsoft.com, under App registrations"),
        (["bot@example.org"], "", "[mail.imap] and in [mail.smtp]"),
        (["bot@gmail.example.org", "--provider", "fastmail"], "fastmail", "app password"),
    ],
)
def test_an_address_is_filled_in_with_its_provider(words: list[str], provider: str, hint: str) -> None:
    code, output = init(*words)
    mail = tomllib.loads(FILE.read_text())["mail"]
    assert (code, mail["address"], mail["provider"]) == (0, words[0], provider)
    ways = {"microsoft365": "login microsoft365 --client-id ID --tenant TENANT"}
    ways["outlook"] = "login outlook --client-id ID"
    way = ways.get(provider, "MAILBOT_IMAP_PASSWORD=…")
    assert f"{way}\n" in output
    assert hint in output
    assert "mailbot doctor\n" in output
    shipped = {line.partition("#")[2] for line in SHIPPED.read_text().splitlines()}
    written = FILE.read_text().splitlines()
    assert {line.partition("#")[2] for line in written} == shipped
    assert len({line.index("#") for line in written if line.startswith(("address", "provider"))}) == 1


def test_the_next_steps_name_another_file() -> None:
    assert "mailbot up --config other.toml\n" in init("--config", "other.toml")[1]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["bot.example.org"], "“bot.example.org” is no address"),
        (['"b\\"ot"@example.org'], "is no address"),
        (["bot@example.org", "--provider", "gmial"], "no provider gmial; there are gmail, "),
    ],
)
def test_a_mistake_is_said_and_nothing_is_written(words: list[str], reason: str) -> None:
    code, output = init(*words)
    assert code == 2
    assert reason in output
    assert not FILE.exists()
