"""The units for systemd, the compose file and the files for Prometheus and Grafana."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from pydantic import BaseModel

from mailbot.admin.ledger_summary import overview
from mailbot.admin.metrics import prometheus as of_bot
from mailbot.config import MailbotConfigFile
from mailbot.local_programs import SECRETS
from mailbot.storage.ledger import Ledger
from registry.config import RegistryConfigFile
from registry.http.metrics import RegistryMetrics
from registry.http.metrics import prometheus as of_registry
from runner.config import RunnerConfigFile
from styles.service.config import load
from tests.fakes.runner.served import serving

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
IMAGE = (DEPLOY / "Containerfile").read_text()
MONITORING, COMPOSE = DEPLOY / "monitoring", DEPLOY / "compose"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
#: A metric in an expression of Prometheus.
METRIC = re.compile(r"\b((?:mailbot|painter|registry)_\w+)")
#: One in a function that needs a counter.
COUNTED = re.compile(r"\b(?:increase|i?rate)\((\w+)")
#: One with a value that a label has.
LABELLED = re.compile(r'\b(\w+)\{(\w+)="([^"]*)"')


def expressions() -> list[str]:
    """Those of all alerts and panels."""
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    alerts = [rule["expr"] for group in groups for rule in group["rules"]]
    return alerts + [target["expr"] for panel in panels for target in panel["targets"]]


async def metrics_of_all(folder: Path) -> str:
    """What the three programs answer at /metrics."""
    async with Ledger(folder / "ledger.db"):
        bot = of_bot(overview(folder / "ledger.db", time.time()))
    registry = of_registry(RegistryMetrics(), waiting=0, styles=0, versions=0)
    async with serving() as served, aiohttp.ClientSession() as http:
        async with http.post(f"{served.url}/v1/stylize?style=mosaic", data=b"photo") as response:
            assert response.status == 200
        async with http.get(f"{served.url}/metrics") as response:
            balancer = await response.read()
    return (bot + registry + balancer).decode()


async def test_every_metric_of_an_alert_or_a_panel_exists(tmp_path: Path) -> None:
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", await metrics_of_all(tmp_path), re.MULTILINE))
    known = types.keys() | {f"{name}_bucket" for name, kind in types.items() if kind == "histogram"}
    wanted = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert len(wanted) > 15
    assert wanted - known == set()
    for name in {name for expression in expressions() for name in COUNTED.findall(expression)}:
        assert types[name.removesuffix("_bucket")] in ("counter", "histogram"), name


async def test_every_label_of_an_alert_or_a_panel_exists(tmp_path: Path) -> None:
    text = await metrics_of_all(tmp_path)
    wanted = {pair for expression in expressions() for pair in LABELLED.findall(expression)}
    assert ("mailbot_answers", "state", "failed") in wanted
    for name, label, value in wanted:
        assert re.search(rf'^{name}\{{.*\b{label}="{value}"', text, re.MULTILINE), (name, label, value)


def test_prometheus_asks_each_program_where_it_listens() -> None:
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text())["scrape_configs"]
    found = {job["job_name"]: job["static_configs"][0]["targets"] for job in jobs}
    assert found == {
        "bot": ["127.0.0.1:9400"],
        "balancer": ["127.0.0.1:8481"],
        "registry": ["127.0.0.1:8480"],
    }


def test_every_alert_says_what_to_do() -> None:
    text = (DEPLOY.parent / "docs/operations.md").read_text()
    groups = yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]
    names = [rule["alert"] for group in groups for rule in group["rules"]]
    assert [name for name in names if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_each_program_is_alone(unit: Path) -> None:
    """A user of its own, no capability, nothing to write but its own folder, and its own secrets."""
    lines = unit.read_text().splitlines()
    assert f"User={unit.stem}" in lines
    for line in ("NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict", "UMask=0077"):
        assert line in lines
    program = {"mailbot": "bot", "mailbot-registry": "registry", "mailbot-balancer": "balancer"}[unit.stem]
    secrets = re.findall(r"LoadCredential=(\w+):(\S+)", unit.read_text())
    assert all(program in SECRETS[name] and Path(path).name == name for name, path in secrets)


def compose(config: str = "bot.toml") -> dict[str, Any]:
    text = (COMPOSE / "compose.yaml").read_text()
    found: dict[str, Any] = yaml.safe_load(text.replace("${BOT_CONFIG:-bot.toml}", config))
    return found


def programs(config: str = "bot.toml") -> dict[str, Any]:
    """The services that run this project's image."""
    return {name: each for name, each in compose(config)["services"].items() if each["image"] == "mailbot"}


def test_the_programs_own_the_volumes() -> None:
    """A new volume takes the owner of the image's folder, and root's where there is none."""
    services = programs().values()
    targets = {line.split(":")[1] for each in services for line in each["volumes"] if line[0] != "."}
    made = re.findall(r"^RUN install -d -o 10001 -g 10001 -m 700 (.+)$", IMAGE, re.MULTILINE)
    assert targets == set(made[0].split())
    assert IMAGE.index(made[0]) < IMAGE.index("USER 10001:10001")


def test_each_container_is_built_without_pytorch_if_nobody_asks_for_it_and_logs_in() -> None:
    for service in programs().values():
        arguments = service["build"]["args"]
        assert arguments["EXTRAS"] == "${EXTRAS:-local,oauth,publish}"
        assert arguments.keys() <= set(re.findall(r"^ARG (\w+)=", IMAGE, re.MULTILINE))


def test_each_container_is_restricted_and_listens_on_this_machine_alone() -> None:
    for service in programs().values():
        assert (service["read_only"], service["user"]) == (True, "10001:10001")
        assert "cap_add" not in service
    for service in compose()["services"].values():
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))


@pytest.mark.parametrize("of_bot", ["bot.toml", "dovecot.toml"])
def test_each_container_reads_a_config_that_is_there(of_bot: str) -> None:
    models: dict[str, type[BaseModel]] = {"bot": MailbotConfigFile, "registry": RegistryConfigFile}
    models |= {"mail": MailbotConfigFile, "balancer": RunnerConfigFile}
    for name, service in programs(of_bot).items():
        file, _, target = service["volumes"][0].partition(":")
        assert target == "/etc/mailbot/config.toml:ro"
        load(COMPOSE / file, models[name])
    bot = load(COMPOSE / of_bot, MailbotConfigFile)
    hosts = {bot.registry.host, bot.balancer.host, bot.mail.effective_imap.host, bot.mail.effective_smtp.host}
    assert hosts < set(compose()["services"])


def test_dovecot_has_the_password_that_the_bot_is_given() -> None:
    folder = COMPOSE / compose()["services"]["dovecot"]["build"]
    password = (folder / "password").read_text().strip()
    assert f"password = {password}\n" in (folder / "dovecot.conf").read_text()
    copied = re.findall(r"^COPY (\S+)", (folder / "Containerfile").read_text(), re.MULTILINE)
    assert all((folder / name).is_file() for name in copied)
