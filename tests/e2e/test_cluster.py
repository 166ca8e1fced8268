"""Twenty mails in flight while a node of a Ray cluster dies, or the balancer: twenty answers, one each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from runner.cluster.secure_connections import SECRET
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.cluster.ray_cluster import RayCluster, require_ray
from tests.fakes.runner.cluster.ray_fleet import RELAY_SECRET
from tests.fakes.system import System
from tests.fakes.waiting import until

pytestmark = pytest.mark.cluster
COUNT = 20


@pytest.mark.parametrize("what", ["node", "balancer"])
async def test_twenty_answers_one_each(dovecot: Dovecot, sink: Sink, tmp_path: Path, what: str) -> None:
    require_ray()
    async with RayCluster() as cluster:
        system = System(
            tmp_path, mailbox(dovecot, sink, dovecot.add_user(tmp_path.name)), host=cluster.host,
            runner=(
                f'fleet = "ray"\nprocesses = 2\n[runner.ray]\naddress = "{cluster.address}"\n'
                f'host = "{cluster.host}"\nport = 0\nprivate_network = "{cluster.private_network}"\n'
            ),
        )  # fmt: skip
        try:
            await system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password, SECRET: RELAY_SECRET})
            await until(lambda: nodes(system) == {cluster.address_of(node) for node in cluster.nodes}, 120)
            wanted = deliver(dovecot, tmp_path.name)
            await sink.wait_for(2, 120)
            if what == "node":
                await cluster.kill_node(1)
            else:
                await system.back("balancer", system.kill("balancer"))
            assert len(sink.messages) < COUNT, "the kill came too late to prove anything"
            while len(answered(sink)) < COUNT:
                await sink.wait_for(len(sink.envelopes) + 1, 180)
            left = [0] if what == "node" else cluster.nodes
            await until(lambda: nodes(system) == {cluster.address_of(node) for node in left}, 120)
        finally:
            code = system.stop()
    assert code == 0
    assert answered(sink) == dict.fromkeys(wanted, 1)
    assert all(any(p.get_content_type() == "image/jpeg" for p in a.walk()) for a in sink.messages)


def mailbox(dovecot: Dovecot, sink: Sink, user: str) -> str:
    return (
        f'[mail.imap]\nhost = "127.0.0.1"\nport = {dovecot.port}\ntls = "none"\nusername = "{user}"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {sink.port}\ntls = "none"\n'
    )


def deliver(dovecot: Dovecot, user: str) -> list[str]:
    """Mails with a photo each, which takes some tenths of a second; their Message-IDs."""
    large = photo(1600, 1200)
    wanted = [f"<{number}@mail.example>" for number in range(COUNT)]
    for number, message_id in enumerate(wanted):
        style = ("starry night", "great wave")[number % 2]
        dovecot.deliver(user, mail(style, images=[("p.jpg", large)], message_id=message_id))
    return wanted


def nodes(system: System) -> set[str]:
    """The nodes whose runners take work."""
    return {runner["node"] for runner in system.status()["runners"] if runner["state"] == "ready"}


def answered(sink: Sink) -> Counter[str]:
    """How often each mail was answered, by its Message-ID."""
    return Counter(str(answer["In-Reply-To"]) for answer in sink.messages)
