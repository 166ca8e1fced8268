"""Words of a change that become one item: what is too much, and the size of an effect."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.change_items import with_steps
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.language_detection import detect
from styles.language.lexicon import relative
from styles.language.tokens import tokenize
from tests.fakes.mailbot.mails import STYLES


def changes_of(text: str) -> list[str]:
    words = relative(detect(tokenize(text)))
    (sentence,) = SentenceReader(Catalogue.of(STYLES), words).sentences(text, "text")
    return [item.text for item in with_steps(sentence, words, is_mixed=False).items if item.has("again")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the colours are too strong", ["too strong"]),
        ("smaller effect please", ["weaker"]),
        ("a larger effect please", ["stronger"]),
        ("smaller please", ["smaller"]),
        ("10% more and bigger", ["10", "bigger"]),
        ("she wants 60", ["60"]),
        ("she doesn't want 60", []),
    ],
)
def test_the_words_of_a_change_are_one_item(text: str, expected: list[str]) -> None:
    assert changes_of(text) == expected
