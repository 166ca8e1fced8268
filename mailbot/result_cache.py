"""Cache the painted photos of a mail while another of its photos must wait, to save painting them again.

Only memory is used, up to a limit. A photo that was dropped is painted again with its mail.
"""

from __future__ import annotations

import asyncio
from hashlib import sha256

from styles.contract import StyleJob, StyleOptions, StyleResult

#: Bytes of all cached pictures. An answer has 17 MB at most, a hundred ordinary ones fit.
MAX_BYTES = 64_000_000

#: Key of a result: style, options, whether it is a sheet, SHA-256 of the photo.
ResultKey = tuple[str, StyleOptions, bool, str]


class ResultCache:
    """Keep painted photos by mail and job, and drop those of the longest waiting mail first.

    A mail is read anew each time, and its jobs have the same ids then. But "surprise me" may be another style
    by now, so a painting is returned only to a job that asks for the same.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._kept: dict[int, tuple[str, dict[str, tuple[ResultKey, StyleResult]]]] = {}

    async def get(self, message: int, job: StyleJob) -> StyleResult | None:
        """Return the photo of that job, if it is kept."""
        _, jobs = self._kept.get(message, ("", {}))
        if job.id not in jobs:  # a photo is hashed only where one is kept
            return None
        key, result = jobs[job.id]
        return result if key == await asyncio.to_thread(_key, job) else None

    async def put(self, message: int, author: str, job: StyleJob, result: StyleResult) -> None:
        """Keep a photo of a mail that `author` wrote."""
        key = await asyncio.to_thread(_key, job)
        self._kept.setdefault(message, (author.lower(), {}))[1][job.id] = key, result
        while self._bytes > self._max_bytes:
            del self._kept[next(iter(self._kept))]

    def drop(self, message: int) -> None:
        """Drop the photos of a mail that is done."""
        self._kept.pop(message, None)

    def drop_of(self, author: str) -> None:
        """Drop the photos of an author whose photos are deleted, by the address as the ledger knows it."""
        self._kept = {number: kept for number, kept in self._kept.items() if kept[0] != author.lower()}

    @property
    def _bytes(self) -> int:
        results = (result for _, jobs in self._kept.values() for _, result in jobs.values())
        return sum(len(result.image) + len(result.preview) for result in results)


def _key(job: StyleJob) -> ResultKey:
    """Return the key of a job's result. Blocks while the photo is hashed, about 10 ms for 10 MB."""
    return job.style, job.options, job.sheet, sha256(job.image).hexdigest()
