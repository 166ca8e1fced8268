"""What was painted for mails that wait: bounded, and gone at their author's request."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mailbot.result_cache import ResultCache
from styles.contract import StyleJob, StyleOptions, StyleResult


def job(id: str) -> StyleJob:
    return StyleJob(id=id, style="mosaic", image=b"photo")


def result(job: str, size: int = 100) -> StyleResult:
    return StyleResult(
        job_id=job,
        image=b"x" * size,
        style="mosaic",
        version=1,
        seconds=0.1,
        runner="cpu-0",
        preview=b"y" * 10,
    )


async def test_what_was_painted_is_found_by_mail_and_job() -> None:
    kept = ResultCache()
    await kept.put(1, "ann@example.org", job("a"), result("a"))
    await kept.put(1, "ann@example.org", job("b"), result("b"))
    assert await kept.get(1, job("b")) == result("b")
    assert await kept.get(1, job("c")) is None
    assert await kept.get(2, job("a")) is None
    kept.drop(1)
    kept.drop(1)
    assert await kept.get(1, job("a")) is None


@pytest.mark.parametrize(
    "other", [{"style": "candy"}, {"options": StyleOptions(strength=0.5)}, {"image": b"x"}, {"sheet": True}]
)
async def test_a_job_of_the_same_id_that_asks_for_something_else_gets_nothing(other: dict[str, Any]) -> None:
    kept = ResultCache()
    await kept.put(1, "ann@example.org", job("a"), result("a"))
    assert await kept.get(1, replace(job("a"), **other)) is None
    assert await kept.get(1, replace(job("a"), sender="another"))


async def test_the_mail_that_waits_longest_makes_room() -> None:
    kept = ResultCache(max_bytes=330)
    for number in (1, 2, 3):
        await kept.put(number, "ann@example.org", job("a"), result("a"))
    assert len(kept._kept) == 3
    await kept.put(2, "ann@example.org", job("b"), result("b"))
    assert await kept.get(1, job("a")) is None
    assert await kept.get(2, job("a"))
    assert await kept.get(3, job("a"))
    await kept.put(4, "ann@example.org", job("a"), result("a", size=1000))
    assert len(kept._kept) == 0


async def test_an_author_has_their_own_dropped_and_no_others() -> None:
    kept = ResultCache()
    await kept.put(1, "ann@example.org", job("a"), result("a"))
    await kept.put(2, "bob@example.org", job("a"), result("a"))
    kept.drop_of("Ann@Example.org")
    assert await kept.get(1, job("a")) is None
    assert await kept.get(2, job("a"))
