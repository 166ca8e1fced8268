"""Messages of a learning process, which a picture may have taken over."""

from __future__ import annotations

import math
from typing import Any

import pytest

from runner.learning import messages
from runner.learning.messages import frame_to_order, from_frame, order_to_frame, to_frame
from runner.protocol.framing import Frame, WireError
from styles.learning_errors import PaintingTooSmall

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
ALL: list[Any] = [
    messages.FoundCorners(corners=SQUARE, width=3, height=2, found=True, thumbnail=b"jpeg"),
    messages.LearningProgress(phase="training", share=0.5, step=3, seconds_left=2.5, pace=1.5),
    messages.LearningPicture(what="preview", image=b"jpeg"),
    messages.LearningCheckpoint(content=b"rows"),
    messages.LearningResult(content=b"style", steps=7, minutes=5.0, losses={"total": 2.0}),
    messages.LearningRefusal.of(PaintingTooSmall("12x12")),
]


@pytest.mark.parametrize("message", ALL, ids=lambda message: type(message).__name__)
def test_what_is_said_is_read(message: Any) -> None:
    assert from_frame(to_frame(message)) == message


def test_a_refusal_is_its_error() -> None:
    refusal = from_frame(to_frame(ALL[-1]))
    assert isinstance(refusal, messages.LearningRefusal)
    assert isinstance(refusal.error, PaintingTooSmall)


def test_a_loss_that_is_no_number_is_null() -> None:
    said = messages.LearningResult(content=b"", steps=1, minutes=1.0, losses={"total": math.nan})
    read = from_frame(to_frame(said))
    assert isinstance(read, messages.LearningResult)
    assert read.losses == {"total": None}


def test_an_order_travels_with_its_pictures() -> None:
    order = messages.LearningOrder(name="garden", corners=SQUARE, minutes=2.0)
    assert frame_to_order(order_to_frame(order, b"p", b"", b"s")) == (order, b"p", b"", b"s")


@pytest.mark.parametrize(
    "frame",
    [
        Frame({}),
        Frame({"told": "secrets", "fields": {}}),
        Frame({"told": "progress", "fields": {"phase": "dreaming"}}),
        Frame({"told": "progress", "fields": {"phase": "training", "share": 1.5}}),
        Frame({"told": "progress", "fields": {"phase": "training", "step": -1}}),
        Frame({"told": "progress", "fields": {"phase": "training", "seconds_left": 1e300}}),
        *(Frame({"told": "progress", "fields": {"phase": "training", "pace": pace}}) for pace in (0.5, 11.0)),
        Frame({"told": "result", "fields": {"steps": 1, "minutes": 1e300}}, [b""]),
        Frame({"told": "progress", "fields": {"phase": "training"}}, [b"more"]),
        Frame({"told": "picture", "fields": {"what": "preview"}}),
        Frame({"told": "state", "fields": {}}, [bytes(messages.MOST_STATE + 1)]),
        Frame({"told": "refusal", "fields": {"problem": {"type": "unknown"}}}),
        Frame({"told": "corners", "fields": {"corners": [], "width": 1, "height": 1, "found": True}}),
        Frame({"told": "corners", "fields": [1]}),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(frame: Frame) -> None:
    with pytest.raises(WireError):
        from_frame(frame)
