"""Check the mailbox for `mailbot doctor`: one connection, on which each check goes a step further."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mailbot.config import Mail
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from mailbot.doctor.mail_servers import TIMEOUT, MailServer
from mailbot.transport.credentials import to_read
from mailbot.transport.imap import NO_IDLE_SECONDS, Connection
from mailbot.transport.imap_calls import CommandRefused, ImapError

TABLE = "mail.imap"

#: Server extensions that the bot uses: what they give, and what it does without them.
EXTENSIONS = {
    "MOVE": ("mail is filed in one step", "mail is copied, and the original deleted"),
    "IDLE": (
        "the server tells of new mail at once",
        f"the folder is looked at every {NO_IDLE_SECONDS:.0f} s",
    ),
    "UIDPLUS": (
        "what is deleted is gone at once",
        "what is deleted is only marked so, until another program expunges it",
    ),
}


async def examine(mail: Mail, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results."""
    area = CheckRunner("mailbox")
    subject = _Mailbox(mail, environment)
    async with subject.closing:
        await area.check("name", subject.name)
        await area.check("secret", subject.secret)
        await area.check("connection", subject.connect, ["name"])
        await area.check("login", subject.log_in, ["connection", "secret"])
        for key in ("folder", "processed", "quarantine"):
            await area.check(key, partial(subject.folder, key), ["login"])
        for extension in EXTENSIONS:
            await area.check(extension, partial(subject.extension, extension), ["login"])
    return area.results


class _Mailbox(MailServer):
    _open: Connection  #: of `connect`; without it the checks that need it are skipped

    def __init__(self, mail: Mail, environment: Mapping[str, str]) -> None:
        self._imap = mail.effective_imap
        super().__init__(mail, self._imap, TABLE, partial(to_read, mail, environment))

    async def connect(self) -> str | CheckWarning:
        try:
            self._open = Connection(self._imap, self.credentials, TIMEOUT)
            self.closing.push_async_callback(self._open.drop)
            await self._open.greet()
        except OSError as error:
            raise self.unreached(error) from error
        return self.encryption(self._open.tls_version)

    async def log_in(self) -> str:
        try:
            await self._open.log_in()
        except ImapError as error:
            raise self.refused(error) from error
        gmail = ", where folders are labels" if self._open.has_labels else ""
        return f"as {self._imap.username}{gmail}"

    async def folder(self, key: str) -> str:
        word = getattr(self._imap, key)
        try:
            await self._open.folders.look()
            found = await self._open.folders.find(word)
            path = found or await self._open.folders.ensure(word)
            if key == "folder":
                await self._open.select(path)
        except CommandRefused as error:
            remedy = f"name another in [{TABLE}] {key}, or make it yourself"
            raise CheckFailed(f"“{word}” cannot be used: {error}", remedy) from error
        said = f"“{word}”" if path == word else f"“{word}” is “{path}” there,"
        return f"{said} {'exists' if found else 'was missing, and could be made'}"

    async def extension(self, name: str) -> str | CheckWarning:
        gain, instead = EXTENSIONS[name]
        return gain if name in self._open.capabilities else CheckWarning(f"not offered: {instead}")
