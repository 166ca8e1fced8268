"""The values that the store gives: a version of a style, a style with all its versions, and a blob.

They are what the rows of `registry/store/schema.py` become; what crosses to other rooms is in
`styles.contract`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styles.contract import Card, ResolvedStyle, StyleSummary

#: The alias of the version that jobs get, and of the one that was it before.
LIVE, PREVIOUS = "live", "previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleVersion:
    """One version, as it was published and stays for ever."""

    style: str
    version: int
    digest: str  #: of the weights file
    base: str
    format: str
    architecture: str
    bytes: int  #: of the weights file
    card: Card
    preview: str  #: digest of the preview picture, or ""
    created: str  #: ISO 8601, UTC

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> StyleVersion:
        """From a row of `version` joined with its weights' size."""
        values = {name: row[name] for name in cls.__slots__}
        return cls(
            **values | {"card": Card.from_mapping(json.loads(row["card"])), "preview": row["preview"] or ""}
        )

    @property
    def resolved(self) -> ResolvedStyle:
        """The version as balancer and runner know it."""
        return ResolvedStyle(
            name=self.style,
            version=self.version,
            digest=self.digest,
            base=self.base,
            format=self.format,
            architecture=self.architecture,
            bytes=self.bytes,
        )

    def summary(self, aliases: Mapping[str, int]) -> StyleSummary:
        """Its style as the list shows it, where this version is the live one."""
        return StyleSummary(
            name=self.style,
            title=self.card.title,
            artist=self.card.artist,
            year=self.card.year,
            description=self.card.description,
            preview=blob_path(self.preview),
            aliases=aliases,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A style with its aliases and versions; one that is not retired has a version that is live."""

    name: str
    aliases: Mapping[str, int]
    versions: tuple[StyleVersion, ...]  #: newest first
    retired: str = ""  #: since when, ISO 8601, UTC; "" for one that can be asked for

    @property
    def live(self) -> StyleVersion:
        """The version that jobs get. Raises LookupError for a retired style."""
        live = self.aliases[LIVE]
        return next(v for v in self.versions if v.version == live)

    @property
    def summary(self) -> StyleSummary:
        """The style as the list shows it: by the card of its live version."""
        return self.live.summary(self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A blob that can be served."""

    digest: str
    path: Path
    bytes: int
    media_type: str


def blob_path(digest: str) -> str:
    """The path of a blob below the registry's address; "" for no blob."""
    return f"/blobs/{digest.removeprefix('sha256:')}" if digest else ""
