"""Kill the bot at every point of its walk three times, and show what became of every mail.

Each row is a point of the walk; its mails are those delivered for the deaths there. "Twice" are answers that
went out again in SMTP's one window, as the same bytes with the same Message-ID. "Wrong" is every lost
mail, and every other difference between what became of a mail and what should have.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from benchmarks.reporting.progress import progress
from tests.fakes.mailbot.kills.kill_harness import Harness, Kill, Outcome
from tests.fakes.mailbot.kills.kill_mails import REFUSED
from tests.fakes.mailbot.kills.kill_plan import POINTS, plan
from tests.fakes.mailbot.kills.kill_sources import MailboxSource
from tests.fakes.mailbot.servers.dovecot import running_dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Deaths at each place.
TIMES = 3
HEADINGS = ("killed at", "deaths", "mails", "answered", "twice", "silent", "set aside", "refused", "wrong")


async def run() -> Table:
    """Run every kill. Some minutes; needs Dovecot, and root for it."""
    with running_dovecot() as dovecot, tempfile.TemporaryDirectory() as folder:
        user = dovecot.add_user("bot")
        async with Sink() as sink, FakeBalancer() as balancer:
            sink.refused = (REFUSED,)
            async with Harness(Path(folder), MailboxSource(dovecot, user), sink, balancer) as harness:
                for point, nth in plan(TIMES):
                    progress(f"killed at {point}")
                    await harness.kill_at(point, nth)
                await harness.settle()
            return _table(harness.kills, harness.outcomes())


def _table(kills: Sequence[Kill], outcomes: Sequence[Outcome]) -> Table:
    table = Table(*HEADINGS, title="kills")
    by_number = {outcome.sample.number: outcome for outcome in outcomes}
    for point in POINTS:
        deaths = [kill for kill in kills if kill.point == point]
        found = [by_number[mail.number] for kill in deaths for mail in kill.mails]
        table.add_row(point, str(len(deaths)), *_cells(found))
    table.add_section()
    table.add_row("all", str(len(kills)), *_cells(outcomes))
    return table


def _cells(outcomes: Sequence[Outcome]) -> list[str]:
    fates = [outcome.fate for outcome in outcomes]
    counts = (
        len(outcomes),
        fates.count("answered"),
        sum(outcome.copies > 1 for outcome in outcomes),
        fates.count("silent"),
        fates.count("quarantined"),
        fates.count("failed"),
        sum(not outcome.is_right for outcome in outcomes),
    )
    return [str(count) for count in counts]
