"""Run a launcher as a process of its own, which outlives the one that started it.

Ray's processes end when Ray's head is away for a minute, and take their children along. So this one leaves
them: it has another parent and session. It does not see Ray's credentials. It ends by itself, see
`NodeLauncher`. Its settings come as JSON on standard input.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys

from runner.cluster.node_launcher import NodeLauncher
from runner.cluster.relay_messages import LauncherSettings
from styles.service import logs
from styles.service.config import ConfigError

log = logging.getLogger(__name__)


def main() -> None:
    """Leave the parent, and serve the balancer.

    Exits with 1 and a sentence: on standard output before it has left, and then in the log of Ray's worker.
    """
    settings = LauncherSettings(**json.load(sys.stdin))
    try:
        launcher = NodeLauncher(settings)
        leave_parent()
    except (ConfigError, OSError) as error:
        print(error)
        sys.exit(1)
    os.dup2(2, 1)  # else runners could write without end into the file in which the actor looks
    logs.set_up("launcher", as_json=settings.json_logs, prefix=f"launcher[{os.getpid()}] ")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(launcher.run())
    except OSError as error:
        log.error("the launcher ends: %s", error)  # noqa: TRY400 - the error says it all
        sys.exit(1)


def leave_parent() -> None:
    """Go on in a process that is no descendant of the one that started this, nor in its session."""
    if os.fork():
        os._exit(0)
    os.setsid()


if __name__ == "__main__":
    main()
