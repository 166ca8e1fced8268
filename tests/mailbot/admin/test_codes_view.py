"""What `mailbot codes` shows: whom nobody could tell, with masked addresses."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rich.console import Console
from typer.testing import CliRunner

from mailbot.admin.codes_view import listed, show
from mailbot.cli import app
from mailbot.storage.ledger import Ledger
from mailbot.undelivered import one_time_codes
from tests.fakes.mailbot.ledger import REPLY, accept, work


async def test_a_painting_that_waits_is_listed_with_its_code(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "ledger" / "ledger.db"
    said = io.StringIO()
    show(listed(file, addresses=False), Console(file=said))
    assert said.getvalue() == "No painting waits under a code.\n"
    await accept(ledger)
    message = await work(ledger)
    await ledger.finish(message, REPLY)
    code = (
        await ledger.transact(
            lambda db: one_time_codes.make(db, message.id, "550 \x1b[2J ann@example.org", 0.0)
        )
        or ""
    )
    (found,) = listed(file, addresses=False)
    assert (found.message, found.code, found.recipient, found.is_told) == (1, code, "a…@example.org", False)
    assert listed(file, addresses=True)[0].recipient == "ann@example.org"
    show([found], Console(file=said, width=200))
    assert code in said.getvalue()
    assert "\x1b" not in said.getvalue()
    assert "ann@" not in said.getvalue()
    config = tmp_path / "config.toml"
    config.write_text(f'[mail]\nledger = "{file}"\n')
    run = CliRunner().invoke(app, ["codes", "--json", "--config", str(config)])
    assert [each["code"] for each in json.loads(run.output)] == [code]
