"""Define the values that the store returns: a version, and a style with its versions.

They are made from the rows of the tables in registry/database/. Values for other packages are in
`styles.contract`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from registry.store.thumbnails import SIZES
from registry.thumbnails.protocol import WIDTHS
from styles.contract import Card, ResolvedStyle, StyleSummary

#: Aliases of the version that jobs get, and of the one that was live before.
LIVE, PREVIOUS = "live", "previous"
#: Alias of the version that waits to go live, if the publisher names no other one.
STAGED = "staged"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleVersion(ResolvedStyle):
    """Describe one published version of the style `name`. It never changes."""

    card: Card
    preview: str  #: digest of the preview picture, or ""
    created: str  #: ISO 8601, UTC
    #: Paths of the preview's thumbnails by their width in pixels; empty while there are none.
    thumbnails: Mapping[str, str]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> StyleVersion:
        """Build a version from a row of `version` joined with its weights' size and its thumbnails."""
        values = {field.name: row[field.name] for field in fields(cls) if field.name != "thumbnails"}
        values |= {"card": Card.from_mapping(json.loads(row["card"])), "preview": row["preview"] or ""}
        small = {
            str(width): blob_path(row[size]) for size, width in zip(SIZES, WIDTHS, strict=True) if row[size]
        }
        return cls(**values, thumbnails=small)

    @property
    def resolved(self) -> ResolvedStyle:
        """The version as balancer and runner know it."""
        return ResolvedStyle(**{field.name: getattr(self, field.name) for field in fields(ResolvedStyle)})

    def summary(self, aliases: Mapping[str, int]) -> StyleSummary:
        """Return the list's entry of its style, of which this is the live version."""
        texts = {key: getattr(self.card, key) for key in ("title", "artist", "year", "description")}
        return StyleSummary(
            name=self.name,
            preview=blob_path(self.preview),
            thumbnails=self.thumbnails,
            aliases=aliases,
            other_names=self.card.other_names,
            tags=self.card.tags,
            **texts,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """Describe a style with its aliases and versions.

    One version is live, unless the style is retired, or its first version is only staged.
    """

    name: str
    aliases: Mapping[str, int]
    versions: tuple[StyleVersion, ...]  #: newest first
    retired: str = ""  #: ISO 8601, UTC; "" for a style that is not retired
    #: Version that the last rollback left, if `live` has not moved since; else 0.
    withdrawn: int = 0

    @property
    def live(self) -> StyleVersion:
        """The version that jobs get. Raises LookupError if no version is live."""
        live = self.aliases[LIVE]
        return next(v for v in self.versions if v.version == live)

    @property
    def summary(self) -> StyleSummary:
        """The list's entry of the style, from the card of its live version."""
        return self.live.summary(self.aliases)


def blob_path(digest: str) -> str:
    """Return the path of a blob below the registry's address; "" for no blob."""
    return f"/blobs/{digest.removeprefix('sha256:')}" if digest else ""
