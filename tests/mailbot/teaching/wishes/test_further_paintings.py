"""One more picture in the thread of a lesson: a painting to be learnt, or a photo to be painted."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, said
from tests.fakes.runner.balancer import FakeBalancer


def further(to: str, text: str) -> bytes:
    """A reply of Ann's with a second picture."""
    return lesson("Re: learn: my garden", 2, text=text, In_Reply_To=to, References=to)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Here is another one: in mosaic", "mosaic"),
        ("Another one: mosaic please", "mosaic"),
        ("Noch eins: Mosaik bitte", "mosaic"),
        ("Another one: my dog", "my-garden"),
        ("Otro: mi perro", "my-garden"),
        ("Here is another one: Barn", "my-garden"),
    ],
)
async def test_a_photo_after_the_lesson_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, style: str
) -> None:
    """So is one that may be a painting; the answer asks."""
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        folder.put(further(str(answer["Message-ID"]), text))
        painted = (await sink.wait_for(2))[1]
    assert len(pictures_of(painted)) == 1
    assert [job["style"] for job in balancer.jobs] == [style]
    assert ("Did you want me to learn it?" in said(painted)) is text.endswith("Barn")
    assert [each.name for each in school.store.styles_of(ANN)] == ["my-garden"]


async def test_a_further_painting_is_learnt_after_the_lesson(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        folder.put(further(str(answer["Message-ID"]), "Here is another painting of mine: Barn"))
        await sink.wait_for(2)
    assert {style.name for style in school.store.styles_of(ANN)} == {"my-garden", "barn"}


@pytest.mark.parametrize("text", ["Here is another one: in mosaic", "Another one: mosaic please"])
async def test_a_photo_for_another_style_is_painted_while_the_lesson_goes_on(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(further(str(notice["Message-ID"]), text))
        painted = (await sink.wait_for(2))[1]
    assert len(pictures_of(painted)) == 1
    assert len(school.learner.jobs) == 1
