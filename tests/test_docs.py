"""Hold the documents to the tree: links, paths of modules, folders, and the keys of config.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from mailbot.config import MailbotConfigFile as MailbotConfig
from registry.config import RegistryConfigFile as RegistryConfig
from runner.config import RunnerConfigFile as RunnerConfig
from styles.language.examples import examples
from styles.service.config import load

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
PACKAGES = ("styles", "registry", "runner", "mailbot")
#: A module or a folder as documents name it: by its whole path.
PATH = re.compile(rf"(?<![\w/.<-])((?:{'|'.join(PACKAGES)}|tests|benchmarks)/[\w/.-]*)(?![\w/.*-])")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_local_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_paths_of_the_tree_exist(document: Path) -> None:
    """The changelog tells of the past, so its paths need not exist any more."""
    if document.name == "CHANGELOG.md":
        return
    quoted = re.findall(r"`([^`\n]+)`", document.read_text())
    paths = {path for words in quoted for path in PATH.findall(words)}
    assert {path for path in paths if not (ROOT / path).exists()} == set()
    modules = {words for words in quoted if re.fullmatch(r"[a-z_0-9/]+\.py", words)} - paths
    assert {m for m in modules if not any(any((ROOT / p).rglob(m)) for p in PACKAGES)} == set()


def test_architecture_has_a_line_for_every_folder() -> None:
    """Two levels deep, each folder with its purpose, in alphabetical order below its package."""
    tree = (ROOT / "docs" / "ARCHITECTURE.md").read_text().split("```")[1]
    shown: dict[str, list[str]] = {}
    for indent, name, purpose in re.findall(r"^( *)(\w+)/ +(.*)$", tree, re.MULTILINE):
        assert purpose, name
        if indent:
            shown[next(reversed(shown))].append(name)
        else:
            shown[name] = []
    there = {
        package: sorted(f.name for f in (ROOT / package).iterdir() if f.is_dir() and f.name != "__pycache__")
        for package in PACKAGES
    }
    assert {package: shown[package] for package in PACKAGES} == there


def test_newcomers_are_led_to_modules_that_exist() -> None:
    page = (ROOT / "docs" / "finding-your-way.md").read_text()
    rows = re.findall(r"^\| (.+\?) \| `([\w/]+/)` \| `([\w/.]+)` \|$", page, re.MULTILINE)
    assert len(rows) == 12
    assert [module for _, folder, module in rows if (ROOT / module).parent != ROOT / folder] == []
    assert [module for _, _, module in rows if not (ROOT / module).is_file()] == []


def test_asking_shows_the_grammar() -> None:
    rows = re.findall(r"^\| (.+) \| (.+) \|$", (ROOT / "docs" / "asking.md").read_text(), re.MULTILINE)
    assert tuple(rows) == (("you write", "what you get"), *examples(["starry-night", "great-wave"]))


def test_config_toml_is_what_the_code_reads_with_its_defaults() -> None:
    file = ROOT / "config.toml"
    document = tomllib.loads(file.read_text())
    assert document.keys() == {"mail", "registry", "balancer", "runner", "styles"}
    mailbot, registry, runner = (
        load(file, MailbotConfig),
        load(file, RegistryConfig),
        load(file, RunnerConfig),
    )
    assert set(document["mail"]) == set(type(mailbot.mail).model_fields)
    for part in ("imap", "smtp", "local"):
        assert set(document["mail"][part]) == set(type(getattr(mailbot.mail, part)).model_fields)
    assert set(document["registry"]) == set(type(registry.registry).model_fields)
    assert set(document["balancer"]) == set(type(runner.balancer).model_fields)
    assert set(document["runner"]) == set(type(runner.runner).model_fields)
    assert set(document["styles"]) == set(type(mailbot.styles).model_fields)


def test_every_key_of_config_toml_is_explained() -> None:
    lines = (ROOT / "config.toml").read_text().splitlines()
    bare = [line for line in lines if re.match(r"\w+ =", line) and "#" not in line]
    names = {line.split(" =")[0] for line in bare}
    assert names <= {"host", "port", "smtp_port", "imap_port", "username"}  # these speak for themselves
