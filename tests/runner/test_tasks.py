"""Tasks, outcomes and reports as frames."""

from __future__ import annotations

from typing import Any

import pytest

from runner.tasks import (
    Outcome,
    Painting,
    Report,
    Task,
    batch_to_frame,
    frame_to_batch,
    frame_to_outcomes,
    outcomes_to_frame,
    report_from_json,
    report_to_json,
)
from runner.wire import Frame, WireError
from styles.contract import StyleOptions
from styles.errors import NotAnImage, UnknownStyle

OPTIONS = StyleOptions(strength=0.5, keep_colors=True, size=640, format="png", max_bytes=5000)


def test_a_batch_there_and_back() -> None:
    batch = [
        Task(digest="sha256:a", image=b"photo", options=OPTIONS),
        Task(digest="sha256:b", image=b"", options=StyleOptions()),
    ]
    assert frame_to_batch(batch_to_frame(batch)) == batch


def test_outcomes_there_and_back() -> None:
    outcomes: list[Outcome] = [
        Painting(image=b"one", seconds=0.5),
        NotAnImage("cut short"),
        Painting(image=b"two", seconds=1),
    ]
    report = Report(resident=frozenset(["sha256:a"]), memory=7, batches=3)
    frame = outcomes_to_frame(outcomes, report)
    back = frame_to_outcomes(frame, 3)
    assert back[0] == outcomes[0]
    assert isinstance(back[1], NotAnImage)
    assert back[1].detail == "cut short"
    assert back[2] == outcomes[2]
    assert report_from_json(frame.header["report"]) == report


@pytest.mark.parametrize(
    "frame",
    [
        Frame({}),
        Frame({"tasks": [{}]}, [b""]),
        Frame({"tasks": []}, [b""]),
        Frame({"tasks": [{"digest": "d", "options": {"size": 7}}]}, [b""]),
        Frame({"tasks": [{"digest": "d", "options": {"colour": 7}}]}, [b""]),
    ],
)
def test_batches_that_make_no_sense(frame: Frame) -> None:
    with pytest.raises(WireError):
        frame_to_batch(frame)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"outcomes": 7},
        {"outcomes": []},
        {"outcomes": [7]},
        {"outcomes": [{}]},
        {"outcomes": [{"problem": {}}]},
        {"outcomes": [{"seconds": "x"}]},
        {"outcomes": [{"seconds": 1}, {"seconds": 1}]},
    ],
)
def test_answers_that_make_no_sense(header: dict[str, Any]) -> None:
    with pytest.raises(WireError):
        frame_to_outcomes(Frame(header, [b""]), 1)


@pytest.mark.parametrize("value", [None, 7, {}, {"resident": 1, "memory": 1, "batches": 1}])
def test_reports_that_make_no_sense(value: object) -> None:
    with pytest.raises(WireError):
        report_from_json(value)


def test_an_unknown_style_keeps_its_names() -> None:
    frame = outcomes_to_frame([UnknownStyle("x", ["y"], ["y", "z"])], Report())
    error = frame_to_outcomes(frame, 1)[0]
    assert isinstance(error, UnknownStyle)
    assert error.known == ("y", "z")


def test_a_report_is_plain_json() -> None:
    assert report_to_json(Report(resident=frozenset("ba"))) == {
        "resident": ["a", "b"],
        "memory": 0,
        "batches": 0,
    }
