"""The SMTP server, as `mailbot doctor` looks at it: up to MAIL FROM, and no mail is sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from mailbot.config import Mail
from mailbot.doctor.check import CheckFailed, CheckResult, CheckRunner, Warn
from mailbot.doctor.net import PATIENCE, ask_secret, encryption, resolve, unreached
from mailbot.providers import PROVIDERS
from mailbot.transport import smtp
from mailbot.transport.credentials import Credentials, Password, to_send

TABLE = "mail.smtp"
#: Bytes on the wire for each byte of a picture: base64 with its line ends, and some room for the text.
WIRE_FACTOR = 1.4


async def examine(mail: Mail, environment: Mapping[str, str]) -> list[CheckResult]:
    """The area's results."""
    area = CheckRunner("answers")
    patient = _Server(mail, environment)
    try:
        await area.check("name", patient.name)
        await area.check("secret", patient.secret)
        await area.check("connection", patient.connect, ["name"])
        await area.check("login", patient.log_in, ["connection", "secret"])
        await area.check("sender", patient.sender, ["login"])
        await area.check("size", patient.size, ["connection"])
    finally:
        patient.close()
    return area.results


class _Server:
    def __init__(self, mail: Mail, environment: Mapping[str, str]) -> None:
        self._mail = mail
        self._smtp = mail.effective_smtp
        self._environment = environment
        self._place = f"{self._smtp.host}:{self._smtp.port}"
        self._credentials: list[Credentials] = []
        self._client: SMTP | None = None

    @property
    def _open(self) -> SMTP:
        assert self._client is not None  # noqa: S101 - what needs it is skipped else
        return self._client

    async def name(self) -> str:
        return await resolve(self._smtp.host, TABLE)

    async def secret(self) -> str:
        said = await ask_secret(partial(to_send, self._mail, self._environment), self._credentials)
        return said if self._smtp.username else "none is needed: there is no username"

    async def connect(self) -> str | Warn:
        anonymous = self._smtp.model_copy(update={"username": ""})
        try:
            self._client = await smtp.connect(anonymous, Password(""), PATIENCE)
        except SMTPException as error:
            if "STARTTLS" in str(error):
                words = f"{self._place} does not offer STARTTLS, so nothing is sent there"
                raise CheckFailed(
                    words, f'if it wants TLS from the start, set tls = "tls" in [{TABLE}]'
                ) from error
            raise unreached(error, TABLE, self._place, local=self._mail.is_local) from error
        except OSError as error:
            raise unreached(error, TABLE, self._place, local=self._mail.is_local) from error
        encrypted = self._open.get_transport_info("ssl_object")
        version = encrypted.version() if encrypted else None
        return encryption(version, self._smtp.host, TABLE, self._place)

    async def log_in(self) -> str:
        if not self._smtp.username:
            return "none is wanted: there is no username"
        try:
            await smtp.log_in(self._open, self._smtp.username, self._credentials[0])
        except (SMTPException, OSError) as error:
            provider = PROVIDERS.get(self._mail.provider)
            remedy = provider.login if provider else "mend username or secret"
            raise CheckFailed(f"{self._smtp.username} is refused: {_said(error)}", remedy) from error
        return f"as {self._smtp.username}"

    async def sender(self) -> str:
        try:
            await self._open.mail(self._mail.address)
            await self._open.rset()
        except SMTPException as error:
            words = f"{self._mail.address} may not send: {_said(error)}"
            raise CheckFailed(
                words, "the address must be one of the account's own: mend [mail] address"
            ) from error
        return f"{self._mail.address} may send"

    async def size(self) -> str | Warn:
        limit = int(self._open.esmtp_extensions.get("size") or 0)
        needed = int(self._mail.effective_reply_bytes * WIRE_FACTOR)
        if limit and limit < needed:
            fitting = int(limit / WIRE_FACTOR / 100_000) * 100_000
            words = f"the server takes mails of {_mb(limit)}, and an answer may have {_mb(needed)}"
            return Warn(words, f"set [mail] max_reply_bytes to {fitting:_}")
        return f"answers of up to {_mb(needed)} fit{'' if limit else ', as far as the server says'}"

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


def _said(error: Exception) -> str:
    """The server's words, where it is the server that refuses."""
    return f"{error.code} {error.message}" if isinstance(error, SMTPResponseException) else str(error)


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"
