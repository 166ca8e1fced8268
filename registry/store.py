"""The styles on the disk: versions that never change, aliases that move, and the order of it all.

    publish(card, weights, preview)   a new version, which is live from then on
    seed(shipped)                     the shipped styles, those that are new
    styles(), style(name)             what there is
    resolve(name, ref)                which version an alias or a number means
    blob(digest)                      a file to serve
    changes(since)                    the events after one

A publication first makes its blobs (registry/blobs.py: whole, fsynced, then named) and then tells of them,
all in one transaction: version, aliases and event appear together or not at all, and no other process
sweeps a blob before it is told of. Every method blocks, for less than a millisecond where it only reads; any
thread and any process may call at any time.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rapidfuzz import fuzz, process, utils

from registry import schema
from registry.blobs import Blobs, Incoming, digest_of
from registry.events import Changes, StyleEvent
from registry.versions import LIVE, PREVIOUS, Blob, Style, StyleVersion
from styles import checkpoint
from styles.checkpoint import ShippedStyle
from styles.contract import Card, ResolvedStyle, StyleSummary
from styles.errors import BadCheckpoint, BadOption, UnknownStyle

log = logging.getLogger(__name__)

#: What a style may be called: it stands in mails, addresses and file names.
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
#: A name is near another from this likeness on, 0 to 100. Real typing mistakes score 83 and more; names that
#: only share some letters ("kandinsky" and "candy") about 60.
NEAR = 70
#: More events than that, and the caller asks again.
EVENTS_AT_ONCE = 1000

_VERSIONS = "SELECT version.*, blob.bytes FROM version JOIN blob ON blob.digest = version.digest"


class Store:
    """The registry's state below a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._blobs = Blobs(folder)
        self._db = schema.connect(folder / "registry.db")
        self._one_at_a_time = threading.Lock()
        with schema.transaction(self._db):
            self._blobs.sweep(named={row["digest"] for row in self._rows("SELECT digest FROM blob")})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file; what was published is on the disk already."""
        with self._one_at_a_time:
            self._db.close()

    def publish(self, card: Card, weights: Path, preview: Path | None = None) -> ResolvedStyle:
        """Makes a style file the newest version of the style `card.name`, and that version live.

        Raises `BadOption` for a name that cannot be one, `BadCheckpoint` for a bad style file or preview.
        """
        published = self._publish(card, weights, preview, only_if_new=False)
        assert published is not None  # noqa: S101 - only a seed can be found to be known
        return published

    def seed(self, shipped: Sequence[ShippedStyle]) -> list[ResolvedStyle]:
        """Publishes the shipped styles whose weights the style never had; gives what it published.

        So a new release's weights go live once, and a version that an operator put there later stays. A
        shipped style that is broken is logged and left out: the others are still worth serving.
        """
        published = []
        for style in shipped:
            try:
                if self._has_had(style.card.name, digest_of(style.weights)):
                    continue
                preview = style.preview if style.preview.exists() else None
                version = self._publish(style.card, style.weights, preview, only_if_new=True)
            except (BadCheckpoint, BadOption, OSError):
                log.exception("the shipped style %s cannot be published", style.card.name)
                continue
            if version is not None:
                log.info("published %s, version %d", version.name, version.version)
                published.append(version)
        return published

    def styles(self) -> list[StyleSummary]:
        """Every style as the list shows it, by name."""
        with self._one_at_a_time, schema.snapshot(self._db):
            return [self._style(name).summary for name in self._names()]

    def style(self, name: str) -> Style:
        """A style with everything that is known of it. Raises `UnknownStyle`."""
        with self._one_at_a_time, schema.snapshot(self._db):
            return self._style(name)

    def resolve(self, name: str, ref: str | int = LIVE) -> ResolvedStyle:
        """The version that `ref`, an alias or a version number, means. Raises `UnknownStyle`."""
        with self._one_at_a_time, schema.snapshot(self._db):
            version = self._version(name, str(ref))
            rows = self._rows(f"{_VERSIONS} WHERE style = ? AND version = ?", name, version)
            if rows:
                return StyleVersion.from_row(rows[0]).resolved
            known = self._names()
            near = [name] if name in known else _near(name, known)
            raise UnknownStyle(name if str(ref) == LIVE else f"{name}@{ref}", near=near, known=known)

    def blob(self, digest: str) -> Blob | None:
        """A blob that a version refers to, or None."""
        with self._one_at_a_time:
            rows = self._rows("SELECT * FROM blob WHERE digest = ?", digest)
        if not rows:
            return None
        row = rows[0]
        path = self._blobs.path(digest)
        return Blob(digest=digest, path=path, bytes=row["bytes"], media_type=row["media_type"])

    def changes(self, since: int) -> Changes:
        """The events after number `since`, the oldest first, at most `EVENTS_AT_ONCE`."""
        with self._one_at_a_time, schema.snapshot(self._db):
            query = "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?"
            events = tuple(StyleEvent.from_mapping(row) for row in self._rows(query, since, EVENTS_AT_ONCE))
            if events:
                return Changes(events=events, last=events[-1].seq)
            newest = self._rows("SELECT coalesce(max(seq), 0) AS seq FROM event")[0]["seq"]
            return Changes(events=(), last=newest)

    def _publish(
        self, card: Card, weights: Path, preview: Path | None, *, only_if_new: bool
    ) -> ResolvedStyle | None:
        if not NAME.fullmatch(card.name):
            raise BadOption(
                f"“{card.name[:100]}” cannot be a style's name: "
                "that is up to 64 small letters, digits and hyphens, and no hyphen first."
            )
        with ExitStack() as copies:
            file = copies.enter_context(self._blobs.receive(weights))
            picture = copies.enter_context(self._blobs.receive(preview)) if preview else None
            style = checkpoint.read(file.path)
            media_type = _picture_type(picture.path) if picture else ""
            card = replace(card, base=style.base, architecture=checkpoint.ARCHITECTURE)
            with self._one_at_a_time, schema.transaction(self._db):
                if only_if_new and self._had(card.name, file.digest):
                    return None
                self._add_blob(file, "application/octet-stream")
                if picture:
                    self._add_blob(picture, media_type)
                version = self._add_version(card, file.digest, picture.digest if picture else None)
                self._move_live(card.name, version)
                query = f"{_VERSIONS} WHERE style = ? AND version = ?"
                return StyleVersion.from_row(self._rows(query, card.name, version)[0]).resolved

    def _add_blob(self, blob: Incoming, media_type: str) -> None:
        self._blobs.keep(blob)
        row = {"digest": blob.digest, "bytes": blob.bytes, "media_type": media_type}
        self._db.table("blob").insert(row, ignore=True)

    def _add_version(self, card: Card, digest: str, preview: str | None) -> int:
        """Gives the number of the new version."""
        at = schema.now()
        self._db.table("style").insert({"name": card.name, "created": at}, ignore=True)
        query = "SELECT coalesce(max(version), 0) + 1 AS next FROM version WHERE style = ?"
        version: int = self._rows(query, card.name)[0]["next"]
        self._db.table("version").insert(
            {
                "style": card.name,
                "version": version,
                "digest": digest,
                "base": card.base,
                "format": "safetensors",
                "architecture": card.architecture,
                "card": asdict(card),  # written as JSON
                "preview": preview,
                "created": at,
            }
        )
        return version

    def _move_live(self, name: str, version: int) -> None:
        """`live` goes to the version, `previous` to where `live` was; the event tells of it."""
        aliases = {LIVE: version}
        if was := self._version(name, LIVE):
            aliases[PREVIOUS] = was
        rows = [{"style": name, "alias": alias, "version": target} for alias, target in aliases.items()]
        self._db.table("alias").upsert_all(rows, pk=("style", "alias"))
        event = {"at": schema.now(), "kind": "published", "style": name, "version": version}
        self._db.table("event").insert(event)

    def _has_had(self, name: str, digest: str) -> bool:
        with self._one_at_a_time:
            return self._had(name, digest)

    def _had(self, name: str, digest: str) -> bool:
        return self._db.table("version").count_where("style = ? AND digest = ?", [name, digest]) > 0

    def _style(self, name: str) -> Style:
        rows = self._rows(f"{_VERSIONS} WHERE style = ? ORDER BY version DESC", name)
        if not rows:
            known = self._names()
            raise UnknownStyle(name, near=_near(name, known), known=known)
        aliases = self._rows("SELECT alias, version FROM alias WHERE style = ? ORDER BY alias", name)
        return Style(
            name=name,
            aliases={row["alias"]: row["version"] for row in aliases},
            versions=tuple(StyleVersion.from_row(row) for row in rows),
        )

    def _version(self, name: str, ref: str) -> int:
        """The number that `ref` stands for; 0, which no version has, for one that stands for none."""
        if VERSION.fullmatch(ref):
            return int(ref)
        query = "SELECT coalesce(max(version), 0) AS version FROM alias WHERE style = ? AND alias = ?"
        return int(self._rows(query, name, ref)[0]["version"])

    def _names(self) -> list[str]:
        return [row["name"] for row in self._rows("SELECT name FROM style ORDER BY name")]

    def _rows(self, query: str, *values: str | int) -> list[dict[str, Any]]:
        return list(self._db.query(query, values))  # all of them: a transaction may end after this


def _near(name: str, known: Sequence[str]) -> list[str]:
    """The three names most like one, the nearest first; case and punctuation do not count."""
    found = process.extract(
        name, known, scorer=fuzz.WRatio, processor=utils.default_process, limit=3, score_cutoff=NEAR
    )
    return [match for match, _, _ in found]


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
