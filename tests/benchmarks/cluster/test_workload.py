"""Mails as people send them."""

from __future__ import annotations

import random
from collections import Counter

from benchmarks.cluster.workload import PHOTOS, Gallery, Workload
from runner.balancer.render_plan import find


async def test_every_job_has_a_plan_and_a_size_of_its_own() -> None:
    workload, gallery = Workload(random.Random(1)), Gallery()
    jobs = [job for _ in range(300) for job in workload.mail("ann").jobs]
    assert len({job.id for job in jobs}) == len({bytes(job.image) for job in jobs}) == len(jobs)
    plans = [await find(job, gallery) for job in jobs]
    assert all(plan.digests <= gallery.bases.keys() for plan in plans)
    assert 1_000_000 < sum(len(job.image) for job in jobs) / len(jobs) < 6_000_000


async def test_the_list_of_live_styles_is_made_once() -> None:
    gallery = Gallery()
    assert await gallery.live() is await gallery.live()
    assert [style.name for style in await gallery.summaries(["s2", "no"])] == ["s2"]


def test_shares_are_those_of_the_table() -> None:
    workload = Workload(random.Random(2))
    counts = Counter(len(workload.mail("ann").jobs) for _ in range(2000))
    assert abs(counts[1] / 2000 - PHOTOS[1] / 100) < 0.05
