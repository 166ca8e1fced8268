"""Photo and painting of one perfect picture that change places, as often as their sender says so."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import photo
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


@pytest.mark.parametrize(
    "texts",
    [
        [SWAP, "Non, c'est l'inverse"],
        ["È il contrario", "反了", "逆です"],
        ["I meant: the second one is the painting", "They are the wrong way round!"],
    ],
)
async def test_of_several_replies_to_the_first_answer_one_job_is_left(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, texts: list[str]
) -> None:
    """All of them want the same, so that the later ones change nothing."""
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        for number, text in enumerate(texts, start=2):
            folder.put(reply(str(notice["Message-ID"]), text, number, subject="Re: our dog"))
            await sink.wait_for(number)
        first, swapped = school.learner.jobs.values()
        assert (first.cancelled, swapped.cancelled) == (True, False)
        assert swapped.form["painting"] == first.form["photo"]
        folder.put(reply(str(notice["Message-ID"]), "stop", 9, subject="Re: our dog"))
        stopped = (await sink.wait_for(len(texts) + 2))[-1]
    assert all(job.cancelled for job in school.learner.jobs.values())
    assert "Other paintings" not in said(stopped)


async def test_of_three_pictures_the_one_is_the_painting_that_is_told(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    text = "paint it exactly like this. The second one is the painting."
    names = ("IMG_1.jpg", "IMG_2.jpg", "canvas.jpg")
    folder = Folder(lesson("our dog", 1, *names, text=text))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        to, pictures = str(notice["Message-ID"]), [photo(seed=100 + number) for number in range(3)]
        for number, text in enumerate(("The first one is the painting", SWAP), start=2):
            folder.put(reply(to, text, number, subject="Re: our dog"))
            to = f"{to} {(await sink.wait_for(number))[-1]['Message-ID']}"
        folder.put(reply(to, "The second one is the painting", 4, subject="Re: our dog"))
        kept = (await sink.wait_for(4))[-1]
    forms = [(job.form["painting"], job.form["photo"]) for job in school.learner.jobs.values()]
    first, second, _ = pictures
    assert forms == [(second, first), (first, second), (second, first)]
    assert "the second picture is the painting, and the first one the photo" in said(kept)


async def test_praise_of_a_picture_changes_no_places(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    text = "The second picture was nicer than the painting"
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text, subject="Re: our dog"))
        answer = (await sink.wait_for(2))[1]
    assert "I did not understand that." in said(answer)
    assert not school.learner.only.cancelled


async def test_replies_that_come_at_once_leave_one_job(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        to = str(notice["Message-ID"])
        for number in range(2, 5):
            folder.put(reply(to, SWAP, number, subject="Re: our dog"))
        await sink.wait_for(4)
    assert [job.cancelled for job in school.learner.jobs.values()] == [True, False]


async def test_they_change_places_after_they_were_told_that_they_stay(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        first = str(notice["Message-ID"])
        folder.put(reply(first, SWAP, 2, subject="Re: our dog"))
        await sink.wait_for(2)
        folder.put(reply(first, SWAP, 3, subject="Re: our dog"))
        kept = (await sink.wait_for(3))[2]
        assert "the second picture is the painting, and the first one the photo" in said(kept)
        folder.put(reply(f"{first} {kept['Message-ID']}", SWAP, 4, subject="Re: our dog"))
        await sink.wait_for(4)
    forms = [job.form for job in school.learner.jobs.values()]
    assert [form["painting"] != forms[0]["painting"] for form in forms] == [False, True, False]


async def test_what_is_called_otherwise_by_a_reply_to_the_first_answer_is_the_right_picture(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        to = str(notice["Message-ID"])
        folder.put(lesson("Re: learn", 2, text="Sorry, wrong photo", In_Reply_To=to, References=to))
        await sink.wait_for(2)
        folder.put(reply(to, "call it blue hills", 3))
        called = (await sink.wait_for(3))[2]
    assert "The style will be called “blue hills”." in said(called)
