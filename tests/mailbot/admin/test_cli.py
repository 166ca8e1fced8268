"""The commands that look after the ledger, beside a bot and without one."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mailbot.admin.heartbeat import Heartbeat
from mailbot.cli import app
from mailbot.storage.ledger import Ledger
from mailbot.storage.ledger_rows import Message, RawMessage, Reply, ReplyPart
from mailbot.storage.outside_access import changing
from mailbot.storage.spool import folder_of
from tests.fakes.mailbot.bot import Folder, answering, asking, pictures_of, until_census
from tests.fakes.mailbot.ledger import numbered
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

ANN = "ann@example.org"
HOSTILE = b"From: \x1b[2Jann@example.org\r\nSubject: hi\r\n\r\nnothing to read\r\n"


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(
        '[mail]\nledger = "ledger.db"\n[registry]\nport = 1\n[balancer]\nport = 1\n'
    )
    return tmp_path / "ledger.db"


def run(ledger_file: Path, *words: str, width: int = 200) -> Result:
    command = [*words, "--config", str(ledger_file.parent / "config.toml")]
    return CliRunner().invoke(app, command, env={"COLUMNS": str(width)})


def fill(
    file: Path, *steps: Callable[[Ledger, Message], Awaitable[object]], body: bytes | None = None
) -> None:
    """A ledger in which one mail each has come to the end of a step."""

    async def filling() -> None:
        async with Ledger(file) as ledger:
            for number, step in enumerate(steps, start=1):
                content = body or numbered(number)
                raw = RawMessage(
                    account="a", folder="INBOX", uidvalidity=1, uid=number, body=content, size=len(content)
                )
                assert await ledger.accept(raw)
                (message,) = await ledger.lease(1)
                await step(ledger, message)

    asyncio.run(filling())


async def poisoned(ledger: Ledger, message: Message) -> None:
    await ledger.quarantine(message, "I could not read your mail.\x1b[31m")


async def refused(ledger: Ledger, message: Message) -> None:
    await answered(ledger, message, sent=False)


async def answered(ledger: Ledger, message: Message, *, sent: bool = True) -> None:
    reply = Reply(kind="results", message_id=f"<r{message.id}@x>", recipient=ANN, content=b"painted")
    await ledger.finish(message, replace(reply, engine_seconds=0.25))
    row = await ledger.take()
    assert row
    if sent:
        await ledger.sent(row)
    else:
        await ledger.failed(row, f"550 5.1.1 <{ANN}>: no such user")


async def refused_in_parts(ledger: Ledger, message: Message) -> None:
    """Of three parts of an answer the first is sent, and two are refused."""
    further = tuple(
        ReplyPart(message_id=f"<r{message.id}.{part}@x>", content=b"painted too") for part in (2, 3)
    )
    reply = Reply(kind="results", message_id=f"<r{message.id}@x>", recipient=ANN, content=b"painted")
    await ledger.finish(message, replace(reply, further=further))
    for part in range(3):
        row = await ledger.take()
        assert row
        await (ledger.failed(row, "550 no such user") if part else ledger.sent(row))


async def put_off(ledger: Ledger, message: Message) -> None:
    await ledger.postpone(message, time.time() + 3000, "the painters are away")


def states(file: Path) -> list[tuple[str, str | None]]:
    query = "SELECT message.state, outbox.state FROM message LEFT JOIN outbox ON message.id = outbox.message"
    with sqlite3.connect(file) as db:
        found = db.execute(query + " ORDER BY message.id").fetchall()
    db.close()
    return found


def test_before_the_first_bot_there_is_nothing_to_see(ledger_file: Path) -> None:
    for command in (["status"], ["retry", "1"], ["quarantine", "list"]):
        result = run(ledger_file, *command)
        assert result.exit_code == 1
        assert "There is no ledger" in result.output
    assert not ledger_file.exists()


def test_a_ledger_of_before_is_left_to_the_bot(ledger_file: Path) -> None:
    sqlite3.connect(ledger_file).execute("CREATE TABLE migration (name TEXT)").connection.close()
    result = run(ledger_file, "status")
    assert result.exit_code == 1
    assert "start the bot once" in result.output


def test_status_shows_what_there_is_and_what_needs_a_person(ledger_file: Path) -> None:
    fill(ledger_file, poisoned, refused, answered, put_off)
    result = run(ledger_file, "status")
    assert result.exit_code == 1
    for words in (
        "1 waiting (1 put off)",
        "1 in quarantine",
        "1 sent, 1 refused",
        "the painters are away",
        "a…@example.org",
        "550 5.1.1 <a…@example.org>: no such user",
        "The bot is not running.",
        "registry away, balancer away",
        "mailbot quarantine list",
    ):
        assert words in result.output, result.output
    assert ANN not in result.output
    assert ANN in run(ledger_file, "status", "--addresses").output


def test_status_in_json_has_the_numbers_to_watch(ledger_file: Path) -> None:
    fill(ledger_file, poisoned, refused)
    result = run(ledger_file, "status", "--json")
    found = json.loads(result.output)
    assert result.exit_code == 1
    assert found["watch"]["quarantined"] == 1
    assert found["watch"]["oldest_answer_seconds"] is None
    assert found["ledger"]["refused"][0]["recipient"] == "a…@example.org"
    assert ANN not in result.output


async def test_all_is_well_beside_a_bot_at_work(
    tmp_path: Path, ledger_file: Path, balancer: FakeBalancer, sink: Sink
) -> None:
    port = balancer.url.rpartition(":")[2]
    (tmp_path / "config.toml").write_text(
        f'[mail]\nledger = "ledger.db"\n[registry]\nport = {port}\n[balancer]\nport = {port}\n'
    )
    async with Ledger(ledger_file) as ledger, answering(Folder(asking(1)), ledger, balancer, sink):
        heartbeat = asyncio.create_task(Heartbeat(ledger, time.monotonic, ()).run())
        await sink.wait_for(1)
        await until_census(ledger, "outbox.sent")
        result = await asyncio.to_thread(run, ledger_file, "status", "--json")
        found = json.loads(result.output)
        heartbeat.cancel()
        await asyncio.gather(heartbeat, return_exceptions=True)
    assert found["attention"] == []
    assert result.exit_code == 0
    assert found["ledger"]["latest"][0]["state"] == "sent"
    assert found["ledger"]["hour"] == {"answers": 1, "people": 1, "most": 1}


async def test_each_of_several_balancers_is_asked(
    tmp_path: Path, ledger_file: Path, balancer: FakeBalancer
) -> None:
    async with Ledger(ledger_file):
        pass
    gone = f"http://127.0.0.1:{free_port()}"
    config = tmp_path / "config.toml"
    config.write_text(
        f'[mail]\nledger = "ledger.db"\n[registry]\nport = {balancer.port}\n'
        f'[balancer]\nurls = ["{balancer.url}", "{gone}"]\n'
    )
    found = json.loads((await asyncio.to_thread(run, ledger_file, "status", "--json")).output)
    expected = {"registry": "ready", f"balancer {balancer.url}": "ready", f"balancer {gone}": "away"}
    assert found["services"] == expected
    assert f"The balancer {gone} is away." in found["attention"]


def test_a_refused_answer_is_sent_again(ledger_file: Path) -> None:
    fill(ledger_file, refused, answered)
    result = run(ledger_file, "retry", "1")
    assert (result.exit_code, result.output) == (0, "The answer to mail 1 is sent once more.\n")
    assert states(ledger_file) == [("done", "pending"), ("done", "sent")]
    again = run(ledger_file, "retry", "2")
    assert again.exit_code == 1
    assert "was answered" in again.output


def test_all_refused_parts_of_an_answer_are_sent_again(ledger_file: Path) -> None:
    fill(ledger_file, refused_in_parts)
    found = json.loads(run(ledger_file, "status", "--json").output)["ledger"]
    assert [(mail["state"], mail["seconds"]) for mail in found["latest"]] == [("failed", None)]
    assert [mail["id"] for mail in found["refused"]] == [1]
    assert run(ledger_file, "retry", "--failed").output == "The answer to mail 1 is sent once more.\n"
    assert states(ledger_file) == [("done", "sent"), ("done", "pending"), ("done", "pending")]


def test_an_answer_that_came_back_is_final(ledger_file: Path) -> None:
    fill(ledger_file, refused)
    with changing(ledger_file) as db:
        db.execute("UPDATE outbox SET bounce = 'failed 5.1.1', bounced_at = 1")
    result = run(ledger_file, "retry", "1")
    assert result.exit_code == 1
    assert "that is final" in result.output
    assert states(ledger_file) == [("done", "failed")]


def test_what_was_put_off_is_done_now(ledger_file: Path) -> None:
    fill(ledger_file, put_off)
    assert run(ledger_file, "retry", "1").exit_code == 0
    assert "put off" not in run(ledger_file, "status").output


def test_all_that_failed_can_be_retried_at_once(ledger_file: Path) -> None:
    fill(ledger_file, refused, poisoned, refused, poisoned)
    assert run(ledger_file, "retry", "--failed").output.count("sent once more") == 2
    assert run(ledger_file, "retry", "--all-quarantined").output.count("worked on once more") == 2
    assert states(ledger_file) == [("done", "pending"), ("accepted", None)] * 2
    assert "nothing to retry" in run(ledger_file, "retry", "--failed").output


@pytest.mark.parametrize("words", [[], ["1", "--failed"], ["--failed", "--all-quarantined"]])
def test_one_thing_is_retried_at_a_time(ledger_file: Path, words: list[str]) -> None:
    assert run(ledger_file, "retry", *words).exit_code == 2


def test_what_is_not_there_is_said(ledger_file: Path) -> None:
    fill(ledger_file, answered)
    for command in (["retry", "7"], ["quarantine", "show", "1"], ["quarantine", "release", "1"]):
        assert run(ledger_file, *command).exit_code == 1
    assert "not in quarantine" in run(ledger_file, "quarantine", "delete", "1").output


def test_a_quarantined_mail_is_listed_shown_and_saved(ledger_file: Path, tmp_path: Path) -> None:
    fill(ledger_file, poisoned, body=HOSTILE)
    listed = run(ledger_file, "quarantine", "list").output
    shown = run(ledger_file, "quarantine", "show", "1").output
    assert "I could not read your mail.\\x1b[31m" in listed
    assert "From: \\x1b[2Jann@example.org" in shown
    assert "\x1b" not in listed + shown
    saved = tmp_path / "saved.eml"
    assert run(ledger_file, "quarantine", "show", "1", "--raw", str(saved)).exit_code == 0
    assert saved.read_bytes() == HOSTILE


def test_a_quarantined_mail_is_released_or_deleted(ledger_file: Path) -> None:
    fill(ledger_file, poisoned, poisoned)
    assert run(ledger_file, "quarantine", "release", "1").exit_code == 0
    assert run(ledger_file, "quarantine", "delete", "2").exit_code == 0
    assert states(ledger_file) == [("accepted", None), ("quarantined", None)]
    assert len(list(folder_of(ledger_file).iterdir())) == 1
    assert "empty" in run(ledger_file, "quarantine", "list").output
    gone = run(ledger_file, "retry", "2")
    assert "nothing of it is left" in gone.output


@pytest.mark.parametrize("words", [("retry",), ("quarantine", "release")])
async def test_what_is_released_days_later_is_waited_for_as_long_as_any(
    ledger_file: Path,
    balancer: FakeBalancer,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.setattr("mailbot.bot.FIRST_DELAY", 0.02)
    raw = asking(1)
    async with Ledger(ledger_file, lambda: time.time() - 3 * 86_400) as ledger:
        assert await ledger.accept(
            RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=1, body=raw, size=len(raw))
        )
        (message,) = await ledger.lease(1)
        await ledger.quarantine(message, "poison")
    assert (await asyncio.to_thread(run, ledger_file, *words, "1")).exit_code == 0
    balancer.faults.append((502, "The painter stopped.", "RunnerDied"))
    async with Ledger(ledger_file) as ledger, answering(Folder(), ledger, balancer, sink, retry_hours=1):
        (answer,) = await sink.wait_for(1)
    assert pictures_of(answer)


async def test_a_bot_at_work_takes_up_what_is_released(
    ledger_file: Path, balancer: FakeBalancer, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailbot.admin.heartbeat.LOOK_SECONDS", 0.02)
    async with Ledger(ledger_file) as ledger:
        raw = asking(1)
        assert await ledger.accept(
            RawMessage(account="a", folder="INBOX", uidvalidity=1, uid=1, body=raw, size=len(raw))
        )
        (message,) = await ledger.lease(1)
        await ledger.quarantine(message, "poison")
        await ledger.set_aside(message)
        async with answering(Folder(), ledger, balancer, sink) as bot:
            heartbeat = asyncio.create_task(Heartbeat(ledger, lambda: 0.0, (bot.wake,)).run())
            released = await asyncio.to_thread(run, ledger_file, "quarantine", "release", "1")
            assert released.exit_code == 0
            await sink.wait_for(1)
            await until_census(ledger, "outbox.sent")
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)
