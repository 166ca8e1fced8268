"""A server of the tests' own that speaks S3, and a bucket of its own for each test.

with S3Server() as server:
    blobs, endpoint = server.new_bucket(), server.url
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from itertools import count
from types import TracebackType
from typing import Self

#: What a client needs in its environment; the server lets everybody in.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
#: Says its port, and serves until its input ends, which it does when this process is gone.
PROGRAM = """
import sys
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


class S3Server:
    """A server in a process of its own, since nothing of it belongs into the registry's."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __enter__(self) -> Self:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([sys.executable, "-c", PROGRAM], text=True, **pipes)  # type: ignore[call-overload]
        self.url = f"http://127.0.0.1:{int(self._process.stdout.readline())}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Closes the port: connections are refused."""
        self._process.kill()
        self._process.communicate()

    def new_bucket(self) -> str:
        """The URL of an empty bucket and a prefix in it."""
        name = f"bucket-{next(self._numbers)}"
        request = urllib.request.Request(f"{self.url}/{name}", method="PUT")
        urllib.request.urlopen(request).close()
        return f"s3://{name}/some/prefix"
