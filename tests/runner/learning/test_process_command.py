from __future__ import annotations

from runner.learning.process_command import WORKER, learning_command
from runner.learning.worker.settings import Rank
from styles.service.cgroup import spare_cores


def test_learning_takes_the_cores_that_other_work_can_spare() -> None:
    for device, threads in (("cpu", spare_cores()), ("cuda:0", 1)):
        command = learning_command(WORKER, device, Rank.IDLE)
        assert command[command.index("--threads") + 1] == str(threads)
        assert command[command.index("--device") + 1] == device
