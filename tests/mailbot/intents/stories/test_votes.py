"""Votes for styles, as mails tell them."""

from __future__ import annotations

import pytest

from mailbot.intents.mentions.evidence import weigh_sentence
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.intents.stories.votes import voted
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.asks import shipped


def votes(text: str, language: str) -> list[str]:
    """Return what became of the styles of a text by a vote, in their order."""
    words = lexicon((language, "en"))
    read = SentenceReader(Catalogue.of(shipped()), words).sentences(text, "text")
    found = voted([weigh_sentence(sentence) for sentence in read], words)
    return [found[place] for place in sorted(found)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Munch got two votes, Turner got nine", "en", ["lost", "won"]),
        ("Of 24 votes: 12 for Munch, 41 for Turner", "en", ["lost", "won"]),
        ("Neun Stimmen für Munch, zwei für Turner", "de", ["won", "lost"]),
        ("quatre voix pour Munch et onze pour Turner", "fr", ["lost", "won"]),
        ("Munch sacó siete votos y Turner tres. Yo voté a Turner", "es", ["won", "lost", "lost"]),
        ("Munch ha preso un voto, Turner otto", "it", []),
        ("蒙克三票，透纳十二票", "zh", ["lost", "won"]),
        ("ムンクが三票、ターナーが十票", "ja", ["lost", "won"]),
    ],
)
def test_the_most_votes_win(text: str, language: str, expected: list[str]) -> None:
    assert votes(text, language) == expected


@pytest.mark.parametrize(
    "text", ["Munch got two votes, Turner got two", "Munch for two kids, Turner for nine"]
)
def test_a_draw_and_other_numbers_decide_nothing(text: str) -> None:
    assert votes(text, "en") == []
