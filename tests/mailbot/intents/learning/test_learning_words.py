from __future__ import annotations

from mailbot.intents.learning.learning_words import is_refused, says


def test_small_words_around_a_phrase_do_no_harm() -> None:
    assert says("Could you stop it, please", "halt")
    assert not says("It is a bus stop", "halt")


def test_a_refusal_is_told_from_what_only_seems_to_be_one() -> None:
    assert is_refused("do not learn it")
    assert not is_refused("why not learn it")
