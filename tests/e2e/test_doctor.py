"""`mailbot doctor` beside the whole system as `make up` runs it."""

from __future__ import annotations

import asyncio
import json

from typer.testing import CliRunner

from mailbot.cli import app
from tests.fakes.system import System


async def test_a_system_that_runs_is_well(local_system: System) -> None:
    arguments = ["doctor", "--json", "--config", str(local_system.config)]
    result = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    said = json.loads(result.stdout)
    assert {check["name"]: check["words"] for check in said["checks"] if check["state"] != "well"} == {}
    assert result.exit_code == 0
    words = {check["name"]: check["words"] for check in said["checks"]}
    assert "a bot is at work" in words["mailbox's lock"]
    assert "is ready" in words["runners"]
