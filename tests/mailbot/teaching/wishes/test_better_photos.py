"""A better photo of a painting, which comes after its style was learnt, or while it is."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, said
from tests.fakes.runner.balancer import FakeBalancer


@pytest.mark.parametrize(
    "text",
    [
        "Here is a better photo of the same painting, without the wall",
        "this photo of the canvas is sharper, please use it instead",
        "Please learn from this better photo of the painting",
        "Hier ist ein besseres Foto des gleichen Gemäldes, ohne die Wand",
        "Cette photo de la toile est plus nette, prends-la plutôt",
        "这张画的照片更清楚，请改用这张",
    ],
)
async def test_a_better_photo_makes_a_new_version_of_the_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        folder.put(lesson("Re: learn: my garden", 2, text=text, In_Reply_To=to, References=to))
        await sink.wait_for(2)
    assert [job.form["name"] for job in school.learner.jobs.values()] == ["my-garden", "my-garden"]
    assert balancer.jobs == []
    (style,) = school.store.styles_of(ANN)
    assert (style.name, len(school.store.kept("my-garden").versions)) == ("my-garden", 2)


async def test_a_style_with_a_made_name_keeps_that_and_its_title(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("learn: 我的花园"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        folder.put(lesson("Re: x", 2, text="同一幅画，更清晰的照片", In_Reply_To=to, References=to))
        await sink.wait_for(2)
    first, second = (job.form["name"] for job in school.learner.jobs.values())
    assert first == second
    assert [style.title for style in school.store.styles_of(ANN)] == ["我的花园"]


@pytest.mark.parametrize(
    "text", ["A sharper one", "Here is a better photo of my dog in front of the painting"]
)
async def test_a_photo_that_may_be_a_better_one_is_painted_with_a_question(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        folder.put(lesson("Re: learn: my garden", 2, text=text, In_Reply_To=to, References=to))
        painted = (await sink.wait_for(2))[1]
    assert len(pictures_of(painted)) == 1
    assert "If it is a better photo of your painting" in said(painted)


@pytest.mark.parametrize(
    "text",
    [
        "A better shot of it, without the glare",
        "Eine bessere Aufnahme davon, ohne Spiegelung",
        "Une meilleure photo du même tableau, sans reflet",
        "Una foto mejor del mismo cuadro, sin reflejos",
        "Una foto migliore dello stesso quadro, senza riflessi",
        "Uma foto melhor do mesmo quadro, sem reflexos",
        "同一幅画，更清晰，没有反光",
        "同じ絵を撮り直しました。反射なしです",
    ],
)
async def test_a_better_photo_begins_the_lesson_again(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        to = str(notice["Message-ID"])
        folder.put(lesson("Re: learn: my garden", 2, text=text, In_Reply_To=to, References=to))
        await sink.wait_for(2)
    assert [job.cancelled for job in school.learner.jobs.values()] == [True, False]
    assert {job.form["name"] for job in school.learner.jobs.values()} == {"my-garden"}
