"""When a runner process is worn out, and a fresh one is to take its place. Values only.

    RecyclingPolicy.due   what one report after another says of that

What counts is the memory that stays. A report is of a moment in which the next photos may be open already,
and one of 50 megapixels takes 2 GB while it is painted; so several reports in a row must be over the limit.
"""

from __future__ import annotations

import logging

from runner.protocol.messages import Report

log = logging.getLogger(__name__)

#: Reports in a row that must be over the limit. Photos of 50 megapixels seldom come five at a time, and
#: where they do, a fresh process costs nobody anything.
REPORTS = 5
#: A process that is over the limit within so many batches needs what it takes. A fresh one would need it too,
#: so it is left alone, and may grow by half from there.
YOUNG_BATCHES = 100
#: After so many batches a process is replaced whatever it weighs: about a day's work of two cores. It bounds
#: all that leaks and is not memory, such as files and threads of native code.
MAX_BATCHES = 500_000


class RecyclingPolicy:
    """How worn one process is."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes; 0: whatever it weighs and however much it has painted, it stays."""
        self._limit = limit
        self._over = 0
        self._said = False

    def due(self, report: Report) -> str:
        """Why it is to be replaced, or nothing; said once."""
        if not self._limit or self._said:
            return ""
        self._over = self._over + 1 if report.memory > self._limit else 0
        why = ""
        if self._over >= REPORTS:
            why = self._heavy(report)
        elif report.batches >= MAX_BATCHES:
            why = f"it has painted {report.batches} batches"
        self._said = bool(why)
        return why

    def _heavy(self, report: Report) -> str:
        if report.batches >= YOUNG_BATCHES:
            return f"it weighs {report.memory >> 20} MiB, over {self._limit >> 20}"
        log.warning(
            "a runner weighs %d MiB after %d batches, over recycle_bytes (%d MiB): it needs that, and stays",
            *(report.memory >> 20, report.batches, self._limit >> 20),
        )
        self._limit = report.memory * 3 // 2
        self._over = 0
        return ""
