"""Photos and sheets for a queue."""

from __future__ import annotations

from runner.balancer.batching import QueuedJob
from runner.balancer.queue import Queue
from runner.balancer.render_plan import SHEET, RenderPlan
from runner.protocol.messages import StyleShare
from styles.contract import ResolvedStyle
from tests.fakes.runner.fleet import a_job, a_style

ONE = 1024**2


def photo(
    sender: str = "ann",
    *,
    style: ResolvedStyle | None = None,
    size: int = 1024,
    alone: bool = False,
    id: str = "",
    large_pixels: int = 0,
) -> QueuedJob:
    job = a_job(id or sender, b"12345", sender=sender, size=size)
    plan = RenderPlan.one(style or a_style())
    return QueuedJob(job=job, plan=plan, alone=alone, large_pixels=large_pixels)


def a_sheet(sender: str, pictures: int = 2) -> QueuedJob:
    parts = tuple(StyleShare(digest=f"sha256:{number}") for number in range(pictures))
    plan = RenderPlan(parts=parts, base=SHEET, version=0, names=())
    return QueuedJob(job=a_job(sender, b"12345", sender=sender, sheet=True, size=64), plan=plan)


def queue_of(*photos: QueuedJob) -> Queue[QueuedJob]:
    queue: Queue[QueuedJob] = Queue()
    for each in photos:
        queue.add(each)
    return queue


def take(queue: Queue[QueuedJob], max_pixels: int) -> list[QueuedJob]:
    """The next batch, that of the photo whose turn it is."""
    for first in queue.fronts():
        batch = queue.batch(first, max_pixels)
        queue.take(batch)
        return batch
    return []


def senders(batch: list[QueuedJob]) -> list[str]:
    return [each.job.sender for each in batch]
