"""Of networks that take turns, one keeps the memory that it paints in."""

from __future__ import annotations

from styles.inference.openvino_backend.memory_release import ActiveModel
from tests.fakes.styles.models import Model


def test_only_the_model_that_painted_last_keeps_its_memory() -> None:
    active_model, first, second = ActiveModel(), Model(), Model()
    active_model.paints(first)
    active_model.paints(first)
    assert (first.released, second.released) == (0, 0)
    active_model.paints(second)
    assert (first.released, second.released) == (1, 0)
    del second
    active_model.paints(first)
    assert first.released == 1


def test_engines_do_not_take_turns_with_each_other() -> None:
    first, second = Model(), Model()
    for model in (first, second):
        ActiveModel().paints(model)
    assert (first.released, second.released) == (0, 0)
