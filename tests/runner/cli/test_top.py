"""`runner top` in a terminal: it draws, looks again, finds what was away, and leaves nothing behind."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.cli.history import History
from runner.cli.top import look
from runner.client import RunnerClient
from tests.fakes.mailbot.servers.dovecot import free_port
from tests.fakes.runner.served import Served, serving
from tests.fakes.terminal import ALONE, BACK, Terminal

Top = Callable[..., Terminal]


@pytest.fixture
def top(tmp_path: Path) -> Top:
    """Makes a terminal in which `runner top` looks at a port."""

    def make(port: int, *words: str, columns: int = 80) -> Terminal:
        file = tmp_path / "config.toml"
        file.write_text(f"[balancer]\nport = {port}\n")
        command = [sys.executable, "-m", "runner", "top", "--config", str(file), *words]
        return Terminal(command, columns=columns)

    return make


def port_of(served: Served) -> int:
    return int(served.url.rsplit(":", 1)[1])


@pytest.mark.parametrize("key", ["q", "Q", "\x03"], ids=["q", "Q", "Ctrl-C"])
async def test_a_key_ends_it(served: Served, top: Top, key: str) -> None:
    async with top(port_of(served), "--every", "3600") as terminal:
        await terminal.until(ALONE)
        await terminal.until("takes photos")
        assert not terminal.is_as_before
        terminal.press("x")
        terminal.press(key)
        await terminal.until(BACK)
        assert await terminal.ended() == 0
        assert terminal.is_as_before


async def test_it_looks_again(served: Served, top: Top) -> None:
    async with top(port_of(served), "--every", "0.1") as terminal:
        await terminal.until("takes photos")
        served.fleet.set("r0", "down")
        await terminal.until("no runner is up")
        served.fleet.set("r0", "ready")
        await terminal.until("takes photos")
        served.balancer.draining = True
        await terminal.until("stopping")


async def test_away_and_back(top: Top) -> None:
    port = free_port()
    async with top(port, "--every", "0.1") as terminal:
        await terminal.until("cannot be reached, trying again; `runner serve` starts it")
        async with serving(port=port):
            await terminal.until("takes photos")
        await terminal.until("cannot be reached, trying again; below, what it was")
        async with serving(port=port):
            await terminal.until("takes photos")
        terminal.press("q")
        assert await terminal.ended() == 0


async def test_several_of_which_one_is_shown_in_full(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    async with serving() as other:
        file.write_text(f'[balancer]\nurls = ["{served.url}", "{other.url}"]\n')
        command = [sys.executable, "-m", "runner", "top", "--config", str(file), "--every", "3600"]
        async with Terminal(command, lines=40) as terminal:
            await terminal.until(f"balancer at {served.url}")
            await terminal.until("not painted")
            for shown in (other, served):
                terminal.press("n")
                await terminal.until(f"balancer at {shown.url}")
                await terminal.until("not painted")
            terminal.press("q")
            assert await terminal.ended() == 0


async def test_a_window_of_another_size_is_drawn_anew(served: Served, top: Top) -> None:
    async with top(port_of(served), "--every", "3600") as terminal:
        assert "in memory" not in await terminal.until("not painted")
        terminal.resize(140, 40)
        await terminal.until("in memory")


async def test_one_frame_in_a_terminal(served: Served, top: Top) -> None:
    async with top(port_of(served), "--once") as terminal:
        await terminal.until("not painted")
        assert await terminal.ended() == 0
        assert terminal.is_as_before


async def test_a_look_at_what_is_no_balancer(served: Served) -> None:
    history = History(served.registry.url)
    async with RunnerClient(served.registry.url) as client:
        await look(client, history)
    assert history.seen().missing == "status 404 without a reason that is known"
    async with RunnerClient(served.url) as client:
        await look(client, history)
    assert history.seen().missing == ""
