"""Every error of ours survives the way over HTTP and over the wire."""

from __future__ import annotations

import json

import pytest

from styles.errors import Busy, NotBlendable, PainterError, UnknownStyle, Unpaintable
from styles.learning_errors import HandedOver, LearningQueueFull, LiveStyle, NotRenamed, OwnStyle, UsualStyle
from styles.service.problems import from_problem, to_problem
from tests.fakes.errors import below, made


@pytest.mark.parametrize("kind", list(below(PainterError)), ids=lambda kind: kind.__name__)
def test_there_and_back(kind: type[PainterError]) -> None:
    error = made(kind)
    back = from_problem(json.loads(json.dumps(to_problem(error))))
    assert type(back) is kind
    assert back.message == error.message
    assert back.detail == error.detail
    assert (back.retry, back.status) == (error.retry, error.status)
    assert str(back) == str(error)


def test_what_a_class_carries_comes_along() -> None:
    unknown = from_problem(to_problem(made(UnknownStyle)))
    assert isinstance(unknown, UnknownStyle)
    assert (unknown.name, unknown.near, unknown.known) == ("mosaik", ("mosaic",), ("mosaic", "udnie"))
    busy = from_problem(to_problem(made(Busy)))
    assert isinstance(busy, Busy)
    assert busy.retry_after == 7.5
    full = from_problem(to_problem(LearningQueueFull(7.5, place=21, seconds_left=6300.0)))
    assert isinstance(full, LearningQueueFull)
    assert (full.retry_after, full.place, full.seconds_left) == (7.5, 21, 6300.0)


@pytest.mark.parametrize("error", [UnknownStyle("wood", ["woods"], []), NotBlendable("wood")])
def test_a_sentence_with_a_name_can_be_translated_after_it(error: UnknownStyle | NotBlendable) -> None:
    back = from_problem(json.loads(json.dumps(to_problem(error))))
    assert back is not None
    assert (back.template, back.fields) == (error.sentence, {"name": "wood"})
    assert (back.message, str(back)) == (error.message, str(error))


@pytest.mark.parametrize(
    "error",
    [
        HandedOver(name="dunes", owner="Bo"),
        LiveStyle(name="dunes"),
        OwnStyle(name="dunes"),
        UsualStyle(name="dunes"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_refused_name_can_be_told_in_every_language(error: NotRenamed) -> None:
    back = from_problem(json.loads(json.dumps(to_problem(error))))
    assert (type(back), back.status, back.message) == (type(error), error.status, error.message)
    assert (back.template, back.fields) == (error.sentence, error.fields)


def test_a_sentence_whose_values_are_missing_is_told_as_it_came() -> None:
    problem = to_problem(HandedOver(name="dunes", owner="Bo"))
    back = from_problem({key: value for key, value in problem.items() if key != "owner"})
    assert (back.template, back.fields) == (back.message, {})
    assert "belongs to Bo now" in back.message


def test_title_and_detail_are_always_there() -> None:
    problem = to_problem(UnknownStyle("x"))
    assert problem["title"] == problem["detail"] == "I know no style called “x”."
    assert problem["type"] == "urn:mailbot:error:UnknownStyle"
    assert problem["status"] == 404


@pytest.mark.parametrize(
    "problem",
    [{}, {"type": "about:blank", "title": "Not Found"}, {"type": "urn:mailbot:error:Busy"}, {"type": 7}],
)
def test_other_peoples_problems_are_none_of_ours(problem: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="unknown error"):
        from_problem(problem)


def test_missing_extras_do_no_harm() -> None:
    busy = from_problem({"type": "urn:mailbot:error:Busy", "title": "Later.", "retry_after": "soon"})
    assert isinstance(busy, Busy)
    assert busy.retry_after == 1.0
    problem = {"type": "urn:mailbot:error:LearningQueueFull", "title": "Later.", "place": "last"}
    full = from_problem({**problem, "seconds_left": float("inf")})
    assert isinstance(full, LearningQueueFull)
    assert (full.place, full.seconds_left) == (0, 0.0)


@pytest.mark.parametrize("kills", [True, False])
def test_a_photo_that_kills_is_final_over_http_too(kills: bool) -> None:
    back = from_problem(json.loads(json.dumps(to_problem(Unpaintable("detail", kills=kills)))))
    assert isinstance(back, Unpaintable)
    assert back.kills is kills
