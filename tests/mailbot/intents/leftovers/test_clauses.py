"""A sentence is cut at the styles that are painted, and at words that begin a clause."""

from __future__ import annotations

from mailbot.intents.leftovers.clauses import clauses, said
from mailbot.intents.leftovers.effects import Effects
from mailbot.intents.names.catalogue import Catalogue
from mailbot.intents.paintings.style_selection import Selection
from mailbot.intents.sentence_reader import SentenceReader
from styles.language.lexicon import lexicon
from tests.fakes.mailbot.asks import shipped


def test_what_tells_why_is_no_part_of_a_request() -> None:
    words = lexicon(("es", "en"))
    reader = SentenceReader(Catalogue.of(shipped()), words)
    sentence = reader.one("Kandinsky, y con purpurina porque parezco un panda", "text")
    effects = Effects(selection=Selection(how="one", names=("composition-vii",)))
    *_, clause = clauses(sentence, effects, words)
    assert said(clause.head) == "purpurina"
    assert (clause.lead, clause.is_behind, clause.is_order) == ("with", True, False)
