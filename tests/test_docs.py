"""The documents: what they link to exists, and every key of config.toml is one that the code knows."""

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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_local_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


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
