"""Keep the thumbnails of previews: three WebP pictures each, or a note that none can be made."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from registry.database.dialect import Transaction, Value
from registry.store.location import StoreParts

#: Columns of the digests, the smallest picture first (`registry.thumbnails.protocol.WIDTHS`).
SIZES = ("small", "medium", "large")
#: Previews without thumbnails, those of the newest versions first.
_WANTED = """
    SELECT preview FROM version
    WHERE preview IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM thumbnail WHERE thumbnail.preview = version.preview)
    GROUP BY preview ORDER BY max(created) DESC, preview"""


def thumbnails_wanted(db: Transaction) -> Sequence[str]:
    """Return the digests of the previews that have no thumbnails yet."""
    return [row["preview"] for row in db.rows(_WANTED)]


def keep_thumbnails(state: StoreParts, preview: str, pictures: Sequence[Path]) -> None:
    """Keep the thumbnails of a preview in the order of `SIZES`; without pictures, that none can be made."""
    with ExitStack() as copies:
        received = [copies.enter_context(state.incoming.receive(picture)) for picture in pictures]
        files = [replace(copy, media_type="image/webp") for copy in received]
        for file in files:
            state.blobs.send(file)
        with state.database.writing() as db:
            for file in files:
                state.keep(db, file)
            row: dict[str, Value] = {"preview": preview}
            row |= dict(zip(SIZES, (file.digest for file in files), strict=True)) if files else {}
            db.insert("thumbnail", row, ignore=True)
