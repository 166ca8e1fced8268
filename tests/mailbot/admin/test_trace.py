"""`mailbot trace`: one mail's way, from the ledger, and through the logs of all processes."""

from __future__ import annotations

import json
import logging
import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mailbot.admin.trace import MailTrace, find
from mailbot.cli import app
from mailbot.storage.ledger import Ledger
from mailbot.storage.outside_access import looking
from styles.service.logs import current_trace
from tests.fakes.mailbot.bot import Folder, answering, asking, until_census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

ANN = "ann@example.org"


@pytest.fixture
async def file(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text('[mail]\nledger = "ledger.db"\n')
    async with Ledger(tmp_path / "ledger.db"):
        return tmp_path / "ledger.db"


def found(file: Path, word: str) -> list[MailTrace]:
    with looking(file) as db:
        return find(db, word, addresses=True)


async def answer(file: Path, *bodies: bytes) -> FakeBalancer:
    """A bot that answers the mails, and the balancer that it asked."""
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(Ledger(file))
        balancer = await stack.enter_async_context(FakeBalancer())
        sink = await stack.enter_async_context(Sink())
        await stack.enter_async_context(answering(Folder(*bodies), ledger, balancer, sink))
        await until_census(ledger, "outbox.sent", len(bodies))
    return balancer


async def test_one_trace_goes_from_the_mail_to_the_balancer_and_back(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seen: dict[str, set[str]] = {}
    caplog.set_level(logging.INFO)

    def note(record: logging.LogRecord) -> bool:
        seen.setdefault(current_trace(), set()).add(record.getMessage())
        return True

    caplog.handler.addFilter(note)
    balancer = await answer(file, asking(1), asking(2))
    for number in (1, 2):
        (mail,) = found(file, str(number))
        lines = {re.sub(r" in [0-9.]+ s.*", "", line) for line in seen[mail.trace]}
        assert {f"mail {number} came in", f"answered mail {number}"} <= lines
        assert mail.trace in balancer.traces


async def test_a_mail_is_found_by_each_of_its_names(file: Path) -> None:
    await answer(file, asking(1, ANN), asking(2, "bob@example.org"))
    (mail,) = found(file, "<1@example.org>")  # numbers follow the order of reading
    with looking(file) as db:
        (reply,) = db.execute("SELECT message_id FROM outbox WHERE message = ?", (mail.id,)).fetchone()
    for word in (
        str(mail.id),
        mail.trace,
        mail.trace[:8],
        mail.trace.upper(),
        "1@example.org",
        reply,
        ANN,
    ):
        assert found(file, word) == [mail], word
    assert len(found(file, "bob@example.org")) == 1
    for word in ("3", mail.trace[:7], "nobody@example.org", "x", "'"):
        assert found(file, word) == []


async def test_the_way_has_its_times_in_order(file: Path) -> None:
    await answer(file, asking(1))
    (mail,) = found(file, "1")
    words = [step.words.split(",")[0].split(":")[0] for step in mail.steps]
    assert words == [
        "came in",
        "was read",
        "was painted",
        "its answer was written",
        "its answer was taken by the mail server",
    ]
    times = [step.at for step in mail.steps]
    assert times == sorted(times)


async def test_addresses_are_masked_and_the_trace_is_not(file: Path) -> None:
    await answer(file, asking(1, ANN))

    def run(*words: str) -> str:
        config = ["--config", str(file.with_name("config.toml"))]
        result = CliRunner().invoke(app, ["trace", *words, *config], env={"COLUMNS": "200"})
        assert result.exit_code == 0, result.output
        return result.output

    (mail,) = found(file, "1")
    assert f"from a…@example.org: done. Trace {mail.trace}" in run(ANN)
    assert ANN in run("1", "--addresses")
    (shown,) = json.loads(run("1", "--json"))
    assert (shown["trace"], shown["sender"], len(shown["steps"])) == (mail.trace, "a…@example.org", 5)


async def test_no_mail_is_one_sentence(file: Path) -> None:
    config = ["--config", str(file.with_name("config.toml"))]
    result = CliRunner().invoke(app, ["trace", "nobody@example.org", *config])
    assert (result.exit_code, result.output) == (1, "The ledger knows no mail by nobody@example.org.\n")
