"""What an answer tells people to write is understood, in each language, as its English is."""

from __future__ import annotations

import re

import pytest

from mailbot.intents.changes.relative_changes import read_change
from mailbot.intents.names.catalogue import Catalogue
from mailbot.languages.language_choice import language_of
from mailbot.languages.translator import translator
from styles.language.intents import GRAMMAR
from styles.language.lexicon import LANGUAGES
from styles.language.request_examples import examples
from tests.fakes.mailbot.mails import STYLES
from tests.fakes.mailbot.meanings import asks, meaning

NAMES = ["great-wave", "night-cafe"]
ENGLISH = [phrase for phrase, _ in examples(NAMES)]


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_writes_a_phrase_of_an_answer_gets_an_answer_in_its_language(code: str) -> None:
    """A link of an answer opens a new mail, which has no thread."""
    say = translator(code)
    for rule in GRAMMAR:
        if "{" not in rule.example:
            phrase = say.gettext(rule.example)
            assert language_of(asks(phrase)) == language_of(asks(text=phrase)) == code, phrase
    assert language_of(asks(say.gettext("{style}, keep the colors", style="great wave")), STYLES) == code


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("number", "english"), list(enumerate(ENGLISH)), ids=ENGLISH)
@pytest.mark.parametrize("photos", [0, 1])
def test_what_to_write_means_the_same(code: str, number: int, english: str, photos: int) -> None:
    written, _ = examples(NAMES, say=translator(code).gettext)[number]
    means = meaning(asks(english, photos=photos))
    assert meaning(asks(written, photos=photos)) == means, written
    assert meaning(asks(text=written, photos=photos)) == meaning(asks(text=english, photos=photos)), written


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_examples_of_an_answer_without_a_photo_are_understood(code: str) -> None:
    say, catalogue = translator(code), Catalogue.of(STYLES)
    assert read_change(say.gettext("bigger"), catalogue).size == 1
    written = say.gettext("Answer with a style's name, or with “bigger” or “more subtle”.")
    larger, subtler = re.findall("[“„«「]([^“”„«»「」]+)[”“»」]", written)
    assert read_change(larger.strip(), catalogue).size == 1
    assert read_change(subtler.strip(), catalogue).strength < 0
