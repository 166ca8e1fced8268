from __future__ import annotations

from dataclasses import replace

import pytest

from registry.store.access.roles import BOT, Writer
from registry.store.authors import private_alias
from registry.store.names.style_names import slug
from registry.store.store import Store
from styles.errors import BadOption
from styles.formats.style_file import ShippedStyle
from tests.fakes.registry.versions import publish

THE_BOT = Writer(BOT, "stage")


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("My Garden!", "my-garden"),
        ("Mein Gärten, Straße", "mein-garten-strasse"),
        ("  --  ", ""),
        ("x" * 80, "x" * 48),
    ],
)
def test_words_become_a_name(phrase: str, name: str) -> None:
    assert slug(phrase) == name


def test_a_name_like_another_is_not_free(store: Store) -> None:
    publish(store, "great-wave", by="Ada")
    for phrase in ("great wave", "greatwave", "Great-Wave"):
        choice = store.choose_name(phrase, "ann@example.org", by=THE_BOT)
        assert choice.flaw
        assert choice.free in ("great-wave-2", "greatwave-2")
    assert store.choose_name("great wave 3", "ann@example.org", by=THE_BOT).free == "great-wave-3"


def test_a_name_like_that_of_a_private_style_does_not_reveal_it(store: Store) -> None:
    publish(store, "secret-garden", by="Ann", alias=private_alias())
    choice = store.choose_name("secretgarden", by=Writer("Eve", "publish"))
    assert choice.flaw == "“secretgarden” is too much like the name of another style: choose another name."
    assert choice.free == "secretgarden-2"


def test_a_proposed_name_is_that_of_no_style_of_the_same_person(store: Store) -> None:
    for name in ("great-wave", "great-wave-2", "great-wave-easel"):
        publish(store, name, by="Ada" if name != "great-wave" else "Eve")
    assert store.choose_name("great wave", by=Writer("Ada", "publish")).free == "great-wave-3"


def test_words_without_a_letter_of_a_name_are_named_after_the_person(store: Store) -> None:
    ada = Writer("Ada Lovelace", "publish")
    assert store.choose_name("我的花园", by=ada).name == "ada-lovelace-canvas"
    assert store.choose_name("帮助", by=ada).flaw
    assert store.choose_name("我的花园", "ann@example.org", by=THE_BOT).name == ""


def test_a_word_of_mails_has_a_free_name_without_a_number(store: Store) -> None:
    assert store.choose_name("60%", by=Writer("Ada", "publish")).free == "60-easel"


@pytest.mark.parametrize("name", ["", "-a", "A", "a b", "../a", "a" * 65, "ä", "a\n", "a/b", "a.b"])
def test_names_that_are_none(store: Store, shipped: ShippedStyle, name: str) -> None:
    with pytest.raises(BadOption):
        store.publish(replace(shipped.card, name=name), shipped.weights)


@pytest.mark.parametrize(
    "name",
    [
        "help",
        "styles",
        "photo",
        "nice",
        "60-percent",
        "keep-the-colors",
        "the-style",
        "surprise-me",
        "all-styles",
        "stop",
        "big",
    ],
)
def test_names_that_mean_something_else_in_a_mail(store: Store, shipped: ShippedStyle, name: str) -> None:
    with pytest.raises(BadOption, match="choose another name"):
        store.publish(replace(shipped.card, name=name), shipped.weights)


@pytest.mark.parametrize("name", ["z", "1z", "z-", "starry-night", "z" * 64])
def test_names_that_are_some(store: Store, shipped: ShippedStyle, name: str) -> None:
    assert store.publish(replace(shipped.card, name=name), shipped.weights).name == name
