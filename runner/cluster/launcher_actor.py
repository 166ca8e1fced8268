"""Start a launcher on the node that Ray has chosen, and hold the device until it ends.

Ray makes an actor of this class; it needs nothing of Ray by itself.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from typing import Any

from runner.cluster.secure_connections import SECRET, TLS_FILES
from runner.fleet.devices import clean_environment
from styles.service.child_processes import python_command

#: Seconds for the launcher's imports, on a busy node.
START_SECONDS = 60.0
#: Variables by which Ray limits its workers to one thread; a runner gets its number by an argument.
OF_WORKERS = ("OMP_NUM_THREADS",)


class LauncherActor:
    """Hold one launcher process after the other."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        """Take the fields of `LauncherSettings`."""
        self._settings = dict(settings)
        self._alive = -1  # descriptor that the end of the launcher closes at its other end

    def launch(self) -> str:
        """Start a launcher; return the name of the node. Raises RuntimeError with the reason."""
        alive, theirs = os.pipe()
        try:
            self._start(theirs)
        except BaseException:
            os.close(alive)
            raise
        self._alive = alive
        return socket.gethostname()

    def _start(self, theirs: int) -> None:
        """Start a launcher that holds the descriptor `theirs`, which is closed here."""
        with tempfile.TemporaryFile() as said:  # a pipe would stay open with the launcher
            try:
                started = subprocess.run(
                    python_command("runner.cluster.launcher_process"),
                    input=json.dumps(self._settings).encode(),
                    stdout=said,
                    pass_fds=[theirs],
                    env=launcher_environment(os.environ),
                    timeout=START_SECONDS,
                    check=False,
                )
            finally:
                os.close(theirs)
            said.seek(0)
            if started.returncode:
                raise RuntimeError(said.read().decode(errors="replace").strip() or "no launcher starts")

    def wait(self) -> None:
        """Return when the launcher has ended."""
        while os.read(self._alive, 1):
            pass
        os.close(self._alive)


def launcher_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a launcher may see: the variables of a runner process, and its own credentials."""
    kept = {name: environment[name] for name in (SECRET, *TLS_FILES) if name in environment}
    return {n: v for n, v in clean_environment(environment).items() if n not in OF_WORKERS} | kept
