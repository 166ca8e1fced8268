"""The screen of several balancers."""

from __future__ import annotations

import pytest
from rich.console import Console

from runner.cli.balancers import BalancersScreen
from runner.cli.history import RecordedStatus
from tests.fakes.runner.statuses import a_runner, a_status, down

ONE = RecordedStatus(url="http://painter-1:8481", status=a_status(a_runner(), down("cpu-1")))
OTHER = RecordedStatus(url="http://painter-2:8481", status=a_status(a_runner()))
AWAY = RecordedStatus(url="http://painter-3:8481", missing="no connection within 5 s")


def shown(*balancers: RecordedStatus, chosen: int | None = None, height: int = 60) -> str:
    console = Console(width=100, height=height)
    with console.capture() as capture:
        console.print(BalancersScreen(balancers, chosen))
    return capture.get()


def line(text: str, word: str) -> str:
    return " ".join(next(each for each in text.splitlines() if word in each).split())


def test_each_has_a_line() -> None:
    text = shown(ONE, OTHER, AWAY)
    assert line(text, "painter-1") == "http://painter-1:8481 takes photos; 1 of 2 runners down 12 9.8 1 of 2"
    assert line(text, "painter-2") == "http://painter-2:8481 takes photos 12 9.8 1 of 1"
    assert line(text, "painter-3") == "http://painter-3:8481 cannot be reached - - -"
    assert text.count("in the engine") == 2
    assert "no connection within 5 s" in text


def test_the_one_that_is_chosen_is_shown_in_full() -> None:
    text = shown(ONE, OTHER, AWAY, chosen=1)
    assert line(text, "▸").startswith("▸ http://painter-2:8481")
    assert "balancer at http://painter-2:8481" in text
    assert "balancer at http://painter-1:8481" not in text


def test_one_that_was_not_asked_yet_has_a_line() -> None:
    """A key may be pressed before the first answer."""
    text = shown(ONE, RecordedStatus(url="http://painter-4:8481"), chosen=1)
    assert line(text, "▸") == "▸ http://painter-4:8481 cannot be reached - - -"


def test_one_alone_is_shown_as_ever() -> None:
    text = shown(OTHER)
    assert text.startswith("balancer at http://painter-2:8481")
    assert "▸" not in text


@pytest.mark.parametrize("height", [24, 30])
def test_the_frame_is_no_higher_than_the_window(height: int) -> None:
    many = RecordedStatus(
        url="http://painter-1:8481", status=a_status(*(a_runner(f"cpu-{n}") for n in range(40)))
    )
    text = shown(many, OTHER, chosen=0, height=height)
    assert len(text.splitlines()) <= height
    assert "more ready" in text
