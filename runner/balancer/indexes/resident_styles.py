"""Index the runners by the styles and the networks that they hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from styles.service.bounded_dict import BoundedDict


@dataclass(slots=True, kw_only=True, eq=False)
class Holder:
    """Hold the styles of a runner, those of its batches included."""

    styles: frozenset[str] = frozenset()
    bases: Counter[str] = field(default_factory=Counter)  #: how many of the styles stand on each base


H = TypeVar("H", bound=Holder)


class ResidentStyles(BoundedDict[str, str], Generic[H]):
    """Map the digest of each style to that of its base; find the runners that hold a style or a base."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._by_style: dict[str, set[H]] = {}
        self._by_base: dict[str, set[H]] = {}

    def with_style(self, digest: str) -> AbstractSet[H]:
        """Return the runners that hold a style."""
        return self._by_style.get(digest, frozenset())

    def with_base(self, base: str) -> AbstractSet[H]:
        """Return the runners that hold a style on a base."""
        return self._by_base.get(base, frozenset())

    def hold(self, holder: H, styles: frozenset[str]) -> None:
        """Note what a runner holds from now on."""
        if styles is holder.styles or styles == holder.styles:
            return
        for digest in holder.styles - styles:
            _remove(self._by_style, digest, holder)
            self._count(holder, self.get(digest), -1)
        for digest in styles - holder.styles:
            self._by_style.setdefault(digest, set()).add(holder)
            self._count(holder, self.get(digest), 1)
        holder.styles = styles

    def __setitem__(self, digest: str, base: str) -> None:
        """Record on which base network a style is."""
        if (before := self.get(digest)) != base:
            for holder in self.with_style(digest):
                self._count(holder, before, -1)
                self._count(holder, base, 1)
        super().__setitem__(digest, base)

    def popitem(self, last: bool = True) -> tuple[str, str]:
        """Forget the base of the style whose entry is the oldest."""
        digest, base = super().popitem(last)
        for holder in self.with_style(digest):
            self._count(holder, base, -1)
        return digest, base

    def _count(self, holder: H, base: str | None, number: int) -> None:
        if base is None:
            return
        holder.bases[base] += number
        if not holder.bases[base]:
            del holder.bases[base]
            _remove(self._by_base, base, holder)
        elif holder.bases[base] == number:
            self._by_base.setdefault(base, set()).add(holder)


def _remove(holders: dict[str, set[H]], key: str, holder: H) -> None:
    holders[key].discard(holder)
    if not holders[key]:
        del holders[key]
