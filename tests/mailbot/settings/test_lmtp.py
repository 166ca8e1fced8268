"""Where mail may be handed over: this machine alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from mailbot.settings.lmtp import Lmtp


def test_a_socket_and_ports_of_this_machine() -> None:
    assert Lmtp(listen="unix:/run/mailbot/lmtp.sock").path == Path("/run/mailbot/lmtp.sock")
    assert Lmtp(listen="127.0.0.1:2424").host_and_port == ("127.0.0.1", 2424)
    assert Lmtp(listen="[::1]:24").host_and_port == ("::1", 24)
    assert Lmtp().listen == ""


@pytest.mark.parametrize(
    "listen",
    ["0.0.0.0:24", "10.0.0.7:24", "example.org:24", "127.0.0.1", "127.0.0.1:99999", "unix:lmtp", ":24",
     "unix:/" + "x" * 107, "/run/lmtp.sock"],
)  # fmt: skip
def test_any_other_place_is_refused(listen: str) -> None:
    with pytest.raises(ValidationError, match="other machines may not reach it"):
        Lmtp(listen=listen)
