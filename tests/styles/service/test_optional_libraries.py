"""What needs an extra says in one sentence which one is missing, and nothing else needs it."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import typer
from packaging.requirements import Requirement
from typer.testing import CliRunner

from mailbot.cli import app as mailbot
from mailbot.local_mail.__main__ import main as local_mail_server
from registry.cli.main import app as registry
from runner.cli.main import app as runner
from styles.cli import app as styles
from styles.errors import MissingExtra
from styles.importing.importer import keep
from styles.service.optional_libraries import DISTRIBUTION, LIBRARIES, install_command, is_installed, require
from tests.fakes.styles.onnx_files import write_onnx
from tests.fakes.styles.state_dicts import write_state_dict

local_mail = typer.Typer()
local_mail.command()(local_mail_server)

ROOT = Path(__file__).parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PAINTING = str(ROOT / "docs" / "photos" / "chelsea.jpg")


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Hide the libraries of an extra, as if they were not installed."""

    def hide(extra: str) -> None:
        for library in LIBRARIES[extra]:
            monkeypatch.setitem(sys.modules, library, None)

    return hide


def distributions(extra: str) -> set[str]:
    """Names of the distributions that pyproject.toml lists for an extra, through extras of its own."""
    lines = map(Requirement, PROJECT["optional-dependencies"][extra])
    return {
        name
        for line in lines
        for name in (
            set().union(*map(distributions, line.extras)) if line.name == DISTRIBUTION else {line.name}
        )
    }


def test_the_name_is_that_of_the_project() -> None:
    assert PROJECT["name"] == DISTRIBUTION


@pytest.mark.parametrize("extra", LIBRARIES)
def test_the_libraries_are_those_of_pyproject(extra: str) -> None:
    installed = packages_distributions()
    known = {name for library in LIBRARIES[extra] for name in installed.get(library, ())}
    assert distributions(extra) <= {name.lower().replace("_", "-") for name in known}


def test_every_extra_that_people_choose_is_known() -> None:
    assert set(LIBRARIES) == PROJECT["optional-dependencies"].keys() - {"dev", "benchmark"}


@pytest.mark.parametrize(
    ("extra", "app", "config", "words"),
    [
        ("train", styles, None, ["train", PAINTING]),
        ("train", styles, None, ["learn", PAINTING]),
        ("train", styles, None, ["optimize", PAINTING, "--painting", PAINTING]),
        ("gpu", styles, None, ["paint", PAINTING, "--device", "cuda", "--out", "painted.jpg"]),
        ("gpu", runner, '[runner]\ndevice = "cuda:0"', ["serve"]),
        ("ray", runner, '[runner]\nfleet = "ray"\nray.private_network = "127.0.0.0/8"', ["serve"]),
        ("postgres", registry, '[registry]\ndatabase = "postgresql://nowhere/none"', ["token", "list"]),
        ("s3", registry, '[registry]\nblobs = "s3://bucket"', ["token", "list"]),
        ("local", mailbot, "", ["up"]),
        ("local", local_mail, "", []),
    ],
)
def test_a_command_says_which_extra_it_lacks(
    lacking: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    extra: str,
    app: Any,
    config: str | None,
    words: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RUNNER_RELAY_SECRET", "s" * 32)  # asked for before Ray is
    Path("config.toml").write_text(config or "")
    lacking(extra)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1, result.output
    assert f"needs the extra “{extra}”, which is not installed here. Install it: " in result.output
    assert f"'mail-painter[{extra}]'" in result.output
    assert result.output.count("\n") <= 2 + ("Stopping" in result.output)


@pytest.mark.parametrize(("extra", "name"), [("publish", "a.onnx"), ("gpu", "a.pth")])
def test_an_upload_says_which_extra_the_registry_lacks(
    lacking: Callable[[str], None], tmp_path: Path, extra: str, name: str
) -> None:
    upload = tmp_path / name
    write_onnx(upload) if extra == "publish" else write_state_dict(upload)
    lacking(extra)
    with pytest.raises(MissingExtra, match=f"needs the extra “{extra}”") as caught:
        keep(upload, tmp_path / "kept", None)
    assert sys.executable not in caught.value.message  # which the artist reads


def test_the_command_works_where_it_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / ".venv/bin/python"))
    assert install_command("gpu") == f"{tmp_path}/.venv/bin/python -m pip install 'mail-painter[gpu]'"
    monkeypatch.chdir(tmp_path)
    assert install_command("gpu") == ".venv/bin/python -m pip install 'mail-painter[gpu]'"
    monkeypatch.setitem(sys.modules, "pip", None)
    assert install_command("gpu") == "uv pip install --python .venv/bin/python 'mail-painter[gpu]'"


def test_what_is_installed_is_not_missed() -> None:
    for extra in LIBRARIES:
        assert is_installed(extra)
        require(extra, "This")


def test_the_errors_of_all_modules_name_a_known_extra() -> None:
    """`require` of an extra that is not in the table would be a KeyError in front of a person."""
    files = [
        file
        for package in ("styles", "registry", "runner", "mailbot")
        for file in (ROOT / package).rglob("*.py")
    ]
    named = {name for file in files for name in re.findall(r'(?<!\.)\brequire\(\s*"(\w+)"', file.read_text())}
    assert named == set(LIBRARIES)
