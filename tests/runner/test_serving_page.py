"""docs/serving.md: whatever can be watched and set is on it, and nothing that cannot."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from runner.client import RunnerClient
from runner.config import BalancerConfig, RunnerConfig
from tests.fakes.runner.served import Served

PAGE = (Path(__file__).parent.parent.parent / "docs" / "serving.md").read_text()


def rows(heading: str) -> str:
    """A table, by its first heading."""
    return PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0]


async def test_every_metric_is_told(served: Served) -> None:
    async with aiohttp.ClientSession() as http:
        (await http.post(f"{served.url}/v1/stylize?style=mosaic", data=b"photo")).release()
        async with http.get(f"{served.url}/metrics") as response:
            families = list(text_string_to_metric_families(await response.text()))
    ours = {family.name for family in families if re.match(r"painter_(?!.*_created$)", family.name)}
    told = {name.removesuffix("_total") for name in re.findall(r"`(painter_\w+)", rows("metric"))}
    assert told == ours
    asked = set(re.findall(r"painter_\w+", PAGE.split("```yaml")[1].split("```")[0]))
    assert asked <= {sample.name for family in families for sample in family.samples}


async def test_every_key_of_the_status_is_told(served: Served) -> None:
    async with RunnerClient(served.url) as client:
        status = await client.status()
    parts = (status["queue"], status["last_minute"], status["runners"][0])
    keys = {*status, *(key for part in parts for key in part), "problem"}  # of learning
    assert "problem" in status["learning"]
    told = set(re.findall(r"`(\w+)`", rows("key")))
    assert keys <= told
    assert told - keys == {"p50", "p95"}


@pytest.mark.parametrize("section", [BalancerConfig, RunnerConfig])
def test_every_key_of_the_config_is_told(section: type[BalancerConfig] | type[RunnerConfig]) -> None:
    name = "[balancer]" if section is BalancerConfig else "[runner]"
    keys = [row.split(" | ")[0] for row in rows(f"`{name}`").splitlines()[2:]]
    assert set(re.findall(r"`(\w+)`", " ".join(keys))) == set(section.model_fields)
