"""Several balancers: which one a sender's photos go to, and what follows when it is away."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from hashlib import blake2b

import pytest

from runner.client import RunnerClient
from runner.http import balancer_connection as connection_module
from runner.http.failover import ranked
from styles.errors import BalancerUnavailable, Busy, DeadlineExceeded, RunnerDied, Unpaintable
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.proxy import Proxy
from tests.fakes.runner.balancer import FakeBalancer, painted
from tests.fakes.runner.fleet import a_job, inverted
from tests.fakes.runner.served import Served, serving
from tests.fakes.waiting import until

THREE = [f"http://painter-{number}:8481" for number in range(3)]


@contextmanager
def nobody() -> Iterator[str]:
    """The URL of a port that refuses connections."""
    with socket.socket() as held:  # bound and not listening
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


def sender_of(first: str, urls: list[str]) -> str:
    """A sender whose photos go to `first`."""
    return next(name for number in range(1000) if ranked(urls, name := f"sender {number}")[0] == first)


# The choice


def test_the_weight_is_blake2b_of_url_and_sender() -> None:
    def weight(url: str) -> int:
        return int.from_bytes(blake2b(url.encode() + b"\0ann", digest_size=8).digest())

    assert ranked(THREE, "ann") == sorted(THREE, key=weight, reverse=True)
    assert ranked(THREE[::-1], "ann") == ranked(THREE, "ann")


def test_senders_are_spread_evenly() -> None:
    counts = Counter(ranked(THREE, f"sender {number}")[0] for number in range(3000))
    assert all(900 < counts[url] < 1100 for url in THREE)


def test_only_the_senders_of_a_balancer_that_leaves_move() -> None:
    for number in range(300):
        first, second, _ = ranked(THREE, f"sender {number}")
        for gone in THREE:
            left = [url for url in THREE if url != gone]
            assert ranked(left, f"sender {number}")[0] == (second if gone == first else first)


# One that is away


async def test_all_photos_of_a_sender_go_to_one_balancer() -> None:
    async with FakeBalancer() as one, FakeBalancer() as other:
        urls = [one.url, other.url]
        async with RunnerClient(*urls) as client:
            for number in range(20):
                await client.run(a_job(str(number), sender=f"sender {number % 5}"))
    for balancer in (one, other):
        mine = {job["sender"] for job in balancer.jobs}
        assert mine == {s for s in map("sender {}".format, range(5)) if ranked(urls, s)[0] == balancer.url}


async def test_the_next_one_paints_while_the_first_is_away() -> None:
    async with FakeBalancer() as there:
        with nobody() as gone:
            async with RunnerClient(gone, there.url) as client:
                result = await client.run(a_job(sender=sender_of(gone, [gone, there.url])))
    assert result.image == painted(b"photo")
    assert [job.get("suspect") for job in there.jobs] == [None]  # the first never had it


async def test_it_goes_back_to_the_first_one_when_that_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "AWAY_SECONDS", 0.0)
    port = free_port()
    first = f"http://127.0.0.1:{port}"
    async with FakeBalancer() as second, RunnerClient(first, second.url) as client:
        sender = sender_of(first, [first, second.url])
        await client.run(a_job("1", sender=sender))
        async with serving(port=port) as back:
            result = await client.run(a_job("2", sender=sender))
        assert result.image == inverted(b"photo")
        assert back.fleet.painted == [[b"photo"]]
        assert [job["job"] for job in second.jobs] == ["1"]
        await client.run(a_job("3", sender=sender))
        assert [job["job"] for job in second.jobs] == ["1", "3"]


async def test_one_that_is_away_is_left_alone_for_a_while() -> None:
    connections = 0

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, FakeBalancer() as other, RunnerClient(url, other.url) as client:
        sender = sender_of(url, [url, other.url])
        for number in range(5):
            await client.run(a_job(str(number), b"photo %d" % number, sender=sender))
    assert (connections, len(other.jobs)) == (1, 5)


async def test_where_all_are_away_the_error_says_so_and_each_is_tried() -> None:
    with nobody() as one, nobody() as other:
        async with RunnerClient(one, other) as client:
            for _ in range(2):  # also while both count as away
                with pytest.raises(BalancerUnavailable):
                    await client.run(a_job())


async def test_one_that_stops_hands_its_senders_on(served: Served) -> None:
    served.balancer.draining = True
    async with FakeBalancer() as other, RunnerClient(served.url, other.url) as client:
        for number in range(3):
            await client.run(a_job(str(number), sender=sender_of(served.url, [served.url, other.url])))
    assert [job.get("suspect") for job in other.jobs] == [None] * 3
    assert served.balancer.stats.failed == {"BalancerUnavailable": 1}  # the others were not sent there


@pytest.mark.parametrize(
    ("fault", "kind"),
    [((429, "Later.", "Busy"), Busy), ((502, "It died.", "RunnerDied"), RunnerDied)],
)
async def test_what_a_balancer_answers_stays_its_own_affair(
    fault: tuple[int, str, str], kind: type[Exception]
) -> None:
    """A full queue is full for the senders that filled it, and must not fill the next one."""
    async with FakeBalancer() as first, FakeBalancer() as second:
        first.faults.append(fault)
        async with RunnerClient(first.url, second.url) as client:
            with pytest.raises(kind):
                await client.run(a_job(sender=sender_of(first.url, [first.url, second.url])))
    assert second.jobs == []


async def test_one_whose_runners_are_gone_is_away_until_it_has_some() -> None:
    async with serving(batch_seconds=0.1, deadline_seconds=0.3) as first, FakeBalancer() as second:
        sender = sender_of(first.url, [first.url, second.url])
        async with RunnerClient(first.url, second.url) as client:
            first.fleet.set("r0", "down")
            for number in range(3):
                await client.run(a_job(str(number), b"photo %d" % number, sender=sender))
                await client.status()  # it answers, but that does not bring it back
            assert [job.get("suspect") for job in second.jobs] == [None] * 3
            assert first.balancer.stats.failed == {"DeadlineExceeded": 1}  # the others did not wait there


async def test_a_photo_that_is_late_is_not_sent_on_while_there_are_runners() -> None:
    async with serving(batch_seconds=0.1, deadline_seconds=0.3) as first, FakeBalancer() as second:
        first.fleet.gate.clear()
        async with RunnerClient(first.url, second.url) as client:
            with pytest.raises(DeadlineExceeded):
                await client.run(a_job(sender=sender_of(first.url, [first.url, second.url])))
    assert second.jobs == []


async def test_one_alone_is_asked_though_it_is_not_ready(served: Served) -> None:
    served.fleet.set("r0", "down")
    async with RunnerClient(served.url) as client:
        job = asyncio.create_task(client.run(a_job()))
        await until(lambda: len(served.balancer.queue))
        served.fleet.set("r0", "ready")
        assert (await job).image == inverted(b"photo")


async def test_the_balancer_that_holds_a_job_gives_its_estimate() -> None:
    async with FakeBalancer() as first, FakeBalancer() as second:
        first.expected, second.expected = 1.0, 2.0
        first.may_paint.clear()
        second.may_paint.clear()
        async with RunnerClient(first.url, second.url) as client:
            assert await client.seconds_until_painted("1") is None
            sender = sender_of(second.url, [first.url, second.url])
            painting = asyncio.create_task(client.run(a_job("1", sender=sender)))
            await asyncio.wait_for(second.asked.wait(), 20)
            assert await client.seconds_until_painted("1") == 2.0
            second.may_paint.set()
            await painting
            assert await client.seconds_until_painted("1") is None
    assert (first.estimates, second.estimates) == (0, 1)


# Photos that kill


@asynccontextmanager
async def behind_proxies(number: int) -> AsyncIterator[tuple[list[Served], list[Proxy], list[str]]]:
    """Balancers, the proxies before them and the URLs of these, in the order in which `ann` uses them."""
    async with AsyncExitStack() as stack:
        found: dict[str, tuple[Served, Proxy]] = {}
        for _ in range(number):
            served = await stack.enter_async_context(serving())
            proxy = await stack.enter_async_context(Proxy("127.0.0.1", int(served.url.rpartition(":")[2])))
            found[f"http://127.0.0.1:{proxy.port}"] = served, proxy
        order = ranked(list(found), "ann")
        yield [found[url][0] for url in order], [found[url][1] for url in order], order


async def a_batch(served: Served) -> None:
    """Waits for a batch at a balancer whose gate is closed."""
    await asyncio.wait_for(served.fleet.arrived.wait(), 20)
    served.fleet.arrived.clear()


async def test_a_photo_that_kills_is_refused_by_all_once_one_has_refused_it() -> None:
    async with behind_proxies(2) as (balancers, _, urls), RunnerClient(*urls) as client:
        with pytest.raises(Unpaintable):
            await client.run(a_job(image=b"DIE", sender="ann"))
        for sender in ("ann", "bob", "carl"):
            with pytest.raises(Unpaintable, match="killed the runners of a balancer"):
                await client.run(a_job(image=b"DIE", sender=sender))
        await client.run(a_job(image=b"photo", sender="ann"))
        assert [len(each.fleet.batches) for each in balancers] == [3, 0]


async def test_after_failovers_it_kills_one_runner_more_at_the_most() -> None:
    """A death at the first balancer; that one and the second vanish while they hold the photo."""
    async with behind_proxies(4) as (balancers, proxies, urls), RunnerClient(*urls) as client:
        for served in balancers[:2]:
            served.fleet.gate.clear()
        job = asyncio.create_task(client.run(a_job(image=b"DIE", sender="ann")))
        await a_batch(balancers[0])
        balancers[0].fleet.gate.set()  # it kills a runner
        balancers[0].fleet.gate.clear()
        await a_batch(balancers[0])
        proxies[0].reset_all()
        await a_batch(balancers[1])
        proxies[1].reset_all()
        with pytest.raises(Unpaintable):
            await job
        deaths = [len(each.fleet.batches) for each in balancers]
        assert deaths == [2, 1, 1, 0]  # the one still held at each of the first two is not among them
        balancers[0].fleet.gate.set()
        balancers[1].fleet.gate.set()


async def test_a_harmless_photo_that_was_lost_is_painted_and_cleared() -> None:
    async with behind_proxies(2) as (balancers, proxies, urls), RunnerClient(*urls) as client:
        balancers[0].fleet.gate.clear()
        job = asyncio.create_task(client.run(a_job(sender="ann")))
        await a_batch(balancers[0])
        proxies[0].reset_all()
        assert (await job).image == inverted(b"photo")
        assert balancers[1].balancer.quarantine.is_empty
        balancers[0].fleet.gate.set()
        await client.run(a_job("2", sender="ann"))
        assert [len(each.fleet.batches) for each in balancers] == [1, 2]  # the first one counts as away


async def test_a_lost_photo_is_a_suspect_when_it_is_sent_again() -> None:
    async with behind_proxies(1) as ((served,), (proxy,), urls), RunnerClient(*urls) as client:
        served.fleet.gate.clear()
        job = asyncio.create_task(client.run(a_job(image=b"DIE", sender="ann")))
        await a_batch(served)
        proxy.reset_all()
        with pytest.raises(BalancerUnavailable):
            await job
        served.fleet.batches.clear()
        served.fleet.gate.set()
        with pytest.raises(Unpaintable):
            await client.run(a_job("2", b"DIE", sender="ann"))
        assert [task.image for _, batch in served.fleet.batches for task in batch] == [b"DIE"]
