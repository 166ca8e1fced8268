"""A clause ends where its reader says."""

from __future__ import annotations

import pytest

from mailbot.intents.details import bounds
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import Item
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.asks import shipped


def items_of(text: str) -> tuple[Item, ...]:
    return SentenceReader(Catalogue.of(shipped()), lexicon(("en",))).one(text, "text").items


def cut(text: str, ends: bounds.End) -> list[str]:
    items = items_of(text)
    return [" ".join(items[at].raw for at in span) for span in bounds.spans(items, ends)]


@pytest.mark.parametrize(
    ("text", "ends", "pieces"),
    [
        ("the dog, the cat and us", bounds.is_mark, ["the dog", "the cat and us"]),
        (", the dog,, the cat,", bounds.is_mark, ["the dog", "the cat"]),
        ("for me the scream for you", bounds.is_named, ["for me", "for you"]),
        ("20/30 & big, please", bounds.parts_requests, ["20 / 30 & big", "please"]),
        ("the dog and the cat", lambda item: item.has("and"), ["the dog", "the cat"]),
    ],
)
def test_a_sentence_is_cut_where_a_clause_ends(text: str, ends: bounds.End, pieces: list[str]) -> None:
    assert cut(text, ends) == pieces


def test_the_clause_around_an_item() -> None:
    items = items_of("the dog, our cat, us")
    at = next(at for at, item in enumerate(items) if item.raw == "cat")
    assert (bounds.before(items, at), bounds.behind(items, at)) == (at - 1, at + 1)
    assert (bounds.before(items, 0), bounds.behind(items, len(items) - 1)) == (0, len(items))
