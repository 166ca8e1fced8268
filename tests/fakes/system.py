"""The whole system as `mailbot up` runs it, in processes of its own, for the end-to-end tests."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from email import message_from_bytes
from pathlib import Path
from urllib.request import urlopen

import aiosmtplib

from mailbot.config import MailbotConfigFile
from mailbot.send_test_photo import ReceivedReply, answers
from styles.service.child_processes import python_command
from styles.service.config import load
from tests.fakes.decoys import decoys
from tests.fakes.mailbot.servers.dovecot import free_port

#: How long the whole system may take to start or stop on a busy machine, seconds.
START_SECONDS = 120.0


class System:
    """One `mailbot up` in a folder: its config, its processes by name, and its end."""

    def __init__(self, folder: Path, mail: str = "", *, host: str = "127.0.0.1", runner: str = "") -> None:
        """`mail` is TOML that comes before the [mail.local] table, to name a real mailbox.

        `host` is where the registry listens, `runner` TOML of the [runner] table.
        """
        self.folder = folder
        self.config = folder / "config.toml"
        self.log = folder / "up.log"
        self.ports = {n: free_port() for n in ("smtp", "imap", "web", "registry", "balancer")}
        self.process: subprocess.Popen[bytes] | None = None
        #: It must not matter what lies in the current folder.
        self._current = decoys(folder / "current")
        self.config.write_text(
            f'[mail]\naddress = "bot@painter.example"\nledger = "var/ledger.db"\n{mail}\n'
            f"[mail.local]\nsmtp_port = {self.ports['smtp']}\nimap_port = {self.ports['imap']}\n"
            f"web_port = {self.ports['web']}\n"
            f'[registry]\nport = {self.ports["registry"]}\nhost = "{host}"\ndata = "var/registry"\n'
            f'[balancer]\nport = {self.ports["balancer"]}\nhost = "127.0.0.1"\n'
            f'[runner]\ndevice = "cpu"\n{runner}'
        )

    async def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Starts it and waits until it says that it is ready."""
        with self.log.open("ab") as log:
            before = log.tell()
            self.process = subprocess.Popen(  # noqa: ASYNC220 - starting takes no time
                python_command("mailbot", "up", "--config", str(self.config)),
                cwd=self._current,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )
        async with asyncio.timeout(START_SECONDS):
            while "watching" not in self.log.read_text()[before:]:
                assert self.process.poll() is None, self.log.read_text()
                await asyncio.sleep(0.05)

    def pid(self, name: str) -> int:
        """The process of "registry", "balancer", "bot", "runner" or "up"; 0 while there is none."""
        assert self.process is not None
        if name == "up":
            return self.process.pid
        if name == "runner":
            return next((int(r["pid"] or 0) for r in self.status()["runners"]), 0)
        module = {"registry": "registry", "balancer": "runner", "bot": "mailbot"}[name]
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for child in children.split():
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
            if words[1:5] == ["-P", "-m", module, "serve"]:
                return int(child)
        return 0

    def status(self) -> dict[str, list[dict[str, str]]]:
        """The balancer's own account of itself."""
        with urlopen(f"http://127.0.0.1:{self.ports['balancer']}/v1/status", timeout=30) as answer:
            status: dict[str, list[dict[str, str]]] = json.load(answer)
        return status

    async def back(self, name: str, before: int) -> None:
        """Waits until a process that was `before` is another one."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    if self.pid(name) not in (0, before):
                        return
                except OSError:
                    pass  # the balancer is only just starting
                await asyncio.sleep(0.05)

    def signal(self, pid: int, name: str) -> None:
        """Sends a signal by name."""
        os.kill(pid, signal.Signals[name])

    def kill(self, name: str) -> int:
        """SIGKILL to one process; gives its pid."""
        pid = self.pid(name)
        assert pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def stop(self) -> int:
        """Ctrl-C, and its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(START_SECONDS)


async def ask(system: System, raw: bytes, message_id: str) -> ReceivedReply:
    """Sends a mail by plain SMTP to the embedded server and waits for the answer in the sender's inbox."""
    await aiosmtplib.send(
        raw,
        sender="jane@mail.example",
        recipients=[str(message_from_bytes(raw)["To"])],
        hostname="127.0.0.1",
        port=system.ports["smtp"],
        start_tls=False,
    )
    settings = load(system.config, MailbotConfigFile).mail
    answer = await asyncio.to_thread(next, answers(settings, "jane@mail.example", message_id, 180), None)
    assert answer is not None, system.log.read_text()
    return answer
