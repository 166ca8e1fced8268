"""Replies that only end the talk."""

from __future__ import annotations

import pytest

from mailbot.intents.changes.closings import closes
from mailbot.intents.names.catalogue import Catalogue
from styles.language.language_detection import detect
from styles.language.lexicon import lexicon
from styles.language.tokens import tokenize
from tests.fakes.mailbot.asks import shipped


def _closes(text: str) -> bool:
    return closes(text, Catalogue.of(shipped()), lexicon(detect(tokenize(text))))


@pytest.mark.parametrize(
    "text",
    [
        "that will do",
        "ok, leave it like that",
        "That’s the one. Don’t change a thing.",
        "dann lass es so, passt schon",
        "Reicht!",
        "Tant pis, je le découperai. Gardons celle-ci.",
        "c'est bon",
        "Así la dejamos. Saludos desde Mendoza",
        "No necesito nada más.",
        "va bene così",
        "não preciso de mais nada",
        "就这样吧",
        "これで十分です",
    ],
)
def test_the_end_of_a_talk(text: str) -> None:
    assert _closes(text)


@pytest.mark.parametrize(
    "text",
    [
        "that will do, but without the man",
        "leave it like that, only bigger",
        "that will do for udnie, now the scream",
        "will that do?",
        "passt schon, nur den Rahmen weg",
        "c'est bon mais plus fort",
        "así está bien, a 60",
        "the dog is terrifying",
        "就这样，大一点",
    ],
)
def test_a_wish_is_no_end(text: str) -> None:
    assert not _closes(text)
