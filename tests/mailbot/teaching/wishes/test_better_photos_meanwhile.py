"""What is written of a style while a better photo of its painting is learnt."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, until_census
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer


def retaken(to: str, text: str = "a better photo of my painting") -> bytes:
    """A reply of Ann's with a second picture of her painting."""
    return lesson("Re: learn: my garden", 2, text=text, In_Reply_To=to, References=to)


@pytest.mark.parametrize("order", ["delete", "delete my garden"])
@pytest.mark.parametrize("is_reply", [True, False])
async def test_a_deleted_style_does_not_come_back(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, order: str, is_reply: bool
) -> None:
    """Neither by a better photo of its painting, nor by a second painting under its name."""
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        school.learner.may_finish.clear()
        folder.put(retaken(to) if is_reply else lesson("learn: my garden", 2))
        await sink.wait_for(2)
        folder.put(reply(to, order))
        deleted = (await sink.wait_for(3))[2]
        school.learner.may_finish.set()
        await until_census(ledger, "message.silent")
    assert "Your style is deleted." in said(deleted)
    assert "I have stopped learning, too, and kept nothing of it." in said(deleted)
    assert [job.cancelled for job in school.learner.jobs.values()][1:] == [True]
    assert school.store.styles_of(ANN) == []
    assert len(sink.received) == 3


async def test_a_deletion_stops_no_lesson_of_another_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        school.learner.may_finish.clear()
        folder.put(lesson("learn: blue hills", 2))
        await sink.wait_for(2)
        folder.put(reply(str(answer["Message-ID"]), "delete"))
        deleted = (await sink.wait_for(3))[2]
        school.learner.may_finish.set()
        await sink.wait_for(4)
    assert "stopped" not in said(deleted)
    assert [style.name for style in school.store.styles_of(ANN)] == ["blue-hills"]


@pytest.mark.parametrize("is_reply", [True, False])
@pytest.mark.parametrize(("order", "name"), [("call it Moss", "moss"), ("call it “苔”", "my-garden")])
async def test_a_renamed_style_gets_the_new_version(
    ledger: Ledger,
    balancer: FakeBalancer,
    sink: Sink,
    school: School,
    order: str,
    name: str,
    is_reply: bool,
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        school.learner.may_finish.clear()
        folder.put(retaken(to) if is_reply else lesson("learn: my garden", 2))
        await sink.wait_for(2)
        folder.put(reply(to, order))
        await sink.wait_for(3)
        school.learner.may_finish.set()
        learnt = (await sink.wait_for(4))[3]
    title = order.removeprefix("call it ").strip("“”")
    assert f"I have learnt “{title}” from your painting." in said(learnt)
    (style,) = school.store.styles_of(ANN)
    assert (style.name, style.title) == (name, title)
    assert len(school.store.kept(name).versions) == 2
