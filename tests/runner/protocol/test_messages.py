"""Tasks, outcomes and reports as frames."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from runner.balancer.batching import MAX_PHOTOS
from runner.balancer.render_plan import MAX_SHEET
from runner.protocol.framing import MAX_HEADER, Frame, WireError, encode
from runner.protocol.messages import (
    Label,
    Outcome,
    PaintedPhoto,
    Report,
    StyleShare,
    Task,
    batch_to_frame,
    frame_to_batch,
    frame_to_outcomes,
    outcomes_to_frame,
    report_from_json,
    to_plain,
)
from styles.contract import MAX_BLEND, StyleOptions
from styles.errors import NotAnImage, UnknownStyle

OPTIONS = StyleOptions(strength=0.5, keep_colors=True, size=640, format="png", max_bytes=5000, preview=320)
A = StyleShare(digest="sha256:a")
PLAIN: dict[str, Any] = {"digest": "sha256:a", "share": 1, "label": {}}


def test_a_batch_there_and_back() -> None:
    batch = [
        Task(parts=(A,), image=b"photo", options=OPTIONS),
        Task(parts=(A, StyleShare(digest="sha256:b", share=0.25)), image=b"", options=StyleOptions()),
    ]
    assert there_and_back(batch) == batch
    assert batch[1].digests == {"sha256:a", "sha256:b"}


def test_a_sheet_there_and_back() -> None:
    label = Label(name="night", title="Ночь", artist="Nobody", year="1889")
    sheet = [Task(parts=(A, replace(A, label=label)), image=b"photo", options=OPTIONS, sheet=True)]
    assert there_and_back(sheet) == sheet
    with pytest.raises(WireError, match="alone"):
        there_and_back(sheet * 2)


def test_the_longest_header_of_a_batch_is_within_the_limit() -> None:
    part = StyleShare(digest="sha256:" + "0" * 64, share=1 / 3)
    batch = [Task(parts=(part,) * MAX_BLEND, image=b"", options=OPTIONS)] * MAX_PHOTOS
    assert len(b"".join(encode(batch_to_frame(batch)))) < MAX_HEADER


def test_the_longest_header_of_a_sheet_is_too() -> None:
    label = Label(name="n" * 64, title="\N{BLACK STAR}" * 200, artist="\N{BLACK STAR}" * 200, year="y" * 40)
    parts = (StyleShare(digest="sha256:" + "0" * 64, share=1, label=label),) * MAX_SHEET
    task = Task(parts=parts, image=b"", options=OPTIONS, sheet=True)
    assert len(b"".join(encode(batch_to_frame([task])))) < MAX_HEADER


def there_and_back(batch: list[Task]) -> list[Task]:
    frame = batch_to_frame(batch)
    return frame_to_batch(Frame(json.loads(json.dumps(frame.header)), frame.parts))


def test_outcomes_there_and_back() -> None:
    outcomes: list[Outcome] = [
        PaintedPhoto(image=b"one", seconds=0.5, loading=0.25),
        NotAnImage("cut short"),
        PaintedPhoto(image=b"two", seconds=1, preview=b"small"),
    ]
    report = Report(resident=frozenset(["sha256:a"]), memory=7, batches=3, loads=2, evictions=1)
    frame = outcomes_to_frame(outcomes, report)
    back = frame_to_outcomes(frame, 3)
    assert back[0] == outcomes[0]
    assert isinstance(back[0], PaintedPhoto)
    assert back[0].loading == 0.25
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
        Frame({"tasks": [{"styles": [], "sheet": False, "options": {}}]}, [b""]),
        Frame({"tasks": [{"styles": [{"digest": "d"}], "sheet": False, "options": {}}]}, [b""]),
        Frame({"tasks": [{"styles": [PLAIN], "sheet": False, "options": {"size": 7}}]}, [b""]),
        Frame({"tasks": [{"styles": [PLAIN], "sheet": False, "options": {"colour": 7}}]}, [b""]),
        Frame({"tasks": [{"styles": [PLAIN | {"share": "x"}], "sheet": False, "options": {}}]}, [b""]),
        Frame({"tasks": [{"styles": [PLAIN | {"label": 7}], "sheet": False, "options": {}}]}, [b""]),
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
        frame_to_outcomes(Frame(header, [b"", b""]), 1)


@pytest.mark.parametrize("parts", [[], [b""], [b""] * 3, [b""] * 4])
def test_answers_with_too_few_or_too_many_parts(parts: list[bytes]) -> None:
    with pytest.raises(WireError):
        frame_to_outcomes(Frame({"outcomes": [{"seconds": 1}]}, parts), 1)


@pytest.mark.parametrize("value", [None, 7, {}, {"resident": 1, "memory": 1, "batches": 1}])
def test_reports_that_make_no_sense(value: object) -> None:
    with pytest.raises(WireError):
        report_from_json(value)


def test_reports_of_older_and_newer_runners() -> None:
    old = {"resident": [], "memory": 1, "batches": 2}
    assert report_from_json(old) == Report(memory=1, batches=2)
    assert report_from_json(old | {"loads": 3, "moods": 4}) == Report(memory=1, batches=2, loads=3)


def test_an_unknown_style_keeps_its_names() -> None:
    frame = outcomes_to_frame([UnknownStyle("x", ["y"], ["y", "z"])], Report())
    error = frame_to_outcomes(frame, 1)[0]
    assert isinstance(error, UnknownStyle)
    assert error.known == ("y", "z")


def test_a_report_is_plain_json() -> None:
    assert to_plain(Report(resident=frozenset("ba"))) == {
        "resident": ["a", "b"],
        "memory": 0,
        "batches": 0,
        "loads": 0,
        "evictions": 0,
        "large": False,
    }
