"""New versions: published by people, or shipped with a release.

A publication first makes its blobs (registry/store/blobs.py: whole, fsynced, then named) and then tells of
them, all in one transaction: version, aliases, event and audit row appear together or not at all, and no
other process sweeps a blob before it is told of.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path

from sqlite_utils import Database

from registry.store import aliases, queries, schema
from registry.store.blobs import BlobStore, Incoming, digest_of
from registry.store.database import DatabaseFile, rows
from registry.store.models import StyleVersion
from styles.contract import Card, ResolvedStyle
from styles.errors import BadCheckpoint, BadOption
from styles.formats import style_file, transformer_file
from styles.formats.style_file import ShippedStyle
from styles.language.reserved_names import is_reserved

log = logging.getLogger(__name__)

#: What a style may be called: it stands in mails, addresses and file names.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
#: Which architectures a kept file of a format may hold.
ARCHITECTURES = {"safetensors": (style_file.ARCHITECTURE, transformer_file.ARCHITECTURE), "onnx": ("onnx",)}
#: The longest text of a card, characters; ours have at most 300.
LONGEST_TEXT = 4000
#: By whom the shipped styles are published.
RELEASE = "the release"


class Publications:
    """Publishes below a folder."""

    def __init__(self, database: DatabaseFile, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs

    def publish(
        self, card: Card, weights: Path, preview: Path | None, *, format: str, by: str
    ) -> ResolvedStyle:
        """See `Store.publish`."""
        published = self._publish(card, weights, preview, format=format, by=by, shipped=False)
        assert published is not None  # noqa: S101 - only a shipped style can be found to be known
        return published

    def seed(self, shipped: Sequence[ShippedStyle]) -> list[ResolvedStyle]:
        """See `Store.seed`."""
        published = []
        for style in shipped:
            try:
                version = self._seed(style)
            except (BadCheckpoint, BadOption, OSError):
                log.exception("the shipped style %s cannot be published", style.card.name)
                continue
            if version is not None:
                log.info("published %s, version %d", version.name, version.version)
                published.append(version)
        return published

    def _seed(self, style: ShippedStyle) -> ResolvedStyle | None:
        digest = digest_of(style.weights)
        with self._database.reading() as db:
            if not _is_new(db, style.card.name, digest):
                return None  # as at almost every start, and without a copy of the file
        preview = style.preview if style.preview.exists() else None
        return self._publish(
            style.card, style.weights, preview, format="safetensors", by=RELEASE, shipped=True
        )

    def _publish(
        self, card: Card, weights: Path, preview: Path | None, *, format: str, by: str, shipped: bool
    ) -> ResolvedStyle | None:
        _check(card, format)
        with ExitStack() as copies:
            file = copies.enter_context(self._blobs.receive(weights))
            picture = copies.enter_context(self._blobs.receive(preview)) if preview else None
            card = replace(card, base=_base(card, file))
            media_type = _picture_type(picture.path) if picture else ""
            with self._database.writing() as db:
                if shipped and not _is_new(db, card.name, file.digest):
                    return None
                self._add_blob(db, file, "application/octet-stream")
                if picture:
                    self._add_blob(db, picture, media_type)
                version = _add_version(db, card, format, file.digest, picture.digest if picture else None)
                aliases.go_live(db, version, "published", by=by)
                return version.resolved

    def _add_blob(self, db: Database, blob: Incoming, media_type: str) -> None:
        self._blobs.keep(blob)
        row = {"digest": blob.digest, "bytes": blob.bytes, "media_type": media_type}
        db.table("blob").insert(row, ignore=True)


def check_name(name: str) -> None:
    """Raises `BadOption` for what no style can be called."""
    if not NAME.fullmatch(name):
        raise BadOption(
            f"“{name[:100]}” cannot be a style's name: "
            "that is up to 64 small letters, digits and hyphens, and no hyphen first."
        )
    if is_reserved(name.replace("-", " ")):
        raise BadOption(f"“{name}” means something else when it stands in a mail: choose another name.")


def _check(card: Card, format: str) -> None:
    check_name(card.name)
    for key, text in asdict(card).items():
        if len(text) > LONGEST_TEXT:
            raise BadOption(f"The card's {key} has {len(text):,} characters; {LONGEST_TEXT:,} are allowed.")
    if card.architecture not in ARCHITECTURES.get(format, ()):
        raise BadCheckpoint(f"A {format[:40]} file cannot hold the architecture {card.architecture[:40]!r}.")


def _is_new(db: Database, name: str, digest: str) -> bool:
    """Whether a shipped file is to be published: not what the style had before, nor a retired style."""
    query = """
        SELECT 1 FROM style WHERE name = ? AND retired IS NOT NULL
        UNION ALL SELECT 1 FROM version WHERE style = ? AND digest = ?"""
    return not rows(db, query, name, name, digest)


def _add_version(db: Database, card: Card, format: str, digest: str, preview: str | None) -> StyleVersion:
    """The next version of `card.name`; the numbers of a style that was retired go on."""
    at = schema.now()
    db.table("style").insert({"name": card.name, "created": at}, ignore=True)
    query = "SELECT coalesce(max(version), 0) + 1 AS next FROM version WHERE style = ?"
    number: int = rows(db, query, card.name)[0]["next"]
    db.table("version").insert(
        {
            "style": card.name,
            "version": number,
            "digest": digest,
            "base": card.base,
            "format": format,
            "architecture": card.architecture,
            "card": asdict(card),  # written as JSON
            "preview": preview,
            "created": at,
        }
    )
    version = queries.version(db, card.name, number)
    assert version is not None  # noqa: S101 - it was inserted above
    return version


def _base(card: Card, file: Incoming) -> str:
    """What is shared with other styles: worked out and not believed, or they would paint each other's."""
    if card.architecture == style_file.ARCHITECTURE:
        return style_file.read(file.path).base
    return file.digest  # nothing is


def _picture_type(path: Path) -> str:
    """The media type by the first bytes: what a browser is told must not be the uploader's choice."""
    with path.open("rb") as file:
        start = file.read(12)
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start[:4] == b"RIFF" and start[8:] == b"WEBP":
        return "image/webp"
    raise BadCheckpoint("The preview is neither JPEG nor PNG nor WebP.")
