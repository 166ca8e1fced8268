"""Read from the balancers how often each style is painted, and keep it in the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from registry.store.store import Store
from styles.service.http.whole_body import read_whole

log = logging.getLogger(__name__)

#: Seconds between two questions. A balancer that dies takes at most the counts since the last one along.
INTERVAL_SECONDS = 60.0
#: Seconds and bytes of an answer.
TIMEOUT = aiohttp.ClientTimeout(total=10)
LARGEST_ANSWER = 4 << 20

Count = Annotated[int, Field(ge=0, lt=2**31)]


class UsageReport(BaseModel):
    """Validate the answer of a balancer: its counts by day and style."""

    model_config = ConfigDict(frozen=True, strict=True)

    source: str = Field(pattern=r"^[0-9a-f]{32}$")
    days: dict[str, dict[str, Count]] = Field(max_length=10)


class UsageReader:
    """Read the counts of balancers at their URLs."""

    def __init__(self, store: Store, urls: Sequence[str]) -> None:
        self._store = store
        self._urls = urls

    async def run(self, interval: float = INTERVAL_SECONDS) -> None:
        """Read the counts again and again until cancelled."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                for url in self._urls:
                    await self._read(session, url.rstrip("/") + "/v1/usage")
                await asyncio.sleep(interval)

    async def _read(self, session: aiohttp.ClientSession, url: str) -> None:
        """Keep the counts of one balancer. One that is away or answers something else is left out."""
        try:
            async with session.get(url, allow_redirects=False) as answer:
                body = await read_whole(answer, LARGEST_ANSWER)
            report = UsageReport.model_validate_json(body)
            for day in report.days:
                date.fromisoformat(day)
            if report.days:
                await self._store.writes(lambda: self._store.record_usage(report.source, report.days))
        except (aiohttp.ClientError, TimeoutError, ValidationError, ValueError) as error:
            log.debug("no counts from %s: %r", url, error)
        except Exception as error:  # the database is away, or its disk full: the next question comes
            log.warning("the counts of styles are not kept: %s", type(error).__name__)
