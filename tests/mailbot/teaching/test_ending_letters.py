"""Styles that are deleted by mail, and the answers that say so."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from styles.errors import UnknownStyle
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.registry.versions import publish
from tests.fakes.runner.balancer import FakeBalancer


async def test_styles_are_deleted_by_their_author(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    tagged = lesson("learn: hills south", 2, sender="Ann Teacher <ann+art@example.org>")
    folder = Folder(lesson("learn: hills north", 1), tagged)
    async with school.answering(folder, ledger, balancer, sink):
        first = next(m for m in await sink.wait_for(2) if "north" in str(m["Subject"]))
        folder.put(reply(str(first["Message-ID"]), "Please take the barn down.", 7))
        unclear = (await sink.wait_for(3))[2]
        assert "Shall I delete “Hills north”?" in said(unclear)
        folder.put(reply(str(first["Message-ID"]), "Not for me. Please take Hills North down.", 8))
        answer = (await sink.wait_for(4))[3]
        assert "Nobody can ask for “hills-north” any more." in said(answer)
        folder.put(reply("<unknown@x>", "delete my styles", 11, "please", sender="eve@example.org"))
        folder.put(reply("<unknown@x>", "delete my styles", 10, subject="please"))
        answers = (await sink.wait_for(6))[4:]
    told = {str(each["To"]).partition("@")[0]: said(each) for each in answers}
    assert "I know no style of yours." in told["eve"]
    assert "Your style is deleted." in next(words for who, words in told.items() if "ann" in who)
    with pytest.raises(UnknownStyle):
        school.store.style("hills-south")


@pytest.mark.parametrize(
    ("wish", "kept"),
    [
        ("delete", "I have deleted nothing. “hills-south” stays: it was handed over to somebody else"),
        (
            "delete my styles",
            "Your style is deleted. Nobody can ask for “hills-north” any more. “hills-south”",
        ),
    ],
)
async def test_a_style_that_was_handed_over_is_not_deleted_by_its_author(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, wish: str, kept: str
) -> None:
    folder = Folder(lesson("learn: hills north", 1), lesson("learn: hills south", 2))
    async with school.answering(folder, ledger, balancer, sink):
        south = next(m for m in await sink.wait_for(2) if "south" in str(m["Subject"]))
        school.store.tokens.add("Bo")
        school.store.hand_over("hills-south", "Bo")
        for number in (8, 9):  # the wish may be repeated
            folder.put(reply(str(south["Message-ID"]), wish, number, "Re: learn: hills south"))
            answers = await sink.wait_for(number - 5)
        await sink.wait_for(4)
    assert kept in said(answers[2])
    assert "“hills-south” stays" in said(answers[3])
    assert school.store.resolve("hills-south").version == 1


@pytest.mark.parametrize("wish", ["delete", "delete my styles"])
@pytest.mark.parametrize("job", ["", "of-the-page"], ids=["uploaded", "learnt on the page"])
async def test_a_version_of_ones_own_style_is_learnt_and_the_style_deleted_by_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, wish: str, job: str
) -> None:
    school.store.tokens.add("Ann")
    school.store.set_address("Ann", ANN)
    publish(school.store, "my-garden", by="Ann", job=job)
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        assert school.store.resolve("my-garden").version == 2
        folder.put(reply(str(learnt["Message-ID"]), wish))
        answer = (await sink.wait_for(2))[1]
    assert "Your style is deleted. Nobody can ask for “my-garden” any more." in said(answer)
    with pytest.raises(UnknownStyle):
        school.store.style("my-garden")


async def test_a_style_that_stays_is_not_said_to_be_deleted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.store.tokens.add("Ann")
    school.store.set_address("Ann", ANN)
    publish(school.store, "my-garden", by="Ann")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        school.store.set_address("Ann", "ann@example.com")
        folder.put(reply(str(learnt["Message-ID"]), "delete"))
        answer = (await sink.wait_for(2))[1]
    assert "I know no style of yours." in said(answer)
    assert school.store.resolve("my-garden").version == 2
