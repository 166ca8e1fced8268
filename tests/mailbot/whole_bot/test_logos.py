"""Decorations on the whole walk: what is painted of a mail with a logo, at once and after some mails."""

from __future__ import annotations

from mailbot.storage.ledger import Ledger
from mailbot.storage.shown_pictures import EARLIER
from styles.contract import PaintingRecipe
from styles.imaging.xmp import embedded, packet
from tests.fakes.mailbot.bot import Folder, answering, text_of, until_settled
from tests.fakes.mailbot.decorations.pictures import logo, photo
from tests.fakes.mailbot.decorations.programs import File, Letter, img, outlook, shown
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.runner.balancer import FakeBalancer

#: Too much like a photo to be known at once.
CARD = photo(240, 160, seed=80)


def with_card(number: int, *others: File, text: str = "mosaic") -> bytes:
    card = shown(CARD, "image001.jpg")
    holiday = File(content=photo(320, 240, seed=80 + number), name=f"holiday{number}.jpg")
    page = outlook(text, "Jane Doe", img(card))
    return Letter(text=text, html=page, inside=[card], attached=[holiday, *others]).raw()


async def test_a_mail_of_a_logo_alone_has_no_photo(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    file = shown(logo(180, 60))
    raw = Letter(html=outlook("mosaic", "Regards", img(file)), inside=[file]).raw()
    async with answering(Folder(raw), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "no photo" in text_of(answer)
    assert balancer.jobs == []


async def test_a_card_is_known_after_some_mails(ledger: Ledger, balancer: FakeBalancer, sink: Sink) -> None:
    folder = Folder()
    painted = []
    async with answering(folder, ledger, balancer, sink):
        for number in range(1, EARLIER + 2):
            before = len(balancer.jobs)
            folder.put(with_card(number))
            await until_settled(ledger, number)
            painted.append(len(balancer.jobs) - before)
        folder.put(Letter(attached=[File(content=CARD, name="card.jpg")]).raw())
        await until_settled(ledger, EARLIER + 2)
    assert painted == [2] * EARLIER + [1]
    assert len(balancer.jobs) == 2 * EARLIER + 2  # the card itself, attached on purpose, is painted


async def test_the_same_for_this_one_is_understood_beside_a_known_card(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink
) -> None:
    packet_ = packet(PaintingRecipe(style="the-scream"), "In the style of The Scream")
    painting = File(content=embedded(photo(320, 240, seed=99), "jpeg", packet_), name="scream.jpg")
    folder = Folder()
    async with answering(folder, ledger, balancer, sink):
        for number in range(1, EARLIER + 2):
            folder.put(with_card(number))
            await until_settled(ledger, number)
        before = len(balancer.jobs)
        folder.put(with_card(EARLIER + 2, painting, text=""))
        await until_settled(ledger, EARLIER + 2)
    assert [job["style"] for job in balancer.jobs[before:]] == ["the-scream"]
