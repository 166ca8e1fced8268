"""Define `mailbot login`, which lets the bot into its mailbox once, and `mailbot token`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from mailbot.config import Mail, MailbotConfigFile
from mailbot.oauth import google, microsoft
from mailbot.oauth.login_file import LoginFile
from mailbot.oauth.tokens import access_token
from mailbot.providers import PROVIDERS
from styles.service.command_line import CONFIG, ConfigFile, one_line_errors
from styles.service.config import ConfigError, load
from styles.service.optional_libraries import require

#: Environment's variable with the secret of an application.
SECRET = "MAILBOT_OAUTH_SECRET"  # noqa: S105 - its name

LoginProvider = Literal["gmail", "outlook", "microsoft365"]

console = Console(soft_wrap=True, highlight=False)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(login)
    app.command()(token)


def login(
    provider: Annotated[LoginProvider, typer.Argument(help="Whose mailbox it is.", show_default=False)],
    client: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Gmail: the OAuth client, as Google's console downloads it."),
    ] = None,
    paste: Annotated[
        bool, typer.Option("--paste", help="Gmail: with a browser on another machine, by copying an address.")
    ] = False,
    client_id: Annotated[
        str,
        typer.Option(help="Microsoft: the id of an application that you register at entra.microsoft.com."),
    ] = "",
    tenant: Annotated[str, typer.Option(help="Microsoft 365: the company's tenant, id or domain.")] = "",
    as_app: Annotated[
        bool,
        typer.Option("--app", help=f"Microsoft 365: by a secret, without a person; {SECRET} or asked."),
    ] = False,
    authority: Annotated[
        str, typer.Option(metavar="URL", help="Microsoft: where a national cloud has its tenants.")
    ] = microsoft.AUTHORITY,
    file: ConfigFile = CONFIG,
) -> None:
    """Let the bot into its mailbox, by a token instead of a password.

    A person agrees once in a browser, on this machine or another one. The bot keeps the login beside its
    ledger, in a file that only its user can read, and gets tokens by it from then on. No public address is
    needed. Run it as the bot's user; a running bot uses the new login at its next connection.
    """
    with one_line_errors():
        mail = load(file, MailbotConfigFile).mail
        kept = LoginFile(mail.login_file)
        require("oauth", "A login")
        if provider == "gmail":
            found = _at_google(mail, client, paste=paste)
        else:
            where = f"{authority.rstrip('/')}/{_tenant(provider, tenant, as_app=as_app)}"
            found = _at_microsoft(mail, provider, client_id, where, as_app=as_app)
        with kept.alone():
            kept.write(found)
        console.print(f"The login is kept in {kept.path}.")
        for line in _next_steps(mail, provider, as_app=as_app):
            console.print(line, markup=False)


def token(
    graph: Annotated[bool, typer.Option("--graph", help="One to send by Microsoft Graph.")] = False,
    file: ConfigFile = CONFIG,
) -> None:
    """Print an access token by the kept login, for programs that have none of their own.

    It is a secret, and valid for about an hour. The bot itself needs no such command.
    """
    with one_line_errors():
        mail = load(file, MailbotConfigFile).mail
        typer.echo(access_token(LoginFile(mail.login_file), _graph_host(mail) if graph else ""))


def _at_google(mail: Mail, client: Path | None, *, paste: bool) -> dict[str, Any]:
    if client is None:
        raise ConfigError("Name the OAuth client's file, which Google's console downloads: --client FILE.")

    def ask(url: str) -> str:
        console.print(
            f"Open this page in any browser, and agree as {mail.address}:\n\n    {url}\n", markup=False
        )
        console.print("It ends at a page that cannot be loaded. Copy the address of that page to here:")
        return input()

    return google.log_in(google.client_of(client), mail.address, ask if paste else None)


def _at_microsoft(
    mail: Mail, provider: LoginProvider, client_id: str, authority: str, *, as_app: bool
) -> dict[str, Any]:
    if not client_id:
        raise ConfigError(f"Name your application by --client-id ID. {PROVIDERS[provider].client}.")
    graph = mail.effective_smtp.graph
    wanted = [microsoft.rights(each, is_app=as_app) for each in ("", *([graph] if graph else []))]
    if as_app:
        secret = os.environ.get(SECRET) or typer.prompt("The application's secret", hide_input=True)
        return microsoft.log_in_as_app(client_id, authority, secret, wanted)
    show = partial(console.print, markup=False)
    with console.status("Waiting until the code is typed … Ctrl-C ends it."):
        return microsoft.log_in(client_id, authority, mail.address, wanted, show)


def _tenant(provider: LoginProvider, tenant: str, *, as_app: bool) -> str:
    """Return the tenant to log in at. Raises `ConfigError`."""
    if as_app and not tenant:
        raise ConfigError("An application belongs to a tenant: name it by --tenant.")
    return tenant or ("consumers" if provider == "outlook" else "organizations")


def _next_steps(mail: Mail, provider: LoginProvider, *, as_app: bool) -> list[str]:
    """Return what is left to do before the bot runs."""
    steps = []
    if mail.provider != provider:
        steps.append(f'Write provider = "{provider}" under [mail] in the config.')
    if provider == "gmail" and mail.imap.auth != "xoauth2":
        steps.append('Write auth = "xoauth2" under [mail.imap] in the config.')
    if as_app and mail.smtp.graph and not mail.smtp.username:
        steps.append(f'Write username = "{mail.address}" under [mail.smtp] in the config.')
    return [*steps, "Then `mailbot doctor` says whether all is well."]


def _graph_host(mail: Mail) -> str:
    host = mail.effective_smtp.graph
    if not host:
        raise ConfigError('The config sends no answers by Graph: [mail.smtp] transport = "graph" does.')
    return host
