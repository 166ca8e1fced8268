"""Define `mailbot init`: write a config.toml that explains every key."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Annotated

import typer
from email_validator import EmailNotValidError, validate_email

from mailbot.providers import PROVIDERS
from mailbot.transport.credentials import IMAP_PASSWORD
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors, program
from styles.service.config import ConfigError

#: The config that this project ships, which explains every key.
TEMPLATE = files("mailbot") / "config.toml"
#: Column of its comments.
COMMENTS = 38


def init(
    address: Annotated[
        str,
        typer.Argument(metavar="[ADDRESS]", help="The bot's mailbox; default: a mail server to play with."),
    ] = "",
    provider: Annotated[
        str, typer.Option(help=f"Who runs the mailbox: {', '.join(PROVIDERS)}. Default: by the address.")
    ] = "",
    file: ConfigFile = CONFIG,
) -> None:
    """Write a config.toml that explains every key, and say what to do next.

    An existing file stays as it is.
    """
    with one_line_errors():
        provider = provider or _provider_of(address)
        written = _filled(address, provider)
        try:
            with file.open("x") as new:
                new.write(written)
        except FileExistsError as error:
            raise ConfigError(f"{file} exists, and stays as it is. Name another by --config.") from error
    option = "" if file == CONFIG else f" --config {file}"
    next_steps = _with_a_mailbox(provider, option) if address else _to_play_with(option)
    typer.echo(f"Wrote {file}, which explains every key.\n\n{next_steps}")


def _provider_of(address: str) -> str:
    """Return the provider whose name the address' domain begins with, such as gmail.com; or ""."""
    name = address.rpartition("@")[2].lower().partition(".")[0]
    return name if name in PROVIDERS else ""


def _filled(address: str, provider: str) -> str:
    """Return the text of the config with address and provider. Raises `ConfigError`."""
    text = TEMPLATE.read_text()
    if provider and provider not in PROVIDERS:
        raise ConfigError(f"There is no provider {provider}; there are {', '.join(PROVIDERS)}.")
    if address:
        try:
            address = validate_email(address, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ConfigError(f"“{address}” is no address: {error}") from error
    for key, value in {"address": address, "provider": provider}.items():
        if value:
            (shipped,) = re.findall(rf'^{key} = "[^"]*" *#', text.partition("[mail.imap]")[0], re.MULTILINE)
            text = text.replace(shipped, f'{key} = "{value}"'.ljust(COMMENTS) + "#", 1)
    return text


def _to_play_with(option: str) -> str:
    command = program("mailbot")
    return (
        f"Next, run everything, with a mail server to play with:\n\n  {command} up{option}\n\n"
        f"With a mailbox of your own, name it in [mail]; `{command} init ADDRESS` begins with it."
    )


def _with_a_mailbox(provider: str, option: str) -> str:
    command = program("mailbot")
    needed, login = "Name its servers: host in [mail.imap] and in [mail.smtp]", f"export {IMAP_PASSWORD}=…"
    if provider:
        known = PROVIDERS[provider]
        needed = ".\n".join(filter(None, (known.login, known.client)))
        if known.client:
            login = f"{command} login {provider} {known.client_options}{option}"
    lines = "\n".join(f"  {step}" for step in (login, f"{command} doctor{option}", f"{command} up{option}"))
    return f"{needed}.\nNext, let the bot in, check everything, and run it:\n\n{lines}"
