"""`mailbot doctor` with everything in order, and with one thing after the other that is not."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mailbot import locks
from mailbot.cli import app
from mailbot.config import MailbotConfigFile
from mailbot.doctor import all_checks as doctor
from mailbot.doctor import imap, machine
from mailbot.doctor.check_runner import CheckResult, CheckState
from mailbot.locks import mailbox_lock
from mailbot.storage.ledger import Ledger
from mailbot.storage.spool import folder_of
from styles.sandbox import landlock
from styles.service.config import load
from tests.fakes.mailbot.servers import smtp as sink_module
from tests.fakes.mailbot.servers import tokens
from tests.fakes.mailbot.servers.dovecot import Dovecot, free_port, require_dovecot, running_dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.proxy import Proxy
from tests.fakes.runner.balancer import FakeBalancer

PASSWORDS = {"MAILBOT_IMAP_PASSWORD": "secret", "MAILBOT_SMTP_PASSWORD": "secret"}

Tables = dict[str, dict[str, Any]]


class Site:
    """A config file whose tables a test changes before it asks the doctor."""

    def __init__(self, folder: Path, tables: Tables) -> None:
        self.file = folder / "config.toml"
        self.tables = tables
        self.environment = dict(PASSWORDS)

    def write(self) -> Path:
        lines = []
        for name, table in self.tables.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
        self.file.write_text("\n".join(lines))
        return self.file

    async def examine(self) -> dict[str, CheckResult]:
        """The findings by area and name."""
        found = await doctor.examine(self.write(), self.environment)
        return {f"{each.area} {each.name}": each for each in found}

    async def failed(self, name: str, words: str, remedy: str = "", *, skipped: str = "") -> None:
        """It is `name` alone that is ill, and what is `skipped` needs it."""
        found = await self.examine()
        assert {key for key, each in found.items() if each.state is CheckState.FAILED} == {name}
        assert words in found[name].words
        assert remedy in found[name].remedy
        names = {key for key, each in found.items() if each.state is CheckState.SKIPPED}
        assert names == {f"{name.partition(' ')[0]} {word}" for word in skipped.split(",") if word}

    async def warn(self, name: str, words: str, remedy: str = "") -> None:
        found = await self.examine()
        assert found[name].state is CheckState.WARN
        assert words in found[name].words
        assert remedy in found[name].remedy
        assert doctor.is_well(list(found.values()))


@pytest.fixture
def site(
    tmp_path: Path,
    dovecot: Dovecot,
    user: str,
    sink: Sink,
    balancer: FakeBalancer,
    monkeypatch: pytest.MonkeyPatch,
) -> Site:
    monkeypatch.setattr(locks, "TEMPORARY", tmp_path)
    imap = {"host": dovecot.host, "port": dovecot.port, "tls": "none", "username": user}
    smtp = {"host": sink.host, "port": sink.port, "tls": "none", "username": "bot"}
    service = {"host": "127.0.0.1", "port": balancer.port}
    tables: Tables = {
        "mail": {"ledger": "var/ledger.db"},
        "mail.imap": imap,
        "mail.smtp": smtp,
        "registry": service,
        "balancer": service,
        "styles": {"default": "mosaic"},
    }
    return Site(tmp_path, tables)


LOGIN_NEEDED = "folder,processed,quarantine,MOVE,IDLE,UIDPLUS"


async def test_everything_in_order(site: Site) -> None:
    found = await site.examine()
    assert {each.state for each in found.values()} == {CheckState.WELL}
    assert found["mailbox processed"].words == "“Processed” was missing, and could be made"
    assert (await site.examine())["mailbox processed"].words == "“Processed” exists"


async def test_a_config_that_makes_no_sense(site: Site) -> None:
    site.tables["mail"]["adress"] = "typing@mistake.example"
    await site.failed("config file", "no key called adress in [mail]; did you mean address?")


# The mailbox


async def test_a_missing_password(site: Site) -> None:
    del site.environment["MAILBOT_IMAP_PASSWORD"]
    words = "MAILBOT_IMAP_PASSWORD is not set"
    await site.failed("mailbox secret", words, "environment", skipped=f"login,{LOGIN_NEEDED}")


async def test_a_token_command_that_fails(site: Site) -> None:
    site.tables["mail.imap"]["token_command"] = f"{sys.executable} -c 'exit(2)'"
    site.tables["mail.smtp"]["auth"] = "password"
    await site.failed("mailbox secret", "code 2", "token_command", skipped=f"login,{LOGIN_NEEDED}")


async def test_a_token_that_is_void(site: Site) -> None:
    file = site.file.with_name("token")
    file.write_text(tokens.token("somebody-else"))
    site.tables["mail.imap"]["token_file"] = str(file)
    site.tables["mail.smtp"]["auth"] = "password"
    await site.failed("mailbox login", "refuses the token", skipped=LOGIN_NEEDED)


async def test_a_token_that_is_good(site: Site, user: str) -> None:
    file = site.file.with_name("token")
    file.write_text(tokens.token(user))
    site.tables["mail.imap"]["token_file"] = str(file)
    site.tables["mail.smtp"]["username"] = user
    site.environment.clear()
    found = await site.examine()
    assert {each.state for each in found.values()} == {CheckState.WELL}


async def test_a_name_that_does_not_resolve(site: Site) -> None:
    site.tables["mail.imap"]["host"] = "imap..example"  # no label of a name is empty: nobody is asked
    words = "imap..example does not resolve"
    await site.failed("mailbox name", words, "[mail.imap] host", skipped=f"connection,login,{LOGIN_NEEDED}")


async def test_a_port_where_nobody_listens(site: Site) -> None:
    site.tables["mail.imap"]["port"] = port = free_port()
    words = f"nobody listens at 127.0.0.1:{port}"
    await site.failed("mailbox connection", words, "[mail.imap]", skipped=f"login,{LOGIN_NEEDED}")


async def test_a_server_that_says_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "TIMEOUT", 0.5)
    async with Proxy("127.0.0.1", site.tables["mail.imap"]["port"]) as silent:
        silent.silent = True
        site.tables["mail.imap"]["port"] = silent.port
        await site.failed("mailbox connection", "does not answer", skipped=f"login,{LOGIN_NEEDED}")


async def test_a_certificate_that_nobody_vouches_for(
    site: Site, dovecot: Dovecot, certificate: tuple[Path, Path]
) -> None:
    site.tables["mail.imap"] |= {"port": dovecot.tls_port, "tls": "tls"}
    words, remedy = "from nobody who is trusted", "[mail.imap] ca_file"
    await site.failed("mailbox connection", words, remedy, skipped=f"login,{LOGIN_NEEDED}")
    site.tables["mail.imap"]["ca_file"] = str(certificate[0])
    assert "speaks TLS 1.3" in (await site.examine())["mailbox connection"].words


async def test_a_wrong_password(site: Site) -> None:
    site.environment["MAILBOT_IMAP_PASSWORD"] = "wrong-and-not-shown"
    await site.failed("mailbox login", "is refused", "username or secret", skipped=LOGIN_NEEDED)
    assert "not-shown" not in str(await site.examine())


async def test_a_wrong_password_at_a_provider(site: Site) -> None:
    site.tables["mail"]["provider"] = "gmail"
    site.environment["MAILBOT_IMAP_PASSWORD"] = "wrong"
    await site.failed("mailbox login", "is refused", "app password", skipped=LOGIN_NEEDED)


async def test_a_folder_that_cannot_be_made(site: Site) -> None:
    site.tables["mail.imap"]["processed"] = "a//b"
    await site.failed("mailbox processed", "“a//b” cannot be used", "[mail.imap] processed")


@pytest.fixture
def plain_dovecot() -> Iterator[Dovecot]:
    """A server of 1996."""
    require_dovecot()
    with running_dovecot(settings="imap_capability = IMAP4rev1") as server:
        server.add_user("bot")
        yield server


async def test_what_an_old_server_cannot_do(site: Site, plain_dovecot: Dovecot) -> None:
    site.tables["mail.imap"] |= {"port": plain_dovecot.port, "username": "bot"}
    await site.warn("mailbox MOVE", "mail is copied")
    await site.warn("mailbox IDLE", "every 10 s")
    await site.warn("mailbox UIDPLUS", "only marked")


# The answers


async def test_answers_without_a_password(site: Site) -> None:
    del site.environment["MAILBOT_SMTP_PASSWORD"]
    await site.failed("answers secret", "MAILBOT_SMTP_PASSWORD is not set", skipped="login,sender")


async def test_answers_to_a_port_where_nobody_listens(site: Site) -> None:
    site.tables["mail.smtp"]["port"] = free_port()
    await site.failed("answers connection", "nobody listens", "[mail.smtp]", skipped="login,sender,size")


async def test_answers_that_would_go_unencrypted(site: Site) -> None:
    site.tables["mail.smtp"]["tls"] = "starttls"
    words = "does not offer STARTTLS, so nothing is sent"
    await site.failed("answers connection", words, 'tls = "tls"', skipped="login,sender,size")


async def test_answers_with_a_wrong_password(site: Site) -> None:
    site.environment["MAILBOT_SMTP_PASSWORD"] = "wrong-and-not-shown"
    await site.failed("answers login", "bot is refused", skipped="sender")
    assert "not-shown" not in str(await site.examine())


async def test_answers_without_a_login(site: Site) -> None:
    site.tables["mail.smtp"]["username"] = ""
    del site.environment["MAILBOT_SMTP_PASSWORD"]
    found = await site.examine()
    assert {each.state for each in found.values()} == {CheckState.WELL}


async def test_an_address_that_may_not_send(site: Site, sink: Sink) -> None:
    sink.faults.append("mail 553 not yours")
    await site.failed("answers sender", "bot@painter.example may not send", "[mail] address")


async def test_answers_that_are_too_large(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink_module, "SIZE_LIMIT", 10_000_000)
    await site.warn("answers size", "takes mails of 10 MB", "max_reply_bytes to 7_100_000")
    site.tables["mail"]["max_reply_bytes"] = 7_100_000
    assert (await site.examine())["answers size"].state is CheckState.WELL


async def test_nothing_is_sent(site: Site, sink: Sink) -> None:
    await site.examine()
    assert sink.logins
    assert not sink.received


# The painting


async def test_a_registry_that_is_away(site: Site) -> None:
    site.tables["registry"] = {"host": "127.0.0.1", "port": free_port()}
    await site.failed("painting registry", "no answer", "registry serve", skipped="default style")


async def test_a_registry_without_styles(site: Site, balancer: FakeBalancer) -> None:
    balancer.styles = ()
    await site.failed("painting registry", "has no styles", "registry push", skipped="default style")


async def test_a_default_style_that_is_not_there(site: Site) -> None:
    site.tables["styles"]["default"] = "kandinsky"
    await site.failed("painting default style", "no style “kandinsky”", "one of mosaic, starry-night")


async def test_a_balancer_that_is_away(site: Site) -> None:
    site.tables["balancer"] = {"host": "127.0.0.1", "port": free_port()}
    await site.failed("painting balancer", "no answer", "runner serve", skipped="runners")


async def test_one_balancer_of_two_is_away(site: Site, balancer: FakeBalancer) -> None:
    gone = f"http://127.0.0.1:{free_port()}"
    site.tables["balancer"] = {"urls": [balancer.url, gone]}
    await site.failed("painting balancer 2", f"no answer at {gone}", "runner serve", skipped="runners 2")
    found = await site.examine()
    assert balancer.url in found["painting balancer 1"].words
    assert found["painting runners 1"].state is CheckState.WELL


async def test_a_balancer_that_is_about_to_stop(site: Site, balancer: FakeBalancer) -> None:
    balancer.draining = True
    await site.warn("painting balancer", "about to stop")


@pytest.mark.parametrize("states", [[], ["down"], ["starting", "down"]])
async def test_no_runner_is_ready(site: Site, balancer: FakeBalancer, states: list[str]) -> None:
    balancer.runner_states = states
    await site.failed("painting runners", "none is ready", "balancer's log")


async def test_one_runner_of_two_is_down(site: Site, balancer: FakeBalancer) -> None:
    balancer.runner_states = ["ready", "down"]
    await site.warn("painting runners", "cpu-1 on cpu is down")


# This machine


async def test_a_ledger_whose_folder_is_none(site: Site) -> None:
    site.file.with_name("file").touch()
    site.tables["mail"]["ledger"] = "file/ledger.db"
    skipped = "ledger's lock,mailbox's lock,spool,gateways,disk"
    await site.failed("here ledger", "cannot be written", "[mail] ledger", skipped=skipped)


async def test_a_ledger_that_is_none(site: Site) -> None:
    (site.file.parent / "var").mkdir()
    (site.file.parent / "var" / "ledger.db").write_text("a letter, not a database" * 100)
    skipped = "ledger's lock,mailbox's lock,spool,gateways,disk"
    await site.failed("here ledger", "not a database", skipped=skipped)


async def test_a_bot_at_work_is_no_trouble(site: Site) -> None:
    mail = load(site.write(), MailbotConfigFile).mail
    async with Ledger(mail.ledger), mailbox_lock(mail, asyncio.Event()):
        found = await site.examine()
    assert {each.state for each in found.values()} == {CheckState.WELL}
    assert "a bot is at work" in found["here mailbox's lock"].words
    assert "process" in found["here ledger's lock"].words


async def test_a_lock_that_cannot_be_taken(site: Site) -> None:
    (site.file.parent / f"mailbot-{os.getuid()}").mkdir(mode=0o777)
    (site.file.parent / f"mailbot-{os.getuid()}").chmod(0o777)
    found = await site.examine()
    assert "yours alone" in found["here mailbox's lock"].words
    assert not doctor.is_well(list(found.values()))


async def test_a_system_without_landlock(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi_version", lambda: 0)
    await site.warn("here sandbox", "this system has no landlock: files", "only people who are trusted")


async def test_a_spool_that_others_can_enter(site: Site) -> None:
    folder = folder_of(site.file.parent / "var" / "ledger.db")
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    await site.warn("here spool", "others on this machine can enter", "chmod 700")


@pytest.mark.parametrize(
    ("limit", "ask"),
    [("LOW_FREE", Site.warn), ("LEAST_FREE", Site.failed)],
)
async def test_a_disk_that_is_nearly_full(
    site: Site, limit: str, ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, limit, 10**18)
    await ask(site, "here disk", "are free", "make room")


# What is shown


def run(file: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["doctor", "--config", str(file), *options], env=PASSWORDS)
    return result.exit_code, result.stdout


async def test_the_exit_code_and_the_json(site: Site) -> None:
    code, text = await asyncio.to_thread(run, site.write(), "--json")
    said = json.loads(text)
    assert (code, said["well"]) == (0, True)
    assert {each["state"] for each in said["checks"]} == {"well"}
    assert {each["area"] for each in said["checks"]} == {"config", "mailbox", "answers", "painting", "here"}
    site.tables["balancer"] = {"host": "127.0.0.1", "port": free_port()}
    code, text = await asyncio.to_thread(run, site.write())
    assert code == 1
    assert "1 thing is to be mended." in text


async def test_a_file_that_leaves_the_spool_meanwhile_is_not_counted(site: Site) -> None:
    spool = folder_of(site.file.parent / "var" / "ledger.db")
    spool.mkdir(parents=True)
    spool.chmod(0o700)
    (spool / "gone.eml").symlink_to("nowhere")  # listed, and not there
    assert (await site.examine())["here spool"].words.startswith("0 mails")
