"""`python -m tests.fakes.runner.told FILE`: a process that has a balancer's pid file, and says when SIGUSR1
comes.

A process of its own: in that of the tests OpenVINO leaves a signal stack that is gone when its models are,
and the signal would end the tests.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from runner import pid_file


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
    with pid_file.written(Path(sys.argv[1])):
        print("ready", flush=True)
        while signal.sigwait([signal.SIGUSR1]):
            print("told", flush=True)


if __name__ == "__main__":
    main()
