"""Define the commands for tokens: `registry token add`, `list` and `revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.common import acting, minute, opened, show
from registry.config import RegistryConfigFile
from styles.service.cli import CONFIG, ConfigFile
from styles.service.config import load

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Say who may publish styles.\n\nEach person has a token of their own, which can be revoked alone.",
)

PersonName = Annotated[str, typer.Argument(metavar="NAME", help="The person's name, as the trail shows it.")]


@app.command()
def add(name: PersonName, config: ConfigFile = CONFIG) -> None:
    """Make a token for a person, and show it this once.

    Only a hash of it is kept: one that is lost cannot be shown again, but revoked and made anew. The token
    alone goes to the output, the words about it to the error output, so that `$(registry token add NAME)`
    is the token.
    """
    with opened(config) as store:
        secret = store.tokens.add(name, by=acting())
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

    It also shows when each was made and last used, and which were revoked. The token in
    REGISTRY_UPLOAD_TOKEN is valid too, if the registry was started with it.
    """
    with opened(config) as store:
        tokens = store.tokens.list()
    lines = [(t.name, minute(t.created), minute(t.used) or "never", minute(t.revoked)) for t in tokens]
    show("", ("name", "made (UTC)", "last used", "revoked"), lines)


@app.command()
def revoke(name: PersonName, config: ConfigFile = CONFIG) -> None:
    """End a person's token.

    It ends at once, and the person is logged out. What they published stays. They can be given a new token
    under the same name.
    """
    with opened(config) as store:
        store.tokens.revoke(name, by=acting())
    typer.echo(f"The token of {name} is revoked, and {name} is logged out.")
