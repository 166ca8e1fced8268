"""Define the programs of the whole system on one machine and the secrets of each.

Each program gets its own secrets and no others.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from mailbot.admin.status import readiness
from mailbot.config import Local, MailbotConfigFile
from mailbot.supervisor import NotReady, Program
from styles.service.child_processes import python_command
from styles.service.config import Address
from styles.service.optional_libraries import require

#: Token by which the bot asks the registry for proofs to mail.
BOT_TOKEN = "REGISTRY_BOT_TOKEN"  # noqa: S105 - its name
#: Names of secrets, each with the only programs that may have it.
SECRETS: dict[str, tuple[str, ...]] = {
    "MAILBOT_IMAP_PASSWORD": ("bot",),
    "MAILBOT_SMTP_PASSWORD": ("bot",),
    "MAILBOT_TELEGRAM_TOKEN": ("bot",),
    "MAILBOT_TWILIO_TOKEN": ("bot",),
    "MAILBOT_OAUTH_SECRET": (),  # only `mailbot login` asks for it, and keeps it
    "REGISTRY_UPLOAD_TOKEN": ("registry",),
    BOT_TOKEN: ("registry", "bot"),
    "PGPASSWORD": ("registry",),
    "AWS_SECRET_ACCESS_KEY": ("registry",),
    "AWS_SESSION_TOKEN": ("registry",),
    "RUNNER_RELAY_SECRET": ("balancer",),
    "RAY_AUTH_TOKEN": ("balancer",),
}
#: Seconds to wait for a taken port. A balancer that drains takes 20.
PORT_SECONDS = 25.0
#: Seconds that a starting service has to say whether it is ready.
PROBE_SECONDS = 5.0


def programs(file: Path, config: MailbotConfigFile, given: Mapping[str, str] = os.environ) -> list[Program]:
    """List the programs of the config in `file`, in the order in which they start.

    Registry and bot get a new token for the proofs, unless the environment has one.
    Raises `MissingExtra` where no mailbox is named and the mail server to play with is not installed.
    """
    mail = []
    given = {BOT_TOKEN: secrets.token_urlsafe(32), **given}
    if config.mail.is_local:
        require("local", "The mail server to play with")
        mail = [_mail_server(file, config.mail.local, _environment("mail", given))]
    return [
        *mail,
        _service("registry", "registry", file, given, partial(_is_ready, config.registry.url)),
        _service("balancer", "runner", file, given, partial(_is_ready, config.balancer.url)),
        _service("bot", "mailbot", file, given, _always),
    ]


async def free_ports(config: MailbotConfigFile) -> None:
    """Wait for the config's ports, since a killed system takes a moment to end. Raises `NotReady`."""
    mail = config.mail
    wanted = {"[registry]": config.registry, "[balancer]": config.balancer}
    if mail.is_local:
        for key in ("smtp_port", "imap_port", "web_port"):
            wanted[f"[mail.local] {key}"] = Address(host=mail.local.host, port=getattr(mail.local, key))
    if config.sms.enabled:
        wanted["[sms]"] = Address(host=config.sms.host, port=config.sms.port)
    deadline = time.monotonic() + PORT_SECONDS
    while taken := [key for key, address in wanted.items() if _is_taken(address)]:
        if time.monotonic() > deadline:
            ports = ", ".join(f"{wanted[key].port} ({key})" for key in taken)
            raise NotReady(f"Taken by another program: port {ports}. End it, or name another in the config.")
        await asyncio.sleep(0.2)


def _is_taken(address: Address) -> bool:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        socket.create_server((address.host, address.port), family=family).close()
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False


def _service(
    name: str, module: str, file: Path, given: Mapping[str, str], ready: Callable[[], Awaitable[bool]]
) -> Program:
    command = python_command(module, "serve", "--config", str(file))
    return Program(name=name, command=command, environment=_environment(name, given), ready=ready)


def _mail_server(file: Path, local: Local, environment: Mapping[str, str]) -> Program:
    return Program(
        name="mail",
        command=python_command("mailbot.local_mail", "--config", str(file)),
        environment=environment,
        ready=partial(_listens, local.host, local.imap_port, local.smtp_port, local.web_port),
    )


def _environment(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the part of the environment that the program `name` may see."""
    kept = {key: value for key, value in given.items() if name in SECRETS.get(key, (name,))}
    return kept | {"PYTHONUNBUFFERED": "1"}


async def _is_ready(url: str) -> bool:
    return await readiness(url, PROBE_SECONDS) == "ready"


async def _always() -> bool:
    return True


async def _listens(host: str, *ports: int) -> bool:
    for port in ports:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            return False
        writer.close()
        await writer.wait_closed()
    return True
