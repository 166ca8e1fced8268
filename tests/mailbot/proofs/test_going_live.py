"""The answer “live” on the whole walk of a mail: it makes a version live, and the artist is told."""

from __future__ import annotations

import pytest

from mailbot.proofs.proof_letter import proof_id
from mailbot.storage.ledger import Ledger
from registry.store.access.roles import BOT, Writer
from tests.fakes.mailbot.bot import Folder, answering, text_of
from tests.fakes.mailbot.mails import mail
from tests.fakes.mailbot.proofs import ADDRESS, Proofs
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

SERVER = "mx.example"


def answer(ledger: Ledger, **fields: str) -> bytes:
    about = "tiles.2.0123abcd"
    id = proof_id(about, ledger.keyed("proof", about), "painter.example")
    return mail("Re: Proof: Tiles, version 2", "live", [], ADDRESS, References=id, **fields)


@pytest.mark.parametrize(
    ("verdict", "words", "live"),
    [
        ("pass", "tiles, version 2, is live.", 2),
        ("none", "I changed nothing: your mail came without proof that it is yours", 1),
    ],
)
async def test_live_is_authenticated_as_a_deletion_is(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, proofs: Proofs, verdict: str, words: str, live: int
) -> None:
    proofs.store.proof_mailed("tiles", 2, ADDRESS, by=Writer(BOT, "stage"))
    authentication = f"{SERVER}; dmarc={verdict} header.from=example.org"
    raw = answer(ledger, Authentication_Results=authentication)
    folder, going_live = Folder(raw), proofs.mailer.going_live
    async with answering(folder, ledger, balancer, sink, None, None, going_live, authserv_id=[SERVER]):
        (told,) = await sink.wait_for(1)
    assert words in " ".join(text_of(told).split())
    assert proofs.store.style("tiles").live.version == live
