"""The parts that styles play in a story."""

from __future__ import annotations

import pytest

from mailbot.intents.mentions.evidence import weigh_sentence
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence_reader import SentenceReader
from mailbot.intents.stories.told_styles import ToldStyle, defers, told_styles
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.asks import shipped


def told(text: str, language: str = "en") -> list[ToldStyle]:
    """Return the styles that a text tells."""
    words = lexicon((language, "en"))
    read = SentenceReader(Catalogue.of(shipped()), words).sentences(text, "text")
    return told_styles([weigh_sentence(sentence) for sentence in read], words)


@pytest.mark.parametrize(
    ("text", "language", "part"),
    [
        ("my neighbour suggested Munch", "en", "theirs"),
        ("first we asked for Munch", "en", "before"),
        ("in the end it was Munch", "en", "settled"),
        ("Munch made no sense for a tram", "en", "dismissed"),
        ("meine Frau will den Munch haben", "de", "theirs"),
        ("entschieden haben wir uns für Munch", "de", "settled"),
        ("ma voisine propose Munch", "fr", "theirs"),
        ("al final fue Munch", "es", "settled"),
        ("mio fratello suggeriva Munch", "it", "theirs"),
        ("o meu irmão teimava no Munch", "pt", "theirs"),
        ("上次用的是蒙克", "zh", "before"),
        ("ムンクがいいと言います", "ja", "theirs"),
    ],
)
def test_the_words_beside_a_style_say_its_part(text: str, language: str, part: str) -> None:
    (one,) = told(text, language)
    assert part in one.parts


def test_what_the_writer_says_is_no_wish_of_others() -> None:
    (one,) = told("I said Munch")
    assert not one.is_theirs


def test_a_style_that_is_settled_on_outweighs_one_that_others_wish() -> None:
    theirs, settled = told("My wife says Munch. In the end it was Turner.")
    assert settled.weight(is_last=True) > theirs.weight(is_last=False)


def test_a_mail_can_do_what_others_wish() -> None:
    theirs, own = told("My wife says Munch, I said Turner, but she's right.")
    assert theirs.weight(is_last=False) > own.weight(is_last=False)
    words = lexicon(("en",))
    assert not defers([], words)
