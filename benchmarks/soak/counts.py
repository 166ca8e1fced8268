"""Count what became of every photo of the soak.

Fate      of one photo: painted, refused with a reason, gone with its sender; or a rule that is broken
Counts    all of them, by kind of photo
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """Name what became of a photo."""

    PAINTED = "painted"
    REFUSED = "refused"
    LEFT = "left"  #: its sender did not wait
    LOST = "lost"  #: neither a picture nor a reason
    WRONG = "wrong"  #: a picture that is not this photo in this style
    UNDUE = "undue"  #: refused with a reason that cannot be true, or painted what does harm


#: Those that break a rule.
BROKEN = (Fate.LOST, Fate.WRONG, Fate.UNDUE)
#: Instances of broken rules that are kept, each.
KEPT = 20


@dataclass(slots=True)
class Counts:
    """Hold the counts of everything that was sent."""

    fates: dict[str, Counter[Fate]] = field(default_factory=lambda: defaultdict(Counter))  #: by kind
    reasons: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  #: of refusals
    again: int = 0  #: refusals after which the same photo was sent again
    seconds: list[float] = field(default_factory=list)  #: of all that were painted
    broken: list[str] = field(default_factory=list)  #: the first of each, in words

    def add(self, kind: str, fate: Fate, why: str = "") -> None:
        """Count one photo's fate; `why` it was refused, or what is broken."""
        self.fates[kind][fate] += 1
        if fate == Fate.REFUSED:
            self.reasons[kind][why] += 1
        elif fate in BROKEN and len(self.broken) < KEPT:
            self.broken.append(f"{kind}, {fate}: {why}")

    def total(self, *fates: Fate, kinds: Iterable[str] | None = None) -> int:
        """Count the photos with one of these fates (all if none is named) of these kinds (all if None)."""
        counted, among = fates or tuple(Fate), list(self.fates) if kinds is None else kinds
        return sum(self.fates[kind][fate] for kind in among for fate in counted)

    def refused(self, reason: str, kinds: Iterable[str]) -> int:
        """Count the photos of these kinds that were refused for this reason."""
        return sum(self.reasons[kind][reason] for kind in kinds)

    def rows(self) -> Sequence[Sequence[str]]:
        """Return a row for each kind: sent, the fates, and the reasons of refusals."""
        return [
            [kind, str(fates.total()), *[str(fates[fate]) for fate in Fate], _worded(self.reasons[kind])]
            for kind, fates in sorted(self.fates.items())
        ]


def _worded(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
