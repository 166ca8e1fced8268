"""Check the SMTP server for `mailbot doctor`: up to MAIL FROM, without sending a mail."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from mailbot.config import Mail
from mailbot.doctor.check_runner import CheckFailed, CheckResult, CheckRunner, CheckWarning
from mailbot.doctor.mail_servers import TIMEOUT, MailServer
from mailbot.transport import smtp
from mailbot.transport.credentials import Password, to_send

TABLE = "mail.smtp"
#: Bytes on the wire for each byte of a picture: base64 with its line ends, and some room for the text.
WIRE_FACTOR = 1.4


async def examine(mail: Mail, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results."""
    area = CheckRunner("answers")
    subject = _Server(mail, environment)
    async with subject.closing:
        await area.check("name", subject.name)
        await area.check("secret", subject.secret)
        await area.check("connection", subject.connect, ["name"])
        await area.check("login", subject.log_in, ["connection", "secret"])
        await area.check("sender", subject.sender, ["login"])
        await area.check("size", subject.size, ["connection"])
    return area.results


class _Server(MailServer):
    _open: SMTP  #: of `connect`; without it the checks that need it are skipped

    def __init__(self, mail: Mail, environment: Mapping[str, str]) -> None:
        self._smtp = mail.effective_smtp
        super().__init__(mail, self._smtp, TABLE, partial(to_send, mail, environment))

    async def secret(self) -> str:
        said = await super().secret()
        return said if self._smtp.username else "none is needed: there is no username"

    async def connect(self) -> str | CheckWarning:
        anonymous = self._smtp.model_copy(update={"username": ""})
        try:
            self._open = await smtp.connect(anonymous, Password(""), TIMEOUT)
        except (SMTPException, OSError) as error:
            if isinstance(error, SMTPException) and "STARTTLS" in str(error):
                words = f"{self.place} does not offer STARTTLS, so nothing is sent there"
                remedy = f'if it wants TLS from the start, set tls = "tls" in [{TABLE}]'
                raise CheckFailed(words, remedy) from error
            raise self.unreached(error) from error
        self.closing.callback(self._open.close)
        encrypted = self._open.get_transport_info("ssl_object")
        return self.encryption(encrypted.version() if encrypted else None)

    async def log_in(self) -> str:
        if not self._smtp.username:
            return "none is wanted: there is no username"
        try:
            await smtp.log_in(self._open, self._smtp.username, self.credentials)
        except (SMTPException, OSError) as error:
            raise self.refused(_said(error)) from error
        return f"as {self._smtp.username}"

    async def sender(self) -> str:
        try:
            await self._open.mail(self.mail.address)
            await self._open.rset()
        except SMTPException as error:
            words = f"{self.mail.address} may not send: {_said(error)}"
            remedy = "the address must be one of the account's own: mend [mail] address"
            raise CheckFailed(words, remedy) from error
        return f"{self.mail.address} may send"

    async def size(self) -> str | CheckWarning:
        limit = int(self._open.esmtp_extensions.get("size") or 0)
        needed = int(self.mail.effective_reply_bytes * WIRE_FACTOR)
        if limit and limit < needed:
            fitting = int(limit / WIRE_FACTOR / 100_000) * 100_000
            words = f"the server takes mails of {_mb(limit)}, and an answer may have {_mb(needed)}"
            return CheckWarning(words, f"set [mail] max_reply_bytes to {fitting:_}")
        return f"answers of up to {_mb(needed)} fit{'' if limit else ', as far as the server says'}"


def _said(error: Exception) -> str:
    """Return the server's words, where it is the server that refuses."""
    return f"{error.code} {error.message}" if isinstance(error, SMTPResponseException) else str(error)


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
