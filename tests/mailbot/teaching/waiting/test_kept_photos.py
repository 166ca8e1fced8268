"""A photo that comes in the thread of a lesson while its style is learnt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from mailbot.storage.ledger import Ledger
from mailbot.teaching import lesson_search, private_styles
from mailbot.teaching.lessons import Lesson
from registry.client import LearningClient
from styles.contract import StyleSummary
from styles.learning_errors import PaintingBlank
from styles.service.problems import to_problem
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

KEPT = "I keep your photo, and paint it as “my garden” as soon as I have learnt that."


def photo_in(to: str, text: str, number: int = 2, subject: str = "Re: learn: my garden") -> bytes:
    """A reply of Ann's with one picture."""
    return lesson(subject, number, text=text, In_Reply_To=to, References=to)


@pytest.mark.parametrize(
    "text",
    [
        "here is my dog. Could you paint him?",
        "A photo to paint",
        "Hier ist mein Hund. Kannst du ihn malen?",
        "voici mon chien, tu peux le peindre ?",
        "aquí está mi perro, ¿puedes pintarlo?",
        "Ecco il mio cane. Puoi dipingerlo?",
        "aqui está o meu cão. Podes pintá-lo?",
        "这是我的狗，能画一下吗？",
        "うちの犬です。描いてもらえますか？",
    ],
)
async def test_a_photo_is_kept_and_painted_when_its_style_is_live(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), text))
        kept = (await sink.wait_for(2))[1]
        assert balancer.jobs == []
        school.learner.may_finish.set()
        answers = (await sink.wait_for(4))[2:]
    assert kept["In-Reply-To"] == "<2@example.org>"
    if text.isascii() and "dog" in text:
        assert KEPT in said(kept)
    (painted,) = (answer for answer in answers if answer["In-Reply-To"] == "<2@example.org>")
    assert len(pictures_of(painted)) == 1, said(painted)
    assert [job["style"] for job in balancer.jobs] == ["my-garden"]
    assert len(school.learner.jobs) == 1


async def test_a_photo_with_the_name_of_another_style_is_painted_at_once(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "Here is my dog. Could you paint him in mosaic?"))
        painted = (await sink.wait_for(2))[1]
    assert len(pictures_of(painted)) == 1
    assert [job["style"] for job in balancer.jobs] == ["mosaic"]


async def test_a_photo_that_waits_for_nothing_is_told(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "here is my dog"))
        kept = (await sink.wait_for(2))[1]
        folder.put(reply(str(kept["Message-ID"]), "stop learning"))
        answers = (await sink.wait_for(4))[2:]
    (told,) = (answer for answer in answers if answer["In-Reply-To"] == "<2@example.org>")
    assert "I did not paint your photo" in said(told)
    assert balancer.jobs == []


async def test_a_photo_is_not_learnt_from_where_its_lesson_fails(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "here is my dog"))
        await sink.wait_for(2)
        school.learner.only.problem = to_problem(PaintingBlank())
        school.learner.may_finish.set()
        answers = (await sink.wait_for(4))[2:]
    assert len(school.learner.jobs) == 1
    assert any("I did not paint your photo" in said(answer) for answer in answers)


async def test_a_photo_waits_through_a_restart_for_the_picture_that_took_the_place(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    balancer.styles = (*balancer.styles, "my-garden")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "here is my dog"))
        await sink.wait_for(2)
        folder.put(photo_in(str(notice["Message-ID"]), "A better shot of it, without the glare", 3))
        replaced = (await sink.wait_for(3))[2]
        assert "This picture took the place of the one before" in said(replaced)
    school.learner.may_finish.set()
    async with school.answering(Folder(), ledger, balancer, sink):
        await sink.wait_for(5)
    assert [job["style"] for job in balancer.jobs] == ["my-garden"]
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


@pytest.mark.parametrize("learnt", ["private"])
async def test_a_photo_whose_private_style_is_not_in_the_list_yet_waits_on(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list is asked for before the lesson is looked at: it may have ended between the two."""
    find, missed = private_styles.with_private, list[str]()
    is_open = partial(lesson_search.is_open, lesson=Lesson(message=1))

    async def early(
        client: LearningClient, styles: Sequence[StyleSummary], author: str
    ) -> Sequence[StyleSummary]:
        found = await find(client, styles, author)
        balancer.staged |= {f"{each.name}@{ref}": "" for each in found for ref in each.aliases}
        if missed or found is styles or await ledger.read(is_open):
            return found
        missed.append(author)
        return styles

    monkeypatch.setattr(private_styles, "with_private", early)
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "here is my dog"))
        await sink.wait_for(2)
        school.learner.may_finish.set()
        answers = (await sink.wait_for(4))[2:]
    (painted,) = (answer for answer in answers if answer["In-Reply-To"] == "<2@example.org>")
    assert len(pictures_of(painted)) == 1, said(painted)
    assert missed == [ANN]


@pytest.mark.parametrize("learnt", ["staged"])
async def test_a_photo_that_waited_for_a_staged_style_is_told_how_to_have_it_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(photo_in(str(notice["Message-ID"]), "here is my dog"))
        await sink.wait_for(2)
        school.learner.may_finish.set()
        answers = (await sink.wait_for(4))[2:]
    (told,) = (answer for answer in answers if answer["In-Reply-To"] == "<2@example.org>")
    assert "write “my-garden@staged” with it" in said(told)
    assert "I did nothing with the picture of your mail." in said(told)
