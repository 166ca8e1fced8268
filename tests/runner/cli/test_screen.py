"""The screen of `runner top`, in each state a balancer can be in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from rich.console import Console

from runner.cli.history import RecordedStatus
from runner.cli.screen import BAR, COLUMNS, Screen, bar, spark
from runner.client import RunnerClient
from tests.fakes.runner.served import Served
from tests.fakes.runner.statuses import STYLES, a_runner, a_status, digest, down, idle, quiet

URL = "http://127.0.0.1:8481"


def shown(
    status: Mapping[str, Any] | None, width: int = 80, *, height: int = 0, color: bool = False, **seen: Any
) -> str:
    """What a terminal shows, of that height if one is given."""
    console = Console(
        width=width, height=height or 24, force_terminal=color, color_system="standard" if color else None
    )
    with console.capture() as capture:
        console.print(Screen(RecordedStatus(url=URL, status=status, **seen), fits=bool(height)))
    return capture.get()


def line(text: str, begin: str) -> str:
    """The line that begins so, with single spaces."""
    (found,) = [each for each in text.splitlines() if each.startswith(begin)]
    return " ".join(found.split())


@pytest.mark.parametrize("width", [80, 140])
def test_at_work(width: int) -> None:
    text = shown(a_status(a_runner(), a_runner("cpu-1", held=[4])), width)
    assert "● takes photos\n" in text
    assert f"balancer at {URL}, up 2 h, version 0.1.0" in text
    assert "12 of 256" in line(text, "waiting")
    assert "3 senders, 34.0 MB, longest 2.1 s" in text
    assert "9.8 a second" in line(text, "painted")
    assert "10,432 in all, 12 with runners" in text
    assert "in the queue 420 ms 1.1 s" in " ".join(text.split())
    assert "in the engine 84 ms 121 ms" in " ".join(text.split())
    assert "a batch 3.6 photos 90% full" in " ".join(text.split())
    assert line(text, "cpu-0").startswith("cpu-0 painting ■■ 8 5,216 641.7 MB 0 2 h")
    assert line(text, "cpu-1").startswith("cpu-1 painting ■□ 4")
    assert line(text, "not painted") == "not painted Busy 12, NotAnImage 3"
    assert line(text, "last minute  Busy") == "last minute Busy 2"
    assert line(text, "quarantine") == "quarantine 1 photo, for killing runners"
    assert max(map(len, text.splitlines())) <= width


def test_styles_by_name_where_there_is_room() -> None:
    resident = [digest(0), digest(1), digest(9)]
    status = a_status(a_runner(resident=resident, loads=9, evictions=4))
    status["styles"][digest(1)]["version"] = 3
    text = shown(status, 140)
    assert line(text, "cpu-0").endswith("4711 9 4 3 90000000, great-wave 3, starry-night")
    assert STYLES[0] not in shown(status, 80)
    assert line(shown(status, 80), "cpu-0").endswith("2 h 3")


def test_idle() -> None:
    text = shown(quiet(idle(), idle("cpu-1")))
    assert "nobody waits" in text
    assert "0 of 256" in line(text, "waiting")
    assert line(text, "in the queue") == "in the queue - -"
    assert line(text, "a batch") == "a batch - -"
    assert line(text, "cpu-0").startswith("cpu-0 idle □□ 5,216")
    assert line(text, "not painted") == "not painted nothing failed"
    assert "quarantine" not in text


def test_a_runner_that_is_down() -> None:
    text = shown(a_status(a_runner(), down("cpu-1")))
    assert "● takes photos; 1 of 2 runners down" in text
    assert line(text, "cpu-1") == "cpu-1 down □□ 5,216 - 3 1.5 s 0"


def test_no_runner_is_up() -> None:
    assert "● no runner is up: photos wait" in shown(a_status(down(), idle("cpu-1", state="starting")))


def test_not_ready_for_the_reasons_that_health_gives() -> None:
    text = shown(a_status(idle(), ready=False, reasons=["the registry was not reached yet"]))
    assert "● not ready: the registry was not reached yet" in text


def test_draining_and_full() -> None:
    assert "● stopping: finishes what is being painted" in shown(a_status(a_runner(), draining=True))
    assert "● full: refuses photos, to come again in 1.0 s" in shown(a_status(a_runner(), waiting=256))
    runners = a_runner(), a_runner("cpu-1", state="draining", held=[2])
    assert line(shown(a_status(*runners)), "cpu-1").startswith("cpu-1 draining ■□ 2")
    text = shown(a_status(a_runner(replacing=True)))
    assert line(text, "cpu-0").startswith("cpu-0 replacing ■■ 8")
    assert "● takes photos\n" in text


def test_a_large_photo_is_work_too() -> None:
    text = shown(a_status(a_runner(held=[], large=True)))
    assert line(text, "cpu-0").startswith("cpu-0 painting □□")


def test_away() -> None:
    text = shown(None, missing="connection refused")
    assert "● cannot be reached, trying again; `runner serve` starts it\nconnection refused\n" in text
    assert len(text.splitlines()) == 3
    text = shown(a_status(a_runner()), missing="connection refused", ago=12.0)
    assert "● cannot be reached, trying again; below, what it was 12 s ago\nconnection refused\n" in text
    assert line(text, "cpu-0").startswith("cpu-0 painting")


def test_what_is_past_has_no_colours() -> None:
    assert "\x1b[32m" in shown(a_status(a_runner()), color=True)
    assert "\x1b[32m" not in shown(a_status(a_runner()), color=True, missing="refused")


def test_a_low_window_shows_runners_in_trouble_first() -> None:
    runners = [*(a_runner(f"cuda-{number}") for number in range(20)), down("cuda-20")]
    text = shown(a_status(*runners), height=24)
    assert len(text.splitlines()) <= 24
    assert "cuda-20" in text
    assert "and 16 more ready" in text
    assert "quarantine" in text
    assert len(shown(a_status(*runners), height=200).splitlines()) == len(
        shown(a_status(*runners)).splitlines()
    )


@pytest.mark.parametrize("width", [80, 123, 124])
def test_large_numbers_have_room(width: int) -> None:
    large = a_runner("cuda-12-3", photos=12_345_678, memory=12 << 30, restarts=120, held=[64, 64])
    status = a_status(large, a_runner("cuda-12-3-last", state="draining", credits=0, held=[]), waiting=250)
    status["queue"] |= {"senders": 248, "bytes": 1_060_000_000, "longest_wait": 118.0}
    text = shown(status, width, rates=[1234.0] * 99, queued=[250.0] * 99)
    assert line(text, "waiting").endswith("peak 250") or "peak 250 last minute" in line(text, "waiting")
    assert "peak 1234" in line(text, "painted")
    assert line(text, "cuda-12-3 ").startswith("cuda-12-3 painting ■■ 128 12,345,678 12.9 GB 120 2 h")
    assert line(text, "cuda-12-3-last").startswith("cuda-12-3-last draining 5,216 641.7 MB 0 2 h")
    assert "restarts" in line(text, "runner")
    assert max(map(len, text.splitlines())) <= width


def test_numbers_as_columns() -> None:
    assert spark([0, 1, 2, 7], 4) == "▁▂▃█"
    assert spark([5, None, 5], 5) == "  █ █"
    assert spark([9] * 3 + [0, 1], 2) == "▁█"
    assert spark([], 3) == "   "
    assert spark([0.0, 0.0], 2) == "▁▁"
    assert spark(range(8), 8) == COLUMNS


@pytest.mark.parametrize(("part", "full"), [(0, 0), (1, 1), (128, BAR // 2), (256, BAR), (300, BAR)])
def test_a_bar(part: int, full: int) -> None:
    assert bar(part, 256).plain == "█" * full + "░" * (BAR - full)


def test_lines_of_the_past() -> None:
    text = shown(a_status(a_runner()), rates=[2.0, None, 9.6], queued=[33.0, 4.0, 0.0])
    assert line(text, "waiting").endswith("█▂▁ peak 33")
    assert text.splitlines()[5].rstrip().endswith("▂ █ peak 10")


async def test_the_statuses_above_are_those_of_a_balancer(served: Served) -> None:
    async with RunnerClient(served.url) as client:
        real = await client.status()
    for made in (a_status(a_runner()), quiet(idle()), a_status(down())):
        assert made.keys() == real.keys()
        for key in ("queue", "last_minute"):
            assert made[key].keys() == real[key].keys()
        assert made["runners"][0].keys() == real["runners"][0].keys()
    assert "● takes photos" in shown(real)


@pytest.mark.parametrize("width", [80, 140])
def test_nodes_are_shown_where_there_are_several(width: int) -> None:
    there, nowhere = a_runner("ray-0", node="10.0.0.2"), down("ray-1")
    text = shown(a_status(there, nowhere), width)
    assert line(text, "runner").startswith("runner node state holds")
    assert line(text, "ray-0").startswith("ray-0 10.0.0.2 painting")
    assert line(text, "ray-1").startswith("ray-1 - down")
    assert "node" not in shown(a_status(a_runner()), width)
