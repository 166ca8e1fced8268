"""What balancer and launchers say to each other."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from runner.cluster.relay_messages import VERSION, Hello, frame_to_hello, number_of, relay_frame
from runner.protocol.framing import Frame, WireError


def test_a_hello_there_and_back() -> None:
    hello = Hello(ticket="t", launcher="l", node="10.0.0.2", free=7, version=VERSION)
    assert frame_to_hello(relay_frame("hello", **asdict(hello))) == hello
    assert hello.version


HELLO = asdict(Hello(ticket="t", launcher="l", node="n", free=7, version=VERSION))


@pytest.mark.parametrize(
    "frame",
    [None, Frame({}), Frame({"ticket": "t"}), *[Frame({**HELLO, "free": f}) for f in ("much", float("inf"))]],
)
def test_a_hello_that_makes_no_sense(frame: Frame | None) -> None:
    with pytest.raises(WireError):
        frame_to_hello(frame)


def test_numbers() -> None:
    assert number_of(relay_frame("started", pid=7), "pid") == 7
    assert number_of(relay_frame("ended", status=-9), "status") == -9
    with pytest.raises(WireError):
        number_of(Frame({"pid": "7"}), "pid")
