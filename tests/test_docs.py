"""Hold the documents to the tree: links, paths, folders, keys of config.toml, and the help of commands."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from mailbot.config import MailbotConfigFile as MailbotConfig
from registry.config import RegistryConfigFile as RegistryConfig
from runner.config import RunnerConfigFile as RunnerConfig
from styles.language.request_examples import examples
from styles.service.config import load

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")]
PACKAGES = ("styles", "registry", "runner", "mailbot")
#: The commands of the project, by name.
SCRIPTS: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
#: A module or a folder as documents name it: by its whole path.
PATH = re.compile(
    rf"(?<![\w/.<-])((?:{'|'.join(PACKAGES)}|tests|benchmarks|deploy/kubernetes)/[\w/.-]*)(?![\w/.*-])"
)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_local_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_links_to_headings_lead_to_one() -> None:
    missing = [
        f"{document.name}: {link}#{heading}"
        for document in DOCUMENTS
        for link, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)", document.read_text())
        if heading not in anchors(document.parent / link if link else document)
    ]
    assert not missing


@cache
def anchors(document: Path) -> set[str]:
    """The anchors that a Markdown page has for its headings."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    words = [re.sub(r"\]\([^)]*\)|[^\w\- ]", "", heading.lower()) for heading in headings]
    return {each.strip().replace(" ", "-") for each in words}


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
    assert len(rows) == page.count("? |") == 12
    assert [module for _, folder, module in rows if (ROOT / module).parent != ROOT / folder] == []
    assert [module for _, _, module in rows if not (ROOT / module).is_file()] == []


def test_asking_shows_the_grammar() -> None:
    page = (ROOT / "docs" / "asking.md").read_text()
    grammar = page.split("## What you can write")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+) \| (.+) \|$", grammar, re.MULTILINE)
    assert tuple(rows) == (("you write", "what you get"), *examples(["starry-night", "great-wave"]))


def test_config_toml_is_what_the_code_reads_with_its_defaults() -> None:
    file = ROOT / "config.toml"
    document = tomllib.loads(file.read_text())
    assert document.keys() == {"logs", "mail", "sms", "telegram", "registry", "balancer", "runner", "styles"}
    mailbot, registry, runner = (
        load(file, MailbotConfig),
        load(file, RegistryConfig),
        load(file, RunnerConfig),
    )
    assert set(document["mail"]) == set(type(mailbot.mail).model_fields)
    for part in ("imap", "smtp", "lmtp", "local"):
        assert set(document["mail"][part]) == set(type(getattr(mailbot.mail, part)).model_fields)
    assert set(document["sms"]) == set(type(mailbot.sms).model_fields)
    assert set(document["telegram"]) == set(type(mailbot.telegram).model_fields)
    assert set(document["registry"]) == set(type(registry.registry).model_fields)
    assert set(document["balancer"]) == set(type(runner.balancer).model_fields)
    assert set(document["runner"]) == set(type(runner.runner).model_fields)
    assert set(document["runner"]["ray"]) == set(type(runner.runner.ray).model_fields)
    assert set(document["styles"]) == set(type(mailbot.styles).model_fields)
    for log_of in (mailbot, registry, runner):
        assert set(document["logs"]) == set(type(log_of.logs).model_fields)


def test_every_key_of_config_toml_is_explained() -> None:
    lines = (ROOT / "config.toml").read_text().splitlines()
    bare = [line for line in lines if re.match(r"\w+ =", line) and "#" not in line]
    names = {line.split(" =")[0] for line in bare}
    assert names <= {"host", "port", "smtp_port", "imap_port", "username"}  # these speak for themselves


@pytest.mark.parametrize(("name", "place"), SCRIPTS.items(), ids=str)
def test_every_help_is_a_whole_phrase(name: str, place: str) -> None:
    """A help that a rename has cut off ends without a full stop, or within a bracket or a quotation."""
    module, attribute = place.split(":")
    helps = dict(helps_of(get_command(getattr(importlib.import_module(module), attribute)), name))
    assert len(helps) > 5
    assert [path for path, text in helps.items() if not is_whole(text)] == []


def helps_of(command: Any, path: str) -> Iterator[tuple[str, str]]:
    """The help of a command, of its arguments and options, and of the commands below it."""
    yield path, command.help or ""
    for parameter in command.params:
        yield f"{path} {parameter.name}", getattr(parameter, "help", None) or ""
    for name, below in getattr(command, "commands", {}).items():
        yield from helps_of(below, f"{path} {name}")


def is_whole(text: str) -> bool:
    return text.endswith(".") and text.count("(") == text.count(")") and text.count("`") % 2 == 0


def test_a_help_that_is_cut_off_is_noticed() -> None:
    assert is_whole("From 0 (the photo) to 1 (the painting).")
    for cut in ("", "Folder of", "From 0 (the photo.", "A name of `styles list."):
        assert not is_whole(cut)
