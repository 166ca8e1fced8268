"""Every fault of line, server and disk: all mail is answered in the end, and once.

Their table: `python -m benchmarks faults`.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.mailbot.faults import Fault, World, find
from tests.fakes.mailbot.kills import disk_faults
from tests.fakes.mailbot.kills.disk_faults import can_mount, small_disk
from tests.fakes.mailbot.servers import imap_faults, smtp_faults
from tests.fakes.mailbot.servers.dovecot import Dovecot
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

FAULTS = (*imap_faults.FAULTS, *smtp_faults.FAULTS, *disk_faults.FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
async def test_all_is_answered_in_the_end_and_once(
    fault: Fault, tmp_path: Path, dovecot: Dovecot, user: str, sink: Sink, balancer: FakeBalancer
) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    with ExitStack() as stack:
        if fault.mounts:
            if not can_mount(tmp_path):
                pytest.skip("no file system may be mounted here")
            stack.enter_context(small_disk(folder, 8))
        finding = await find(fault, World(folder, dovecot, user, sink, balancer))
    assert finding.is_right, finding
