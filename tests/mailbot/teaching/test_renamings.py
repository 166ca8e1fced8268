"""Styles that get another name by mail, while they are learnt and afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mailbot.storage.ledger import Ledger
from registry.client import LearningClient
from registry.client_upload import Published
from styles.errors import Permanent, UnknownStyle
from styles.learning_errors import PaintingBlank
from styles.service.problems import to_problem
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.registry.versions import publish
from tests.fakes.runner.balancer import FakeBalancer

HILLS = "everybody may write “blue-hills”"


@pytest.mark.parametrize(
    "words",
    [
        *("call it Blue Hills", "Can you name it Blue Hills instead?", "learn: Blue Hills"),
        *("rather Blue Hills", "Never mind, then Blue Hills"),
    ],
)
async def test_a_style_that_is_learnt_gets_the_name_that_its_author_writes_meanwhile(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        assert "answer with “call it my garden”" in said(notice)
        folder.put(reply(str(notice["Message-ID"]), words))
        renamed = (await sink.wait_for(2))[1]
        assert "The style will be called “Blue Hills”." in said(renamed)
        school.learner.may_finish.set()
        answer = (await sink.wait_for(3))[2]
    assert "I have learnt “Blue Hills” from your painting." in said(answer)
    assert HILLS in said(answer)
    assert [(style.name, style.title) for style in school.store.styles_of(ANN)] == [
        ("blue-hills", "Blue Hills")
    ]
    assert len(school.learner.jobs) == 1


async def test_a_published_style_gets_another_name_and_the_old_one_means_nothing(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        digest = school.store.resolve("my-garden").digest
        folder.put(reply(str(learnt["Message-ID"]), "Please rename it to Blue Hills.\n\nAnn", 8))
        renamed = (await sink.wait_for(2))[1]
        words = said(renamed)
        assert "Your style is called “Blue Hills” now." in words
        assert HILLS in words
        assert "Nobody can ask for “my-garden” any more." in words
        assert school.store.resolve("blue-hills").digest == digest
        with pytest.raises(UnknownStyle):
            school.store.style("my-garden")
        folder.put(reply(str(learnt["Message-ID"]), "delete", 9))  # in the same thread
        deleted = (await sink.wait_for(3))[2]
    assert "Nobody can ask for “blue-hills” any more." in said(deleted)


async def test_a_style_is_written_in_one_word(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "call it mygarden"))
        await sink.wait_for(2)
    assert [style.name for style in school.store.styles_of(ANN)] == ["mygarden"]


async def test_a_refusal_of_the_registry_is_told_in_the_language_of_the_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("lerne: Mein Garten", 1), lesson("lerne: Blaue Wiese", 2))
    async with school.answering(folder, ledger, balancer, sink):
        garden = next(m for m in await sink.wait_for(2) if "Garten" in str(m["Subject"]))
        thread, subject = str(garden["Message-ID"]), "Re: lerne: Mein Garten"
        folder.put(reply(thread, "Nenne es Blaue Wiese.", 8, subject))
        assert "„blaue-wiese“ ist schon ein anderer Stil von dir." in said((await sink.wait_for(3))[2])
        school.store.tokens.add("Bo")
        school.store.hand_over("mein-garten", "Bo")
        folder.put(reply(thread, "Nenne es Rote Wiese.", 9, subject))
        refused = said((await sink.wait_for(4))[3])
    assert "„mein-garten“ gehört jetzt Bo. Bitte Bo um einen anderen Namen." in refused


async def test_a_name_that_is_taken_at_the_last_moment_is_answered_with_a_free_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = LearningClient.rename

    async def late(*args: Any) -> Published:
        publish(school.store, "blue-hills", by="Bo")
        return await rename(*args)

    monkeypatch.setattr(LearningClient, "rename", late)
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "call it Blue Hills"))
        refused = (await sink.wait_for(2))[1]
    assert "Answer with “call it blue-hills-2”" in said(refused)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


async def test_a_name_without_a_latin_letter_becomes_the_title(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "名前を「青い丘」に変えてください。"))
        renamed = (await sink.wait_for(2))[1]
    assert "青い丘" in said(renamed)
    assert "my-garden" in said(renamed)
    assert school.store.card("my-garden").other_names == ("青い丘",)


@pytest.mark.parametrize("is_learnt", [False, True])
@pytest.mark.parametrize("words", ["yes", "dunes-2", "call it dunes-2", "Sure, go ahead!"])
async def test_a_name_that_is_not_free_is_answered_with_a_free_one(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_learnt: bool, words: str
) -> None:
    publish(school.store, "dunes", by="Bo")
    if not is_learnt:
        school.learner.may_finish.clear()
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (first,) = await sink.wait_for(1)
        folder.put(reply(str(first["Message-ID"]), "call it dunes", 8))
        refused = (await sink.wait_for(2))[1]
        assert "“dunes” is the name of another style, or too much like one." in said(refused)
        assert "Answer with “call it dunes-2”" in said(refused)
        folder.put(reply(f"{first['Message-ID']} {refused['Message-ID']}", words, 9))
        renamed = (await sink.wait_for(3))[2]
        school.learner.may_finish.set()
        if not is_learnt:
            await sink.wait_for(4)
    assert ("Your style is called “Dunes 2” now." if is_learnt else "called “dunes-2”") in said(renamed)
    assert [style.name for style in school.store.styles_of(ANN)] == ["dunes-2"]


async def test_a_style_that_is_renamed_while_it_is_published_has_the_new_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    was_accepted, may_go_on, accept = asyncio.Event(), asyncio.Event(), LearningClient.accept

    async def slowly(*args: Any, **card: Any) -> Published:
        published = await accept(*args, **card)
        was_accepted.set()
        await may_go_on.wait()
        return published

    monkeypatch.setattr(LearningClient, "accept", slowly)
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await was_accepted.wait()
        folder.put(reply("<1@example.org>", "call it Blue Hills"))
        await sink.wait_for(1)
        may_go_on.set()
        answer = (await sink.wait_for(2))[1]
    assert "I have learnt “Blue Hills” from your painting." in said(answer)
    assert HILLS in said(answer)
    assert [style.name for style in school.store.styles_of(ANN)] == ["blue-hills"]


async def test_after_a_refusal_it_is_learnt_under_the_other_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (refused,) = await sink.wait_for(1)
        folder.put(reply(str(refused["Message-ID"]), "Then call it Blue Hills"))
        answer = (await sink.wait_for(2))[1]
    assert HILLS in said(answer)


async def test_nobody_else_renames_a_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "call it Blue Hills", sender="eve@example.org"))
        await sink.wait_for(2)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


@pytest.mark.parametrize("is_renamed", [False, True])
async def test_a_name_that_means_something_else_in_a_mail_is_the_title_alone(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_renamed: bool
) -> None:
    folder = Folder(lesson("learn: my garden" if is_renamed else "learn: 写真"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        if is_renamed:
            folder.put(reply(str(notice["Message-ID"]), "名前を「写真」に変えてください。"))
            await sink.wait_for(2)
        school.learner.may_finish.set()
        answer = (await sink.wait_for(2 + is_renamed))[-1]
    assert "写真" in said(answer)
    (style,) = school.store.styles_of(ANN)
    assert style.title == "写真"
    assert school.store.card(style.name).other_names == ()


async def test_a_name_after_a_failed_publication_has_the_painting_learnt_under_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, failures = LearningClient.accept, [Permanent("The trial painted nothing.")]

    async def failing(*args: Any, **card: Any) -> Published:
        if failures:
            raise failures.pop()
        return await accept(*args, **card)

    monkeypatch.setattr(LearningClient, "accept", failing)
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (failed,) = await sink.wait_for(1)
        assert "The trial painted nothing." in said(failed)
        folder.put(reply(str(failed["Message-ID"]), "call it Blue Hills"))
        learnt = (await sink.wait_for(2))[1]
    assert "I have learnt “Blue Hills” from your painting." in said(learnt)


@pytest.mark.parametrize("is_stopped", [False, True])
async def test_a_yes_after_the_lesson_has_ended_promises_no_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_stopped: bool
) -> None:
    publish(school.store, "dunes", by="Bo")
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        thread = str(notice["Message-ID"])
        folder.put(reply(thread, "call it dunes", 7))
        await sink.wait_for(2)
        if is_stopped:
            folder.put(reply(thread, "stop learning", 8))
        else:
            school.learner.only.problem = to_problem(PaintingBlank())
        await sink.wait_for(3)
        school.learner.may_finish.set()
        folder.put(reply(thread, "yes", 9))
        answer = (await sink.wait_for(4))[3]
    assert "The style will be called" not in said(answer)
    assert "I know no style called" not in said(answer)
    # A lesson that failed is resumed under the free name; one that was stopped stays so.
    assert [style.name for style in school.store.styles_of(ANN)] == ([] if is_stopped else ["dunes-2"])


@pytest.mark.parametrize(
    ("words", "told", "left"),
    [
        ("delete", "Nobody can ask for “blue-hills” any more.", []),
        ("call it Dunes", "Your style is called “Dunes” now.", ["dunes"]),
    ],
)
async def test_the_threads_of_all_versions_are_about_the_renamed_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    words: str, told: str, left: list[str],
) -> None:  # fmt: skip
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (first,) = await sink.wait_for(1)
        folder.put(lesson(number=2))
        second = (await sink.wait_for(2))[1]
        folder.put(reply(str(second["Message-ID"]), "call it Blue Hills", 8))
        await sink.wait_for(3)
        folder.put(reply(str(first["Message-ID"]), words, 9))
        answer = (await sink.wait_for(4))[3]
    assert told in said(answer)
    assert [style.name for style in school.store.styles_of(ANN)] == left


class TestPrivate:
    @pytest.fixture
    def learnt(self) -> str:
        return "private"

    async def test_a_private_style_stays_private(
        self, ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
    ) -> None:
        folder = Folder(lesson())
        async with school.answering(folder, ledger, balancer, sink):
            (learnt,) = await sink.wait_for(1)
            folder.put(reply(str(learnt["Message-ID"]), "call it Blue Hills"))
            renamed = (await sink.wait_for(2))[1]
        assert "only mails from your address can ask for “blue-hills”" in said(renamed)
        assert "private-" not in renamed.as_string()
        assert school.store.styles() == []


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("call it Great Machine, thanks", "Great Machine"),
        ("appelle-le s'il te plaît Belle Île", "Belle Île"),
        ("Nenne ihn bitte Rote Wiese.", "Rote Wiese"),
        ("Kannst du ihn bitte in Rote Wiese umbenennen? Danke!", "Rote Wiese"),
    ],
)
async def test_thanks_and_please_are_no_part_of_another_name_and_leave_no_mail_unanswered(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str, title: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), words))
        await sink.wait_for(2)
        school.learner.may_finish.set()
        await sink.wait_for(3)
    assert [style.title for style in school.store.styles_of(ANN)] == [title]


@pytest.mark.parametrize("is_learnt", [False, True])
async def test_a_style_is_renamed_by_its_old_name_in_a_new_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_learnt: bool
) -> None:
    if not is_learnt:
        school.learner.may_finish.clear()
    folder = Folder(lesson("learn: dunes", 1), lesson("learn: my garden", 2))
    words = "Rename my garden to Blue Hills"
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(2)
        folder.put(reply("", words, 3, subject="please", sender="eve@example.org"))
        folder.put(reply("", words, 4, subject="please"))
        told = [said(answer) for answer in (await sink.wait_for(4))[2:]]
        school.learner.may_finish.set()
        await sink.wait_for(4 if is_learnt else 6)
    assert sum("called “Blue Hills”" in words for words in told) == 1
    assert {style.name for style in school.store.styles_of(ANN)} == {"dunes", "blue-hills"}


@pytest.mark.parametrize("words", ["yes", "Ok, then Blue Hills please"])
async def test_a_reply_to_the_answer_of_a_new_mail_is_about_the_same_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    publish(school.store, "dunes", by="Bo")
    folder = Folder(lesson("learn: my garden", 1), lesson("learn: zephyr", 2))
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(2)
        folder.put(reply("", "Rename my garden to Dunes", 3, subject="please"))
        refused = (await sink.wait_for(3))[2]
        assert "Answer with “call it dunes-2”" in said(refused)
        folder.put(reply(str(refused["Message-ID"]), words, 4, subject="Re: please"))
        await sink.wait_for(4)
    name = "dunes-2" if words == "yes" else "blue-hills"
    assert {style.name for style in school.store.styles_of(ANN)} == {name, "zephyr"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("It is lovely! I'd call it a masterpiece.", "otherwise it keeps its name."),
        ("You could call it magic", "otherwise it keeps its name."),
        ("Thank you! You can delete it now, I have saved it.", "Write “delete”; otherwise it stays."),
    ],
)
async def test_praise_and_thanks_change_nothing_of_a_style(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, told: str
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text))
        asked = (await sink.wait_for(2))[1]
    assert told in said(asked)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("Wonderful! The title of my exhibition is Summer Light.", False),
        ("My gallery has the name Blue Door.", True),
        ("Name: Ada Miller\nPhone: 123", True),
    ],
)
async def test_the_name_of_another_thing_renames_no_style_that_is_live(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, is_asked: bool
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text, 8))
        answer = (await sink.wait_for(2))[1]
    assert ("Shall “My garden” be called" in said(answer)) == is_asked
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
