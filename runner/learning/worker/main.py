"""Run a learning process: one picture to learn from, and one connection to the balancer.

It is restricted as a runner is (`runner/process/main.py`), before it imports what decodes pictures or
learns. On a CPU it yields to others by its rank, so that photos are painted on. The loss network's file is
handed to it opened. It does what its first frame asks for, and ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import runner
import styles
from runner.learning.worker.settings import LearnerSettings, Rank
from runner.process.main import read_settings, reopen_terminal
from styles.sandbox.sandbox import LEARNER, RUNNER, apply, log_protections
from styles.service import logs
from styles.service.child_processes import die_with_parent

log = logging.getLogger(__name__)

#: Priority of a picture's process. Beside one that uses all it gets, it has a tenth of a core. In the idle
#: class it had next to nothing, and needed 27 s to read its picture at a load of 5 on two cores.
LOW = 10
#: Lowest priority of a process that is not idle by its class.
LOWEST = 19

#: Does what the connection asks for.
LearningWork = Callable[[LearnerSettings, socket.socket], None]


def _real_work() -> LearningWork:
    from runner.learning.worker.balancer_requests import work

    return work


def yield_to_others(rank: Rank) -> None:
    """Yield to other processes, from now on and with all threads."""
    if rank is not Rank.IDLE:
        os.nice(LOW if rank is Rank.LOW else 0)
        return
    with contextlib.suppress(AttributeError, OSError):  # only Linux has the class
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        return
    os.nice(LOWEST)


def main(
    import_work: Callable[[], LearningWork] = _real_work,
    packages: Sequence[ModuleType] = (runner, styles),
    *,
    yields: bool = True,
) -> None:
    """Run until the work is done, or the balancer is gone; never returns.

    `import_work` is called in the sandbox, `packages` are what it may import beside installed ones. `yields`
    says whether photos that are painted on the CPU go first.
    """
    description = "Learns from a painting that the balancer sends. `runner serve` starts it."
    settings = read_settings(LearnerSettings, "runner.learning.worker.main", description)
    die_with_parent(settings.parent, "balancer")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the balancer ends this
    logs.set_up("learning", prefix=f"learning[{os.getpid()}] ")
    is_cpu, code = settings.device == "cpu", 0
    if is_cpu and yields:
        yield_to_others(settings.rank)
    os.environ["OMP_NUM_THREADS"] = str(settings.threads)
    # A thread that waits for another one sleeps. As usual it spins, and the other one is often not running,
    # since photos go first: on a busy machine a step took ten times the processor's time.
    os.environ["OMP_WAIT_POLICY"] = "passive"
    # An optimizer imports PyTorch's compiler, which makes sure of a folder that it never writes to here.
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = styles.__path__[0]
    try:
        connection = socket.socket(fileno=settings.socket)
        reopen_terminal()
        readable = [Path(package.__path__[0]) for package in packages]
        # A limit on memory would count the GPU's too.
        held = apply(readable, LEARNER if is_cpu else RUNNER, on_gpu=not is_cpu)
        log_protections(log, "a painting is learnt from", held, "send paintings")
        import_work()(settings, connection)
    except Exception:
        log.exception("the learning process ends")
        code = 1
    logging.shutdown()
    os._exit(code)  # a plain exit would wait for threads of libraries


if __name__ == "__main__":
    main()
