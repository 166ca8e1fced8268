"""A real Postfix with a folder of its own, which takes mail by SMTP and hands it over by LMTP."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.mailbot.servers.dovecot import free_port

MASTER = Path("/usr/lib/postfix/sbin/master")
#: As in docs/channels.md: all mail to the bot's addresses, and nothing else, goes to the bot.
MAIN = """\
compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.painter.example
mydestination =
mynetworks = 127.0.0.0/8
relay_domains = painter.example
transport_maps = inline:{{ {{ painter.example = lmtp:{place} }} }}
local_recipient_maps =
alias_maps =
smtputf8_enable = no
message_size_limit = 36700160
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
transport_retry_time = 1s
"""
SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Its port, and its log for when something is wrong."""

    def __init__(self, root: Path, port: int) -> None:
        self.root, self.port = root, port

    def send(self, mail: bytes, sender: str = "ann@example.org", to: str = "bot@painter.example") -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as client:
            client.sendmail(sender, [to], mail)

    @property
    def log(self) -> str:
        return (self.root / "postfix.log").read_text()

    def queued(self) -> int:
        """Mails that are still in its queue."""
        folders = ("incoming", "active", "deferred", "maildrop")
        return sum(
            1 for name in folders for path in (self.root / "spool" / name).rglob("*") if path.is_file()
        )


@contextmanager
def running_postfix(place: str) -> Iterator[Postfix]:
    """Postfix that hands mail over at `place`, such as `unix:/…`. Skips the test where it cannot run."""
    if not MASTER.exists():
        pytest.skip("Postfix is not installed: apt-get install --no-install-recommends postfix")
    if os.getuid():
        pytest.skip("Postfix' master starts as root alone")
    with tempfile.TemporaryDirectory(prefix="postfix") as folder:
        root, port = Path(folder), free_port()
        root.chmod(0o755)
        for name in ("conf", "data", "spool", "spool/pid"):
            (root / name).mkdir(mode=0o755)
        for name in (
            "incoming",
            "active",
            "deferred",
            "bounce",
            "defer",
            "trace",
            "hold",
            "corrupt",
            "flush",
        ):
            (root / "spool" / name).mkdir(mode=0o700)
            shutil.chown(root / "spool" / name, "postfix")
        for name, mode in (("private", 0o700), ("public", 0o710), ("maildrop", 0o730), ("saved", 0o700)):
            (root / "spool" / name).mkdir(mode=mode)
            (root / "spool" / name).chmod(mode)
            shutil.chown(root / "spool" / name, "postfix", "postdrop")
        shutil.chown(root / "data", "postfix")
        (root / "conf" / "main.cf").write_text(MAIN.format(root=root, place=place))
        (root / "conf" / "master.cf").write_text(SERVICES.format(port=port))
        process = subprocess.Popen([MASTER, "-c", root / "conf", "-d"], start_new_session=True)
        postfix = Postfix(root, port)
        try:
            _until_it_listens(postfix, process)
            yield postfix
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _until_it_listens(postfix: Postfix, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with smtplib.SMTP("127.0.0.1", postfix.port, timeout=5):
                return
        except OSError:
            assert process.poll() is None, f"Postfix ended: {postfix.log}"
            assert time.monotonic() < deadline, f"Postfix does not listen: {postfix.log}"
            time.sleep(0.05)
