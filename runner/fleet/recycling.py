"""Decide when a runner process is worn out, and should be replaced. Values only.

What counts is the memory that stays. At the time of a report the next photos may be open already, and one of
50 megapixels takes 2 GB while it is painted. So several reports in a row must be over the limit. Reports
while a process paints a large photo beside its batches do not count.
"""

from __future__ import annotations

import logging

from runner.protocol.messages import Report

log = logging.getLogger(__name__)

#: Reports in a row that must be over the limit. Five photos of 50 megapixels in a row are rare, and a
#: replacement costs nobody time.
REPORTS = 5
#: Batches within which a process over the limit is left alone, and may grow by half from there. It needs
#: that memory, and a fresh one would need it too.
YOUNG_BATCHES = 100
#: Batches after which a process is replaced at any weight: about a day's work of two cores. This bounds
#: leaks other than memory, such as files and threads of native code.
MAX_BATCHES = 500_000


class RecyclingPolicy:
    """Judge how worn one process is."""

    def __init__(self, limit: int) -> None:
        """`limit` in bytes; 0: the process is never replaced."""
        self._limit = limit
        self._over = 0  # reports in a row

    def due(self, report: Report) -> str:
        """Return the reason to replace the process, once, or ""."""
        if not self._limit or report.large:
            return ""
        self._over = self._over + 1 if report.memory > self._limit else 0
        if self._over >= REPORTS:
            why = f"it weighs {report.memory >> 20} MiB, over {self._limit >> 20}"
        elif report.batches >= MAX_BATCHES:
            why = f"it has painted {report.batches} batches"
        else:
            return ""
        if report.batches < YOUNG_BATCHES:
            log.warning(
                "a runner weighs %d MiB after %d batches, over recycle_bytes (%d MiB): "
                "it needs that, and stays",
                *(report.memory >> 20, report.batches, self._limit >> 20),
            )
            self._limit = report.memory * 3 // 2
            self._over = 0
            return ""
        self._limit = 0  # the reason is given once
        return why
