"""Twenty mails in flight while every process in turn is killed: twenty answers, one each.

Where the bot itself is killed, or stopped by the death of its parent, SMTP leaves it one window: an answer
that the server had by then, and that the ledger does not yet call sent, may come again, the same to the byte.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.local_fleet import is_alive
from tests.fakes.system import System
from tests.fakes.waiting import until

COUNT = 20
#: Processes beside the bot.
OTHERS = ("runner", "balancer", "registry", "up")


@pytest.mark.parametrize("name", ["bot", *(pytest.param(n, marks=pytest.mark.slow) for n in OTHERS)])
async def test_twenty_answers_one_each(
    real_system: System, dovecot: Dovecot, sink: Sink, tmp_path: Path, name: str
) -> None:
    large = photo(1600, 1200)  # some tenths of a second each, so that the kill comes while they are in flight
    wanted = [f"<{number}@mail.example>" for number in range(COUNT)]
    for number, message_id in enumerate(wanted):
        style = ("starry night", "great wave")[number % 2]
        dovecot.deliver(tmp_path.name, mail(style, images=[("p.jpg", large)], message_id=message_id))
    await sink.wait_for(2, 90)
    bot = real_system.pid("bot")
    before = real_system.kill(name)
    if name in ("bot", "up"):
        await until(lambda: not is_alive(bot), 60)
        await sink.until_idle()
    window = set(_answered(sink)) if name in ("bot", "up") else set()
    assert len(_answered(sink)) < COUNT, "the kill came too late to prove anything"
    if name == "up":
        assert real_system.process is not None
        real_system.process.wait()
        await real_system.start({"MAILBOT_IMAP_PASSWORD": Dovecot.password})
    else:
        await real_system.back(name, before)

    while not _answered(sink).keys() >= set(wanted):
        await sink.wait_for(len(sink.envelopes) + 1, 180)
    assert real_system.stop() == 0
    answered = _answered(sink)
    assert answered.keys() == set(wanted)
    assert {number for number, times in answered.items() if times > 1} <= window
    assert len(set(sink.received)) == COUNT, "a second copy with other bytes"
    assert all(any(p.get_content_type() == "image/jpeg" for p in a.walk()) for a in sink.messages)


def _answered(sink: Sink) -> Counter[str]:
    """How often each mail was answered, by its Message-ID."""
    return Counter(str(answer["In-Reply-To"]) for answer in sink.messages)
