from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from registry.cli.common import acting
from registry.cli.tokens import app
from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.writers import holder, person

Run = Callable[..., Any]  # gives the Result of click or of typer, as the version has it


@pytest.fixture
def run(tmp_path: Path) -> Run:
    file = tmp_path / "config.toml"
    file.write_text('[registry]\nport = 8499\ndata = "store"\n')
    return lambda *words: CliRunner().invoke(app, [*words, "--config", str(file)])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """As a registry that is running has it open."""
    with Store(StoreLocation(folder=tmp_path / "store")) as store:
        yield store


def test_the_output_is_the_token_and_the_words_are_beside_it(run: Run, store: Store) -> None:
    shown = run("add", "Anna Nowak")
    assert shown.exit_code == 0
    secret = shown.stdout.removesuffix("\n")
    assert person(store, secret) == "Anna Nowak"
    assert secret in shown.output.splitlines()  # a line of its own for who looks at both
    for words in ("only now", "http://127.0.0.1:8499/login", "REGISTRY_UPLOAD_TOKEN", "Bearer", "revoke"):
        assert words in shown.stderr
    assert store.audit()[0].by == acting().person


def test_a_token_can_be_made_before_the_first_start(run: Run, tmp_path: Path) -> None:
    secret = run("add", "anna").stdout.strip()
    with Store(StoreLocation(folder=tmp_path / "store")) as store:
        assert person(store, secret) == "anna"


def test_the_list_shows_who_and_no_secret(run: Run, store: Store) -> None:
    secrets = [run("add", name).stdout.strip() for name in ("anna", "bo", "cy")]
    person(store, secrets[1])
    run("revoke", "cy")
    shown = run("list").output
    rows = [[cell.strip() for cell in row.split("│")[1:-1]] for row in shown.splitlines() if "│" in row]
    assert [row[0] for row in rows] == ["anna", "bo", "cy"]
    assert [row[2] == "never" for row in rows] == [True, False, True]
    assert [bool(row[3]) for row in rows] == [False, False, True]
    assert not any(secret in shown for secret in secrets)


def test_revoke_ends_it_for_a_registry_that_runs(run: Run, store: Store) -> None:
    secret = run("add", "anna").stdout.strip()
    session, _ = store.sessions.open(holder(store, "anna"))
    shown = run("revoke", "anna")
    assert shown.exit_code == 0
    assert "logged out" in shown.output
    assert person(store, secret) is None
    assert store.sessions.find(session) is None


def test_a_token_has_a_scope_a_label_an_end_and_its_person_an_address(run: Run, store: Store) -> None:
    options = ("--scope", "stage", "--label", "ci", "--days", "90", "--address", "anna@example.org")
    secret = run("add", "anna", *options).stdout.strip()
    writer = store.tokens.writer(secret)
    assert writer is not None
    assert (writer.person, writer.scope) == ("anna", "stage")
    assert datetime.fromisoformat(writer.expires).date() - datetime.now(UTC).date() == timedelta(days=90)
    assert store.addresses() == {"anna": "anna@example.org"}
    (row,) = [line.split("│") for line in run("list").output.splitlines() if "│" in line]
    assert [cell.strip() for cell in row[5:8]] == ["ci", "stage", writer.expires[:10]]
    run("add", "anna")
    run("revoke", "anna", "--label", "ci")
    assert store.tokens.writer(secret) is None
    assert [token.label for token in store.tokens.list("anna") if token.holds] == [""]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--scope", "all"), "There is no scope 'all': it is one of stage, publish, registry."),
        (("--address", "anna"), "“anna” is no mail address."),
    ],
)
def test_a_token_that_cannot_be_is_not_made(
    run: Run, store: Store, options: tuple[str, str], told: str
) -> None:
    shown = run("add", "anna", *options)
    assert (shown.exit_code, shown.stderr.splitlines(), shown.stdout) == (1, [told], "")
    assert store.tokens.list() == []


@pytest.mark.parametrize("words", [("revoke", "nobody"), ("add", "anna"), ("add", "operator"), ("add", "\n")])
def test_what_cannot_be_done_is_one_line_and_status_1(run: Run, store: Store, words: tuple[str, str]) -> None:
    store.tokens.add("anna")
    shown = run(*words)
    assert shown.exit_code == 1
    assert len(shown.stderr.splitlines()) == 1
    assert shown.stdout == ""
