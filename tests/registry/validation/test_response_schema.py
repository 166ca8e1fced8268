"""What is believed of a worker process, and what is told of one that died."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest
from pydantic import ValidationError

from registry.validation.response_schema import WorkerResponse, cause_of_death
from styles.sandbox.sandbox import Limits

PASSED: dict[str, Any] = {
    "format": "onnx",
    "architecture": "onnx",
    "pixel_range": "0..1",
    "notes": ["a note"],
}
LIMITS = Limits(memory=3 << 30, cpu_seconds=60)


def test_what_was_agreed_on() -> None:
    found = WorkerResponse.model_validate_json(json.dumps({"passed": PASSED})).passed
    assert found
    assert (found.format, found.notes) == ("onnx", ("a note",))
    assert WorkerResponse.model_validate_json('{"ready": ["limits"]}').ready == ("limits",)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "../x"},
        {"base": "sha256:" + "0" * 64},
        {"architecture": "onnx\n"},
        {"pixel_range": "0..7"},
        {"notes": ["x" * 5000]},
        {"notes": ["x"] * 30},
        {"seconds": 0.5},  # the parent measures it
        {"more": 1},
    ],
)
def test_what_was_not(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        WorkerResponse.model_validate_json(json.dumps({"passed": PASSED | change}))


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        (-signal.SIGXCPU, "", "after 60 s of processor time"),
        (-signal.SIGABRT, "terminate called: std::bad_alloc", "more than 3 GiB of memory"),
        (-signal.SIGKILL, "", "most likely as memory ran out"),
        (-signal.SIGSEGV, "", "crash (SIGSEGV)"),
        (1, "Traceback", "crash (1)"),
    ],
)
def test_the_dead(code: int, words: str, told: str) -> None:
    assert told in cause_of_death(code, words, LIMITS)
