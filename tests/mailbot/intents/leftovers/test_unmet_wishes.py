"""A reply that wants the painting again, with what no painting can have: the answer says so."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.conversations.thread import Outcome, Thread


async def _again(ledger: Ledger, text: str) -> Outcome:
    """What comes of a reply to a painting in Udnie."""
    thread = Thread(ledger)
    await thread.says("udnie", ["team.jpg"])
    return await thread.says(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("the landlord wants a crest on the top of it, redo it like that?", "a crest on the top"),
        ("with the club crest in the corner, send it again like that", "club crest"),
        ("mit dem Vereinswappen in der Ecke, schick es nochmal so", "Vereinswappen"),
        ("avec le blason du club dans le coin, renvoie-la comme ça", "blason"),
        ("él la quiere con el escudo del club en la esquina, mándala otra vez así", "escudo"),
        ("con lo stemma della squadra nell'angolo, rimandala così", "stemma"),
        ("com o brasão do clube no canto, manda de novo assim", "brasão"),
        ("角落加上球队的队徽，再发一次", "队徽"),
        ("隅にチームのエンブレムを入れて、もう一度送って", "エンブレム"),
    ],
)
async def test_a_new_wish_before_the_same_again_is_told(ledger: Ledger, text: str, told: str) -> None:
    came = await _again(ledger, text)
    assert [job.style for _, job in came.pictures] == ["udnie"]
    assert told in " ".join(came.notes)


@pytest.mark.parametrize(
    "text",
    [
        *("I lost it, send it again please", "my wife wants it too, send it again"),
        *("mi hermana la quiere en su casa, mándala otra vez", "she wants one for her sister, again please"),
    ],
)
async def test_a_reason_to_have_it_again_is_not(ledger: Ledger, text: str) -> None:
    came = await _again(ledger, text)
    assert [job.style for _, job in came.pictures] == ["udnie"]
    assert not came.notes
