from __future__ import annotations

import pytest

from registry.client_learning import LearningClient
from registry.client_learning_values import LearningStatus
from styles.errors import NotAnImage, Permanent

STATUS = {
    "id": "1",
    "state": "running",
    "share": 0.5,
    "seconds_left": None,
    "position": None,
    "summary": None,
}


def test_a_status_is_read_with_what_is_left_out() -> None:
    status = LearningStatus.from_mapping(STATUS)
    assert (status.share, status.seconds_left, status.position, status.problem) == (0.5, None, 0, None)
    assert not status.is_whole
    assert not status.is_seen
    corners = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    assert LearningStatus.from_mapping({**STATUS, "corners": corners}).is_whole
    assert LearningStatus.from_mapping({**STATUS, "corners": corners}).is_seen
    for wrong in ({}, {**STATUS, "state": "gone"}, {**STATUS, "share": "much"}):
        with pytest.raises((KeyError, ValueError)):
            LearningStatus.from_mapping(wrong)


@pytest.mark.parametrize(
    ("type", "kind"), [("urn:mailbot:error:NotAnImage", NotAnImage), ("urn:mailbot:error:New", Permanent)]
)
def test_the_reason_of_a_failure_is_an_error_with_its_sentence(type: str, kind: type[Exception]) -> None:
    problem = {"type": type, "detail": "I see \x1b[2Jnothing."}
    status = LearningStatus.from_mapping({**STATUS, "state": "failed", "problem": problem})
    assert isinstance(status.problem, kind)
    assert status.problem.message.startswith("I see ")


def test_no_log_shows_its_token() -> None:
    assert "secret" not in repr(LearningClient("http://r", "secret"))
