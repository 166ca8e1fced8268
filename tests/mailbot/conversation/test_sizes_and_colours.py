"""Replies that change the size or the colours of a painting, or say an amount beside them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread


async def last_of(ledger: Ledger, said: Sequence[str]) -> Outcome:
    """What came of the last of some mails, of which the first one has a photo."""
    thread = Thread(ledger)
    came = [await thread.says(text, () if at else ("dog.jpg",)) for at, text in enumerate(said)]
    return came[-1]


@pytest.mark.parametrize(
    "text", ["mandala piccola", "ahah mandala piccola per favore", "me encantó! mandala chica"]
)
async def test_an_order_to_send_is_no_style(ledger: Ledger, text: str) -> None:
    came = await last_of(ledger, ["l'urlo", text])
    assert [job.options.size for _, job in came.pictures] == [512]


@pytest.mark.parametrize("text", ["un mandala", "in stile mandala", "hazlo como un mandala"])
async def test_a_style_that_is_an_order_too_is_a_style_behind_its_words(ledger: Ledger, text: str) -> None:
    assert (await last_of(ledger, ["l'urlo", text])).error == "UnknownStyle"
