"""Where a style stands among those of its mail."""

from __future__ import annotations

import pytest

from mailbot.intents.learned.places import place_features
from mailbot.intents.learned.wish_model import candidates, in_order, logits
from mailbot.intents.mail_sentences import read_sentences
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.sentence import Sentence
from tests.fakes.mailbot.asks import request_of, shipped

MENTIONED = {1: frozenset({"udnie"}), 4: frozenset({"udnie", "mosaic"}), 6: frozenset({"great-wave"})}


@pytest.mark.parametrize(
    ("at", "features"),
    [
        (1, {"c2", "o102", "e6", "i1", "h1", "d1", "m1", "x01", "u01"}),
        (4, {"c2", "o002", "e3", "i4", "h1", "d1", "m2", "x10", "u10"}),
        (6, {"c2", "o012", "e1", "i6", "h0", "d2", "m1", "x00", "u00"}),
    ],
)
def test_a_mention_is_placed_among_the_others(at: int, features: set[str]) -> None:
    assert place_features(MENTIONED, at, 8) == features


def test_the_styles_of_a_mail_are_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "The Scream hung left. The Great Wave hung right. I liked Udnie best. Paint it as Mosaic, please."
    read = read_sentences(request_of({"subject": "", "text": text, "photos": 1}), Catalogue(shipped()), ())
    mail = in_order(read.groups)
    found, looks, styles_at = candidates(mail), [0], Sentence.styles_at

    def counted(sentence: Sentence, at: int) -> tuple[str, ...]:
        looks[0] += 1
        return styles_at(sentence, at)

    monkeypatch.setattr(Sentence, "styles_at", counted)
    assert len(logits(mail, found)) == len(found) > 2
    assert looks == [sum(len([*mail[at].sentence.mentions]) for at in found)]
