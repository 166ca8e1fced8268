"""The place where mail is handed over: a socket or a port of this machine, and nobody else's."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from mailbot.lmtp.server import listening
from mailbot.settings.lmtp import Lmtp
from mailbot.storage.ledger_rows import RawMessage
from styles.service.config import ConfigError
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.mailbot.servers.lmtp import hand_over

OWN = ("bot@painter.example",)


async def take(_raw: RawMessage) -> bool:
    return True


async def test_a_port() -> None:
    unused_port = free_port()
    place = Lmtp(listen=f"127.0.0.1:{unused_port}")
    async with listening(place, OWN, 1000, take):
        assert (await hand_over(place, "ann@example.org", OWN, b"x"))[0].startswith("250")
        with pytest.raises(ConfigError, match=f"cannot listen at 127.0.0.1:{unused_port}"):
            async with listening(place, OWN, 1000, take):
                pass


async def test_the_folder_of_a_socket_says_who_may_connect(tmp_path: Path) -> None:
    place = Lmtp(listen=f"unix:{tmp_path}/lmtp")
    async with listening(place, OWN, 1000, take):
        assert (tmp_path / "lmtp").stat().st_mode & 0o777 == 0o666
    assert not (tmp_path / "lmtp").exists()


async def test_the_socket_of_a_killed_bot_makes_way(tmp_path: Path) -> None:
    place = Lmtp(listen=f"unix:{tmp_path}/lmtp")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(place.path))
    async with listening(place, OWN, 1000, take):
        assert (await hand_over(place, "ann@example.org", OWN, b"x"))[0].startswith("250")


async def test_the_place_of_another_is_left_to_it(tmp_path: Path) -> None:
    place = Lmtp(listen=f"unix:{tmp_path}/lmtp")
    async with listening(place, OWN, 1000, take):
        with pytest.raises(ConfigError, match="another program takes mail"):
            async with listening(place, OWN, 1000, take):
                pass
        assert (await hand_over(place, "ann@example.org", OWN, b"x"))[0].startswith("250")
    (tmp_path / "lmtp").write_text("a letter")
    with pytest.raises(ConfigError, match="is a file, and no socket"):
        async with listening(place, OWN, 1000, take):
            pass
    assert (tmp_path / "lmtp").read_text() == "a letter"


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"make the folder {tmp_path}/run first"):
        async with listening(Lmtp(listen=f"unix:{tmp_path}/run/lmtp"), OWN, 1000, take):
            pass
