from __future__ import annotations

import pytest

from registry.http.learning.accepted_style import fields_of, record_of
from registry.http.request_bodies import AcceptedStyle


@pytest.mark.parametrize(
    ("title", "given", "other"),
    [
        ("我的花园", "", "我的花园"),
        ("Ölbäume, abends", "", "Ölbäume abends"),
        ("Ölbäume", "olive trees", "olive trees"),
        ("My garden", "", ""),
        ("帮助", "", ""),  # help
        ("é" * 81, "", ""),
    ],
)
def test_a_title_in_other_letters_is_another_name(title: str, given: str, other: str) -> None:
    fields = fields_of(AcceptedStyle(title=title, other_names=given))
    assert (fields["title"], fields["other_names"]) == (title, other)


def test_a_card_tells_how_long_it_was_learnt() -> None:
    assert record_of({"summary": {"steps": 4, "minutes": 2}}).endswith(": 4 steps in 2.0 min")
    assert record_of({"summary": None}) == "learnt from a photo of a painting"
