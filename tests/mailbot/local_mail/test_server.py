"""The server as a process of its own, with the whole bot before it."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from mailbot.config import MailbotConfigFile
from mailbot.local_mail.accounts import INBOX
from mailbot.local_mail.server import running
from styles.service.child_processes import python_command
from tests.fakes.mailbot.local_mail import BOT, JANE, local_mail
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.waiting import until


def listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


async def test_it_ends_at_a_signal_while_somebody_idles(tmp_path: Path) -> None:
    ports = {name: free_port() for name in ("smtp_port", "imap_port", "web_port")}
    config = tmp_path / "config.toml"
    config.write_text(
        '[logs]\nformat = "json"\n[mail.local]\n'
        + "".join(f"{name} = {port}\n" for name, port in ports.items())
    )
    with ExitStack() as stack:
        command = python_command("mailbot.local_mail", "--config", str(config))
        process = stack.enter_context(
            subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: ASYNC220 - starting takes no time
        )
        stack.callback(process.kill)  # else a failure here would wait for it for ever
        await until(lambda: all(map(listens, ports.values())))
        reader, writer = await asyncio.open_connection("127.0.0.1", ports["imap_port"])
        writer.write(b"a LOGIN jane@mail.example local\r\nb SELECT INBOX\r\nc IDLE\r\n")
        await reader.readuntil(b"+ ")
        process.terminate()
        _, said = await asyncio.to_thread(process.communicate, timeout=20)
        writer.close()
    assert process.returncode == 0, said
    assert f"SMTP at {ports['smtp_port']}, IMAP at {ports['imap_port']}" in said
    assert [json.loads(line)["process"] for line in said.splitlines()] == ["mail"]


async def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        config = tmp_path / "config.toml"
        config.write_text(f"[mail.local]\nsmtp_port = {free_port()}\nimap_port = {other.getsockname()[1]}\n")
        command = python_command("mailbot.local_mail", "--config", str(config))
        ended = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "address already in use" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_a_taken_port_leaves_no_other_one_open(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        ports = {"imap_port": free_port(), "smtp_port": other.getsockname()[1], "web_port": free_port()}
        config = MailbotConfigFile.model_validate({"mail": {"local": ports}})
        with pytest.raises(OSError, match="address already in use"):
            async with running(config):
                pass
    assert not listens(ports["imap_port"])


async def test_a_mail_larger_than_the_bot_reads_comes_in_whole() -> None:
    """The bot answers it politely: see the tests of the inbox."""
    async with local_mail() as server:
        large = mail(images=[]) + (b"y" * 70 + b"\r\n") * (40 * 2**20 // 72)
        assert len(large) > server.config.mail.max_message_bytes
        await server.hand_in(large, BOT, JANE)
        (found,) = await server.accounts.mails(JANE, INBOX)
        assert len(await server.accounts.open(JANE, INBOX, found.uid) or b"") >= len(large)
