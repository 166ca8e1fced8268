"""The bot with several balancers, one of which vanishes."""

from __future__ import annotations

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, answering, asking, until_census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer


async def test_mails_whose_balancer_vanishes_are_answered_once_each(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    """Some photos have come to both balancers."""
    balancer.vanishes = True
    inbox = Folder(*(asking(number, sender=f"ann{number}@example.org") for number in range(20)))
    async with FakeBalancer() as other:
        balancer.others = (other.url,)
        async with answering(inbox, ledger, balancer, sink):
            answers = await sink.wait_for(20)
            await until_census(ledger, "message.done", 20)
    assert len({answer["In-Reply-To"] for answer in answers}) == len(sink.messages) == 20
    ours = {job["job"] for job in balancer.jobs}
    assert ours
    assert ours < {job["job"] for job in other.jobs}
    assert {job["job"] for job in other.jobs if "suspect" in job} == ours
