"""Define the commands for styles: promote, unalias, rollback, retire, hand-over, history, audit, gc."""

from __future__ import annotations

from typing import Annotated

import typer

from registry.cli.common import StyleName, acting, minute, opened, show
from registry.store.style_versions import LIVE, Style, StyleVersion
from styles.service.command_line import CONFIG, ConfigFile

app = typer.Typer(rich_markup_mode=None)


@app.command()
def promote(
    name: StyleName,
    version: Annotated[int, typer.Argument(metavar="VERSION", min=1, help="The version's number.")],
    alias: Annotated[str, typer.Option(metavar="ALIAS", help="Which alias is to point to it.")] = LIVE,
    config: ConfigFile = CONFIG,
) -> None:
    """Make a version of a style live.

    The next photo is painted with it. `previous` goes to the version that was live, so that a rollback
    undoes this. A retired style is back with it. `registry history NAME` shows the versions.
    """
    with opened(config) as store:
        store.promote(name, version, alias=alias, by=acting())
        typer.echo(f"{name}: {alias} is version {version}.")


@app.command()
def unalias(
    name: StyleName,
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="An alias other than live and previous.")],
    config: ConfigFile = CONFIG,
) -> None:
    """Remove an alias of a style. Its version stays."""
    with opened(config) as store:
        store.remove_alias(name, alias, by=acting())
        typer.echo(f"{name}@{alias} means nothing any more.")


@app.command()
def rollback(
    name: StyleName,
    since: Annotated[
        int | None, typer.Option("--from", metavar="VERSION", min=1, help="The version to leave.")
    ] = None,
    config: ConfigFile = CONFIG,
) -> None:
    """Make the version that was live before live again.

    The two change places: a second rollback undoes the first. With --from nothing happens unless that
    version is live, so that the command can be given again.
    """
    with opened(config) as store:
        version = store.rollback(name, since=since, by=acting()).version
        typer.echo(f"{name}: {LIVE} is version {version} again.")


@app.command()
def retire(name: StyleName, config: ConfigFile = CONFIG) -> None:
    """Take a style out of the list.

    Nobody can ask for it by its name any more; photos that are being painted with it are finished. No
    version is deleted, and a shipped style does not come back by itself. To promote one of its versions,
    or to publish one more, brings it back.
    """
    with opened(config) as store:
        store.retire(name, by=acting())
        newest = store.kept(name).versions[0].version
        typer.echo(f"{name} is retired. To bring it back: registry promote {name} {newest}")


@app.command()
def hand_over(
    name: StyleName,
    person: Annotated[
        str, typer.Argument(metavar="PERSON", help="Who gets it; left out, the registry itself.")
    ] = "",
    config: ConfigFile = CONFIG,
) -> None:
    """Give a style to another person, who must have a token."""
    with opened(config) as store:
        store.hand_over(name, person, by=acting())
        typer.echo(f"{name} belongs to {store.ownership(name).whose}.")


@app.command()
def history(name: StyleName, config: ConfigFile = CONFIG) -> None:
    """Show a style's versions, the newest first, and its owner and maintainers.

    It shows which are live and previous, when each was published, and by whom. It shows retired styles too.
    `registry audit --style NAME` shows the later changes of the versions.
    """
    with opened(config) as store:
        style, by, people = store.kept(name), store.publishers(name), store.ownership(name)
    title = f"{name}, retired {minute(style.retired)} UTC" if style.retired else name
    title += f", of {people.whose}"
    title += f", maintained by {', '.join(people.maintainers)}" if people.maintainers else ""
    columns = ("version", "aliases", "published (UTC)", "by", "title", "network", "kB", "digest")
    show(title, columns, [_version(style, version, by) for version in style.versions])


def _version(style: Style, version: StyleVersion, by: dict[int, str]) -> tuple[str, ...]:
    return (
        str(version.version),
        ", ".join(alias for alias, number in style.aliases.items() if number == version.version),
        minute(version.created),
        by.get(version.version, ""),
        version.card.title,
        version.architecture,
        f"{version.bytes / 1000:,.0f}",
        version.digest.removeprefix("sha256:")[:12],
    )


@app.command()
def audit(
    style: Annotated[str, typer.Option(metavar="NAME", help="Of this style only.")] = "",
    limit: Annotated[int, typer.Option(min=1, help="How many lines.")] = 50,
    config: ConfigFile = CONFIG,
) -> None:
    """Show who did what, the newest first.

    It shows publications, promotions, rollbacks, retired styles, refused uploads, and tokens made and
    revoked. A person who acted by a command has the name of their login on this machine.
    """
    with opened(config) as store:
        entries = store.audit(limit, style or None)
    lines = [
        (e.at[:19].replace("T", " "), e.by, e.action, e.style, str(e.version or ""), e.detail)
        for e in entries
    ]
    show("", ("at (UTC)", "by", "action", "style", "version", "detail"), lines)


@app.command()
def gc(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be removed.")] = False,
    config: ConfigFile = CONFIG,
) -> None:
    """Remove files that no version of any style names.

    They are left where a publication was cut short, and uploads that nobody has written to for an hour.
    Versions are never deleted, so nothing that is in use, or could be again, is removed. The registry may
    run meanwhile.
    """
    with opened(config) as store:
        swept = store.gc(dry_run=dry_run)
    verb = "Would remove" if dry_run else "Removed"
    files = f"{_count(swept.blobs, 'blob')} and {_count(swept.uploads, 'abandoned upload')}"
    typer.echo(f"{verb} {files}: {swept.bytes:,} bytes.")


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
