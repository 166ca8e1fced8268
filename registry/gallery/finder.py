"""Find styles in a store, for the gallery and for programs."""

from __future__ import annotations

from registry.gallery.listing import Listing, Wanted, listed
from registry.store.store import Store


class StyleFinder:
    """Search the styles of a store. Its calls block."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, wanted: Wanted) -> Listing:
        """Return the styles that are wanted, of those that have a live version."""
        styles = self._store.styles()
        published = self._store.published() if wanted.sort == "newest" else {}
        painted = self._store.painted() if wanted.sort == "painted" else {}
        return listed(styles, wanted, published=published, painted=painted)
