"""Bring about every fault of line, server and disk, and show what the bot did about it.

"Bot says" is what it logged, each kind of thing once. "Recovery" counts from when the fault was mended to the
last answer, with pauses that begin at a twentieth of a second and a timeout of half a second.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.table import Table

from benchmarks.reporting.progress import progress
from tests.fakes.mailbot.faults import Fault, Finding, World, find
from tests.fakes.mailbot.kills import disk_faults
from tests.fakes.mailbot.kills.disk_faults import small_disk
from tests.fakes.mailbot.servers import imap_faults, smtp_faults
from tests.fakes.mailbot.servers.dovecot import Dovecot, running_dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

FAULTS = (*imap_faults.FAULTS, *smtp_faults.FAULTS, *disk_faults.FAULTS)
HEADINGS = ("fault", "bot says", "mails", "answered", "refused", "doubled", "lost", "recovery")


async def run() -> Table:
    """Bring about every fault. About a minute; needs Dovecot, root for it, and the right to mount."""
    table = Table(*HEADINGS, title="faults", show_lines=True)
    with running_dovecot() as dovecot:
        for number, fault in enumerate(FAULTS):
            progress(f"{number + 1} of {len(FAULTS)}: {fault.name}")
            table.add_row(*_cells(await _find(fault, dovecot, dovecot.add_user(f"bot{number}"))))
    return table


async def _find(fault: Fault, dovecot: Dovecot, user: str) -> Finding:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "var"
        folder.mkdir()
        if fault.mounts:
            stack.enter_context(small_disk(folder, 8))
        async with Sink() as sink, FakeBalancer() as balancer:
            return await find(fault, World(folder, dovecot, user, sink, balancer))


def _cells(finding: Finding) -> list[str]:
    counts = (finding.mails, finding.answered, finding.fault.unanswered, finding.doubled, finding.lost)
    said = "; ".join(finding.deeds) or "nothing"
    return [finding.fault.name, said, *map(str, counts), f"{max(0.0, finding.seconds):.2f} s"]
