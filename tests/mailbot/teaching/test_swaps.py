"""Photo and painting of one perfect picture that change places, as often as their sender says so."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

SWAP = "the other way round"


@pytest.mark.parametrize(
    ("texts", "is_swapped"),
    [
        ([SWAP], [False, True]),
        ([SWAP, SWAP], [False, True, False]),
        ([SWAP, SWAP, "No, the other way round!"], [False, True, False, True]),
        (["the second one is the painting", "Nein, das erste ist das Gemälde"], [False, True, False]),
        (["2枚目が絵です"], [False, True]),
    ],
)
async def test_they_change_places_again_while_they_are_painted(
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    school: School,
    texts: list[str],
    is_swapped: list[bool],
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        thread = str(notice["Message-ID"])
        for number, text in enumerate(texts, start=2):
            folder.put(reply(thread, text, number, subject="Re: our dog"))
            thread = f"{thread} {(await sink.wait_for(number))[-1]['Message-ID']}"
    forms = [job.form for job in school.learner.jobs.values()]
    assert [form["painting"] != forms[0]["painting"] for form in forms] == is_swapped
    assert [form["photo"] != forms[0]["photo"] for form in forms] == is_swapped


@pytest.mark.parametrize("text", ["the second one is the photo", "The first is the painting."])
async def test_they_stay_where_they_are_already_as_their_sender_says(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text, subject="Re: our dog"))
        answer = (await sink.wait_for(2))[1]
    assert "the first picture is the painting, and the second one the photo" in said(answer)
    assert not school.learner.only.cancelled
