"""The order of senders finds what a walk through all of them would find."""

from __future__ import annotations

import random
from collections import Counter, OrderedDict
from collections.abc import Iterator

import pytest

from runner.balancer.batching import QueuedJob
from runner.balancer.indexes.sender_order import SenderOrder, SenderQueue
from runner.balancer.queue import Queue
from tests.fakes.runner.fleet import a_style
from tests.fakes.runner.queued import ONE, a_sheet, photo

STYLES = [a_style("x", base="b"), a_style("y", base="b"), a_style("z", base="own")]


class PlainOrder:
    """The same order without an index: a list of senders, each with its photos."""

    def __init__(self) -> None:
        self.senders: OrderedDict[str, list[QueuedJob]] = OrderedDict()
        self.taken: Counter[str] = Counter()

    def add(self, job: QueuedJob) -> None:
        sender = job.job.sender
        if sender not in self.senders:
            names = list(self.senders)
            while sender not in self.taken and names and names[-1] in self.taken:
                names.pop()
            at = len(names) if sender not in self.taken else len(self.senders)
            rows = list(self.senders.items())
            rows.insert(at, (sender, []))
            self.senders = OrderedDict(rows)
        self.senders[sender].insert(0 if job.alone else len(self.senders[sender]), job)

    def remove(self, job: QueuedJob) -> None:
        photos = self.senders[job.job.sender]
        photos.remove(job)
        if not photos:
            del self.senders[job.job.sender]

    def take(self, batch: list[QueuedJob]) -> None:
        for job in batch:
            self.remove(job)
        for job in batch:
            self.taken[job.job.sender] += 1
        for sender in dict.fromkeys(job.job.sender for job in batch):
            if sender in self.senders:
                self.senders.move_to_end(sender)

    def done(self, batch: list[QueuedJob]) -> None:
        self.taken.subtract(job.job.sender for job in batch)
        self.taken = +self.taken

    def fronts(self) -> Iterator[QueuedJob]:
        seen = set()
        for photos in self.senders.values():
            fronts = photos[:1] + [job for job in photos if not job.large][: photos[0].large]
            for job in fronts:
                if job.shares and job.key in seen:
                    continue
                if job.shares:
                    seen.add(job.key)
                yield job

    def batch(self, first: QueuedJob, max_pixels: int) -> list[QueuedJob]:
        places = first.batch_capacity(max_pixels)
        names = [name for name in self.senders if name != first.job.sender] + [first.job.sender]
        lines = [
            [p for p in self.senders[name] if p.key == first.key and p.shares and p is not first]
            for name in names
        ]
        batch = [first]
        while places > 1 and any(lines):
            batch += [line.pop(0) for line in lines if line]
        return batch[:places]


def a_photo(dice: random.Random) -> QueuedJob:
    sender = f"s{dice.randrange(9)}"
    kind = dice.random()
    if kind < 0.06:
        return a_sheet(sender)
    if kind < 0.12:
        return photo(sender, size=8192, large_pixels=50 * ONE, alone=dice.random() < 0.3)
    if kind < 0.2:
        return photo(sender, alone=True)
    return photo(sender, style=dice.choice(STYLES), size=dice.choice([512, 1024]))


@pytest.mark.parametrize("seed", range(12))
def test_it_decides_as_a_walk_through_all_senders_would(seed: int) -> None:
    dice = random.Random(seed)
    queue: Queue[QueuedJob] = Queue()
    plain, away = PlainOrder(), []
    for _ in range(400):
        chosen = dice.random()
        if chosen < 0.5:
            job = a_photo(dice)
            queue.add(job)
            plain.add(job)
        elif chosen < 0.6 and len(queue):
            job = dice.choice(list(queue))
            assert queue.remove(job)
            plain.remove(job)
        elif chosen < 0.8 and len(queue):
            first = dice.choice(list(queue.fronts()))
            batch = queue.batch(first, 4 * ONE)
            assert batch == plain.batch(first, 4 * ONE)
            queue.take(batch)
            plain.take(batch)
            away.append(batch)
        elif away:
            batch = away.pop(dice.randrange(len(away)))
            queue.done(batch)
            plain.done(batch)
        assert list(queue) == [job for photos in plain.senders.values() for job in photos]
        assert list(queue.fronts()) == list(plain.fronts())
        heaviest = max(plain.senders.values(), key=len, default=[])
        if len(heaviest) > 1 and not heaviest[-1].alone:
            assert queue.newest_of_heaviest() is heaviest[-1]


def test_nothing_is_left_of_those_who_leave() -> None:
    order: SenderOrder[QueuedJob] = SenderOrder()
    queue: SenderQueue[QueuedJob] = SenderQueue(sender="ann")
    for job in (first := photo("ann"), second := photo("ann", size=512)):
        queue.add(job, first=False)
    order.put_last(queue)
    assert list(order.heads()) == [first]
    assert list(order.sharing(second.key)) == [queue]
    order.leave(queue)
    assert (list(order.heads()), list(order.sharing(second.key)), order.heaviest()) == ([], [], None)
