"""Publish new versions: by people, or with a release.

A publication first makes its blobs complete and durable (registry/blobs/blob.py). Version, aliases, event
and audit entry then appear in one transaction, together or not at all. No process removes the blobs in
between.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from registry.blobs.blob import digest_of
from registry.database.dialect import Transaction, Value, ascii_lower, now
from registry.store import authors, learning_jobs, queries, version_aliases
from registry.store.access import roles
from registry.store.access.roles import BOT, RELEASE, RESERVED, SYSTEM, Writer
from registry.store.cards import check_card
from registry.store.location import StoreParts
from registry.store.names.style_names import require_distinct
from registry.store.style_versions import LIVE, StyleVersion
from styles.contract import Card, ResolvedStyle
from styles.errors import BadCheckpoint, BadOption
from styles.formats import style_file
from styles.formats.style_file import ShippedStyle

log = logging.getLogger(__name__)


class _NotNew(Exception):
    """Report that a shipped file was published before, or that its style is retired."""


def publish(
    state: StoreParts,
    card: Card,
    weights: Path,
    preview: Path | None = None,
    *,
    format: str = "safetensors",
    alias: str = LIVE,
    by: Writer = SYSTEM,
    author: str = "",
    job: str = "",
    if_new: bool = False,
) -> ResolvedStyle:
    """Publish a file as the newest version of the style `card.name`, and make it live.

    With another alias than `live` the version is staged: only that alias moves to it. `author` is the mail
    address for which the bot has it learnt. What a `job` has made before is returned, and nothing published.

    A file of this project's own network is read once more. For any other file, the validation's result
    counts. A retired style comes back. Raises `NotAllowed`, `BadOption` for a bad name, one too much like
    another, or a text that is too long, and `BadCheckpoint` for a bad style file or preview.
    """
    check_card(card, format)
    version_aliases.check(alias)
    with ExitStack() as copies:
        file = copies.enter_context(state.incoming.receive(weights))
        files = [file]
        # Computed, not from the card: with a wrong base, styles would be painted with each other's networks.
        own = card.architecture == style_file.ARCHITECTURE  # others share nothing
        card = replace(card, base=style_file.read(file.path).base if own else file.digest)
        if preview:
            picture = copies.enter_context(state.incoming.receive(preview))
            _require_jpeg(picture.path)
            files.append(replace(picture, media_type="image/jpeg"))
        for copy in files:
            state.blobs.send(copy)
        with state.database.writing() as db:
            if if_new:
                _require_new(db, card.name, file.digest)
            if job and (made := _made(db, job, by)):
                return made
            if author and by.person == BOT:
                by = authors.writer_for(db, card.name, author, by=by)
            _require_free(db, card.name, alias, by=by)
            for copy in files:
                state.keep(db, copy)
            digests = [copy.digest for copy in files]
            version = _add(db, card, format, *digests, alias=alias, author=author, by=by)
            if job:
                learning_jobs.note_made(db, job, version)
            return version.resolved


def seed(state: StoreParts, shipped: Sequence[ShippedStyle]) -> list[ResolvedStyle]:
    """Publish the shipped styles whose weights the style never had, and return the new versions.

    So the weights of a new release go live once. A version that an operator published later stays, and a
    retired style stays retired. A broken shipped style is logged and left out, so that the others serve.
    """
    published = []
    for style in shipped:
        card, weights = style.card, style.weights
        preview = style.preview if style.preview.exists() else None
        try:
            with state.database.reading() as db:  # at most starts nothing is new, and no file is copied
                _require_new(db, card.name, digest_of(weights))
            version = publish(state, card, weights, preview, by=Writer(RELEASE), if_new=True)
        except _NotNew:
            continue
        except (BadCheckpoint, BadOption, OSError):
            log.exception("cannot publish the shipped style %s", card.name)
            continue
        log.info("published %s, version %d", version.name, version.version)
        published.append(version)
    return published


def _made(db: Transaction, job: str, by: Writer) -> ResolvedStyle | None:
    """Return what a job has made: another request for it was faster. Raises `NotAllowed` for others."""
    made = learning_jobs.made_by(db, job)
    if made and by.person != BOT:
        roles.require(db, made[0].name, by, "stage")
    return made[0].resolved if made else None


def _require_new(db: Transaction, name: str, digest: str) -> None:
    """Raise `_NotNew` if the style had this file before, or is retired."""
    query = """
        SELECT 1 FROM style WHERE name = ? AND retired IS NOT NULL
        UNION ALL SELECT 1 FROM version WHERE style = ? AND digest = ?"""
    if db.rows(query, name, name, digest):
        raise _NotNew


def _require_free(db: Transaction, name: str, alias: str, *, by: Writer) -> None:
    """Raise `NotAllowed` or `BadOption` where somebody may not publish under a name."""
    roles.require(db, name, by, "publish" if alias == LIVE else "stage")
    require_distinct(db, name)


def _add(
    db: Transaction,
    card: Card,
    format: str,
    digest: str,
    preview: str | None = None,
    *,
    alias: str,
    author: str,
    by: Writer,
) -> StyleVersion:
    """Add a version with its alias, and the author of a new style."""
    is_new = not db.rows("SELECT 1 FROM style WHERE name = ?", card.name)
    version = add_version(db, card, format, by.person, digest, preview)
    if author and is_new:
        db.insert("author", {"style": card.name, "address": ascii_lower(author)})
    if alias == LIVE:
        version_aliases.go_live(db, version, "published", by=by)
    else:
        version_aliases.stage(db, version, alias, by=by)
    return version


def add_version(
    db: Transaction, card: Card, format: str, person: str, digest: str, preview: str | None = None
) -> StyleVersion:
    """Add the next version of `card.name`, without an alias. The numbers of a retired style continue."""
    at, owner = now(), "" if person in RESERVED else person
    db.insert("style", {"name": card.name, "created": at, "owner": owner}, ignore=True)
    query = "SELECT coalesce(max(version), 0) + 1 AS next FROM version WHERE style = ?"
    number: int = db.rows(query, card.name)[0]["next"]
    row: dict[str, Value] = {"style": card.name, "version": number, "digest": digest, "created": at}
    row |= {"format": format, "base": card.base, "architecture": card.architecture, "preview": preview}
    db.insert("version", row | {"card": json.dumps(asdict(card), ensure_ascii=False)})
    version = queries.version(db, card.name, number)
    assert version is not None  # noqa: S101 - it was inserted above
    return version


def _require_jpeg(path: Path) -> None:
    """Require a JPEG by its first bytes, since pages show it to everybody."""
    with path.open("rb") as file:
        if file.read(3) != b"\xff\xd8\xff":
            raise BadCheckpoint("The preview is no JPEG.")
