"""A real IMAP server: Dovecot 2.4 on a free port of this machine, its mail in a folder of the test's."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from mailbot.transport.credentials import Password
from tests.fakes.mailbot.servers import tokens

CONFIG = """\
dovecot_config_version = 2.4.1
dovecot_storage_version = 2.4.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
listen = 127.0.0.1
protocols = imap
ssl = {ssl}
{certificate}
auth_allow_cleartext = yes
first_valid_uid = 8
mail_driver = maildir
mail_uid = mail
mail_gid = mail
mail_home = {root}/mail/%{{user}}
mail_path = ~/Maildir
mail_max_userip_connections = 100
passdb static {{
  password = secret
}}
userdb static {{
}}
namespace inbox {{
  inbox = yes
  {namespace}
}}
auth_failure_delay = 0
{settings}
auth_mechanisms = plain login xoauth2
oauth2 {{
  introspection_mode = local
  username_attribute = sub
  username_validation_format = %{{user}}
  oauth2_local_validation {{
    dict fs {{
      fs posix {{
        prefix = {root}/keys/
      }}
    }}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
"""


def free_port() -> int:
    """A random one, below those that the system hands out: no other test is given it before it is used."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_768)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def require_dovecot() -> None:
    """Skip the test where there is none; on CI there must be one."""
    reason = "" if shutil.which("dovecot") else "dovecot is not installed"
    reason = reason or ("" if os.geteuid() == 0 else "dovecot needs root here")
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


@contextmanager
def running_dovecot(
    certificate: tuple[Path, Path] | None = None, namespace: str = "separator = /", settings: str = ""
) -> Iterator[Dovecot]:
    """A server, and its mail deleted afterwards."""
    # Not below pytest's folder: another pytest that starts meanwhile closes that to Dovecot's processes.
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    server = Dovecot(root, certificate, namespace, settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(root)


class Dovecot:
    """Every user has the password `secret`, and a token by `tokens.token`.

    `namespace` are the settings of the namespace with the inbox, `settings` are others.
    """

    password = "secret"
    credentials = Password(password)
    host = "127.0.0.1"

    def __init__(
        self,
        root: Path,
        certificate: tuple[Path, Path] | None = None,
        namespace: str = "separator = /",
        settings: str = "",
    ) -> None:
        self.root = root
        self.port = free_port()
        self.tls_port = free_port() if certificate else 0
        self._certificate = certificate
        self._namespace = namespace
        self._settings = settings
        self._delivered = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for name in ("run", "state", "mail"):
            (self.root / name).mkdir(parents=True)
        tokens.keep_key(self.root / "keys")
        self.root.chmod(0o755)
        self._own(self.root / "mail")
        files = self._certificate
        text = CONFIG.format(
            root=self.root,
            port=self.port,
            tls_port=self.tls_port,
            namespace=self._namespace,
            settings=self._settings,
            ssl="yes" if files else "no",
            certificate=f"ssl_server_cert_file = {files[0]}\nssl_server_key_file = {files[1]}"
            if files
            else "",
        )
        (self.root / "dovecot.conf").write_text(text)
        self.launch()

    def launch(self) -> None:
        """Once more, after `stop`."""
        self._process = subprocess.Popen(["dovecot", "-F", "-c", str(self.root / "dovecot.conf")])
        self._wait_until_it_listens()

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(10)

    def add_user(self, user: str) -> str:
        for name in ("", "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
            (self.root / "mail" / user / name).mkdir()
            self._own(self.root / "mail" / user / name)
        return user

    def maildir(self, user: str, folder: str = "") -> Path:
        return self.root / "mail" / user / "Maildir" / (f".{folder}" if folder else "")

    def deliver(self, user: str, mail: bytes, folder: str = "") -> None:
        """As a delivery agent does: written to tmp, then moved to new."""
        self._delivered += 1
        name = f"{time.time():.0f}.M{self._delivered:06}.test"
        part = self.maildir(user, folder) / "tmp" / name
        part.write_bytes(mail)
        self._own(part)
        part.replace(self.maildir(user, folder) / "new" / name)

    def renumber(self, user: str) -> None:
        """Another UIDVALIDITY and other UIDs, as of a mailbox that was restored from a backup."""
        uids = self.maildir(user) / "dovecot-uidlist"
        head, *mails = uids.read_text().splitlines(keepends=True)
        validity = int(head.split()[1].removeprefix("V")) + 1
        rows = [f"{100 + at}{line[line.index(' ') :]}" for at, line in enumerate(mails)]
        part = uids.with_name("renumbered")
        part.write_text("".join([f"3 V{validity} N{100 + len(rows)}\n", *rows]))
        self._own(part)
        part.replace(uids)

    def mails(self, user: str, folder: str = "") -> list[bytes]:
        paths = [p for sub in ("new", "cur") for p in (self.maildir(user, folder) / sub).glob("*")]
        return [path.read_bytes() for path in sorted(paths, key=lambda path: path.name)]

    def count(self, user: str, folder: str = "") -> int:
        return sum(1 for sub in ("new", "cur") for _ in (self.maildir(user, folder) / sub).iterdir())

    def _own(self, path: Path) -> None:
        mail = pwd.getpwnam("mail")
        os.chown(path, mail.pw_uid, mail.pw_gid)

    def _wait_until_it_listens(self) -> None:
        deadline = time.monotonic() + 60
        while not self._listens():
            if time.monotonic() > deadline:
                raise TimeoutError((self.root / "dovecot.log").read_text())
            time.sleep(0.02)

    def _listens(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex((self.host, self.port)) == 0
