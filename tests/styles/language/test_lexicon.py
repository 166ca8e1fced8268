"""The word files: complete, well-formed, and distinct."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from styles.language.intents import Intent
from styles.language.lexicon import LANGUAGES, lexicon

FOLDER = files("styles.language") / "words"


def keys(language: str) -> set[str]:
    return set(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_has_the_keys_that_are_explained(language: str) -> None:
    page = (FOLDER / ".." / ".." / ".." / "docs" / "words.md").read_text(encoding="utf-8")
    ordinals = {"second", "third", "fourth", "fifth", "sixth", "seventh"}  # “first to eighth”
    assert {name for name in keys(language) if f"`{name}`" not in page} <= ordinals
    only_in_some = {"not_after", "pixel", "cm", "inch", "times", "than", "prefer", "telling"}
    assert keys(language) - only_in_some == keys("en") - only_in_some


def test_every_intent_of_the_files_is_one_of_the_table() -> None:
    assert {Intent.of(name) for name in lexicon().intents.values()} <= set(Intent)
    assert Intent.of("") is None


def test_numbers_are_per_cents() -> None:
    words = lexicon()
    for table in (words.strengths, words.amounts, words.numbers):
        assert all(0 < number <= 100 for number in table.values())


def test_english_gives_way_to_the_language_before_it() -> None:
    assert "not" in lexicon(("en",)).of("no")
    assert "cue" in lexicon(("pt", "en")).of("no")
    assert "not" not in lexicon(("pt", "en")).of("no")


def test_verbs_are_known_with_a_pronoun_at_their_end() -> None:
    assert "edits" in lexicon(("es", "en")).of("quitame")
    assert "change" in lexicon(("it", "en")).of("cambiarmi")
    assert not lexicon(("de", "en")).of("quitame")


def test_a_phrase_may_go_on_in_the_next_line() -> None:
    phrases = {phrase for language in LANGUAGES for phrase in lexicon((language,)).kinds}
    assert not [phrase for phrase in phrases if "\n" in phrase]
