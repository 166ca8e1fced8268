"""Check Microsoft Graph for `mailbot doctor`: the name, the token and the connection, without a mail."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import partial

from mailbot.config import Mail
from mailbot.doctor.check_runner import CheckResult, CheckRunner, CheckWarning
from mailbot.doctor.mail_servers import TIMEOUT, MailServer
from mailbot.transport.credentials import to_send

TABLE = "mail.smtp"


async def examine(mail: Mail, environment: Mapping[str, str]) -> list[CheckResult]:
    """Run the checks and return their results. Whether the token may send shows at the first answer alone."""
    area = CheckRunner("answers")
    graph = _Graph(mail, mail.effective_smtp, TABLE, partial(to_send, mail, environment))
    async with graph.closing:
        await area.check("name", graph.name)
        await area.check("secret", graph.secret)
        await area.check("connection", graph.connect, ["name"])
    return area.results


class _Graph(MailServer):
    async def connect(self) -> str | CheckWarning:
        settings = self.mail.effective_smtp
        context = None if settings.tls == "none" else ssl.create_default_context(cafile=settings.ca_file)
        try:
            async with asyncio.timeout(TIMEOUT):
                _, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
        except OSError as error:
            raise self.unreached(error) from error
        self.closing.callback(writer.close)
        encrypted = writer.get_extra_info("ssl_object")
        return self.encryption(encrypted.version() if encrypted else None)
