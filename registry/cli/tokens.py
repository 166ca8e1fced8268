"""Define the commands for tokens: `registry token add`, `list` and `revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.common import acting, minute, opened, show
from registry.config import RegistryConfigFile
from registry.store.access.roles import SCOPES
from registry.store.access.tokens import MOST_DAYS
from registry.store.proofs import check_address
from styles.errors import BadOption
from styles.service.command_line import CONFIG, ConfigFile
from styles.service.config import load

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Say who may publish styles.\n\nEach person has tokens of their own, which can be revoked alone.",
)

PersonName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the person in the audit trail.")]


@app.command()
def add(
    name: PersonName,
    label: Annotated[
        str, typer.Option(metavar="TEXT", help="Tells the person's tokens apart, as in “ci”.")
    ] = "",
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="stage, publish or registry.")] = "publish",
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Where the person gets proofs.")] = "",
    days: Annotated[
        int | None, typer.Option(min=1, max=MOST_DAYS, help="Until it ends; left out, it has no end.")
    ] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Make a token for a person, and show it this once.

    With the scope “stage” it publishes versions that others make live. With “publish” it does everything
    for the person's own styles. With “registry” it does everything for all styles and all people.

    Only a hash of it is kept: one that is lost cannot be shown again, but revoked and made anew. The token
    alone goes to the output, the words about it to the error output, so that `$(registry token add NAME)`
    is the token.
    """
    with opened(config) as store:
        if scope not in SCOPES:
            raise BadOption(f"There is no scope {scope!r}: it is one of {', '.join(SCOPES)}.")
        check_address(address)  # before there is a token that nobody has seen
        secret = store.tokens.add(name, label=label, scope=scope, days=days, by=acting())
        if address:
            store.set_address(name, address, by=acting())
    url = load(config, RegistryConfigFile).registry.url
    typer.echo(f"The token of {name}, which is shown only now:\n", err=True)
    typer.echo(secret)
    typer.echo(
        f"\nGive it to {name} by a way that others cannot read. It is used\n"
        f"  on the pages     at {url}/login\n"
        "  by the command   as REGISTRY_UPLOAD_TOKEN, for `registry push`\n"
        "  by programs      as the header Authorization: Bearer TOKEN\n"
        f'When it is lost:   registry token revoke "{name}"',
        err=True,
    )


@app.command("list")
def list_tokens(config: ConfigFile = CONFIG) -> None:
    """Show whose tokens there are.

    It also shows how far each reaches, when it was made and last used, when it ends, and which were
    revoked. The token in REGISTRY_UPLOAD_TOKEN is valid too, if the registry was started with it.
    """
    with opened(config) as store:
        tokens = store.tokens.list()
    lines = [
        (
            t.name,
            minute(t.created),
            minute(t.used) or "never",
            minute(t.revoked),
            t.label,
            t.scope,
            t.expires[:10],
        )
        for t in tokens
    ]
    show("", ("name", "made (UTC)", "last used", "revoked", "label", "scope", "ends"), lines)


@app.command()
def revoke(
    name: PersonName,
    label: Annotated[str, typer.Option(metavar="TEXT", help="Only the token of this label.")] = "",
    config: ConfigFile = CONFIG,
) -> None:
    """End a person's tokens, or the one of a label.

    They end at once, and so do the logins with them. What the person published stays theirs. They can be
    given a new token under the same name: a name is one person for ever.
    """
    with opened(config) as store:
        store.tokens.revoke(name, label=label or None, by=acting())
    typer.echo(f"The token of {name} is revoked, and {name} is logged out.")
