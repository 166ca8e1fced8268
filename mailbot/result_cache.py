"""Keep the painted photos of a mail while another of its photos must wait, to save painting them again.

Only memory is used, up to a limit. A photo that was dropped is painted again with its mail.
"""

from __future__ import annotations

from styles.contract import StyleResult

#: Bytes of all kept pictures. An answer has 17 MB at most, a hundred ordinary ones fit.
ROOM = 64_000_000


class ResultCache:
    """Keep painted photos by mail and job, and drop those of the longest waiting mail first."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: dict[int, tuple[str, dict[str, StyleResult]]] = {}

    def get(self, message: int, job: str) -> StyleResult | None:
        """Return the photo of that job, if it is kept."""
        return self._kept[message][1].get(job) if message in self._kept else None

    def put(self, message: int, author: str, result: StyleResult) -> None:
        """Keep a photo of a mail that `author` wrote."""
        self._kept.setdefault(message, (author, {}))[1][result.job_id] = result
        while self._bytes > self._room:
            del self._kept[next(iter(self._kept))]

    def drop(self, message: int) -> None:
        """Drop the photos of a mail that is done."""
        self._kept.pop(message, None)

    def drop_of(self, author: str) -> None:
        """Drop the photos of an author who wants theirs deleted."""
        self._kept = {number: kept for number, kept in self._kept.items() if kept[0] != author}

    @property
    def _bytes(self) -> int:
        results = (result for _, jobs in self._kept.values() for result in jobs.values())
        return sum(len(result.image) + len(result.preview) for result in results)
