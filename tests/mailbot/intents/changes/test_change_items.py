"""Words of a change that become one item: what is too much, and the size of an effect."""

from __future__ import annotations

from collections.abc import Sequence

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


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("lower it a bit more", "turn it down a touch", "drop it a tad", "go down a bit more"), "weaker"),
        (("dreh noch ein bisschen runter", "baisse encore un peu", "bájalo un poquito más"), "weaker"),
        (
            ("ora abbassa ancora un pochino", "baixa mais um bocadinho", "もう少し下げて", "再稍微降一点"),
            "weaker",
        ),
        (("baja un poco la intensidad", "ちょいマイルドに", "少しソフトに"), "weaker"),
        (("crank it up a bit more", "dreh noch etwas rauf", "monte encore un chouïa"), "stronger"),
        (("sobe mais um pouquinho", "alzalo ancora un filo", "再稍微调高一点", "ほんのり強く"), "stronger"),
    ],
)
def test_a_verb_with_how_much_is_meant_is_a_step(texts: Sequence[str], expected: str) -> None:
    assert [changes_of(text) for text in texts] == [[f"slightly {expected}"]] * len(texts)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("lower the size a bit more", "réduis un peu la taille", "reduz um pouco o tamanho"), ["smaller"]),
        (("baja un poco el tamaño", "サイズをもう少し下げて", "再调低一点尺寸"), ["smaller"]),
        (("erhöhe die Größe etwas", "aumenta um pouco o tamanho"), ["bigger"]),
        (("drop the dog a bit", "raise the roof a bit!", "hoch lebe die Oma", "cut it"), []),
    ],
)
def test_such_a_step_is_one_of_the_size_beside_its_word(texts: Sequence[str], expected: list[str]) -> None:
    assert [changes_of(text) for text in texts] == [expected] * len(texts)
