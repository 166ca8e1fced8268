"""A loose phrase ends, renames and swaps nothing: it is asked back, and the answer to that is understood."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

STOP = "Shall I stop learning “My garden”? Write “stop”; otherwise I go on."
DELETE = "Shall I delete “My garden”? Write “delete”; otherwise it stays."


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("Stop it, you're too kind! Looking forward.", STOP, "yes"),
        ("I'd rather not share it yet", STOP, "stop"),
        ("Forget it, I'll take another photograph first.", STOP, "Yes, please stop it."),
        ("no thanks", STOP, "delete it"),
        ("Ich möchte es doch lieber nicht teilen", "Soll ich aufhören, „My garden“ zu lernen?", "stopp"),
        ("Je préfère ne pas le partager", "Dois-je arrêter d’apprendre « My garden » ?", "oui"),
        ("Prefiero no compartirlo todavía, gracias", "¿Dejo de aprender «My garden»?", "parar"),
        ("Preferisco non condividerlo ancora", "Devo smettere di imparare «My garden»?", "sì"),
        ("Prefiro não partilhar ainda, obrigada", "Devo parar de aprender “My garden”?", "parar"),
        ("我还不想分享", "要我停止学习“My garden”吗？", "停止"),
        ("まだ公開したくないです", "「My garden」の学習をやめますか？", "はい"),
    ],
)
async def test_a_loose_phrase_is_asked_back_and_a_yes_stops_the_lesson(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, question: str, answer: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), text))
        asked = (await sink.wait_for(2))[1]
        assert question in said(asked)
        assert not school.learner.only.cancelled
        folder.put(reply(str(asked["Message-ID"]), answer, 10))
        await sink.wait_for(3)
        assert school.learner.only.cancelled


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("no", "All right, everything stays as it is."),
        ("No, go on!", "All right, everything stays as it is."),
        ("no thanks", "All right, everything stays as it is."),
        ("Nein, mach weiter", "Gut, alles bleibt, wie es ist."),
        ("Non, continue s'il te plaît", "D’accord, tout reste comme c’est."),
        ("No, sigue", "De acuerdo, todo queda como está."),
        ("No, continua per favore", "Va bene, tutto resta com’è."),
        ("Não, continue", "Está bem, tudo fica como está."),
        ("不，继续", "好的，一切保持不变。"),
        ("いいえ、続けてください", "わかりました。すべてそのままにします。"),
    ],
)
async def test_a_no_to_the_question_lets_the_lesson_go_on(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, answer: str, sentence: str
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "Stop it, you're too kind!"))
        asked = (await sink.wait_for(2))[1]
        folder.put(reply(str(asked["Message-ID"]), answer, 10))
        kept = (await sink.wait_for(3))[2]
        assert not school.learner.only.cancelled
        school.learner.may_finish.set()
        await sink.wait_for(4)
    assert sentence in said(kept)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


async def test_a_yes_after_the_style_went_live_deletes_it(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        folder.put(reply(str(notice["Message-ID"]), "I'd rather not share it yet"))
        asked = (await sink.wait_for(2))[1]
        school.learner.may_finish.set()
        await sink.wait_for(3)
        folder.put(reply(str(asked["Message-ID"]), "yes", 10))
        gone = (await sink.wait_for(4))[3]
    assert "Your style is deleted." in said(gone)
    assert school.store.styles_of(ANN) == []


@pytest.mark.parametrize(
    ("text", "question", "answer", "names"),
    [
        ("I'd rather not share it yet", DELETE, "delete", []),
        ("Thank you! You can delete it now, I have saved it.", DELETE, "no", ["my-garden"]),
        ("It's called progress, I suppose", "Shall “My garden” be called “progress", "no", ["my-garden"]),
        ("I call it magic", "Shall “My garden” be called “magic” from now on?", "yes", ["magic"]),
        ("Mejor imposible", "llamarse «My garden» desde ahora «imposible»?", "No, gracias", ["my-garden"]),
        ("Questo si chiama talento", "deve chiamarsi «talento»", "No", ["my-garden"]),
        ("Plutôt réussi !", "doit-il s’appeler « réussi »", "non", ["my-garden"]),
    ],
)
async def test_a_style_that_is_live_stays_as_it_is_until_the_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School,
    text: str, question: str, answer: str, names: list[str],
) -> None:  # fmt: skip
    folder = Folder(lesson(text="Hello, could you please learn this painting of mine?"))
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text))
        asked = (await sink.wait_for(2))[1]
        assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
        folder.put(reply(str(asked["Message-ID"]), answer, 10))
        await sink.wait_for(3)
    assert question in said(asked)
    assert [style.name for style in school.store.styles_of(ANN)] == names


@pytest.mark.parametrize(
    ("text", "answer", "later"),
    [
        ("I'd rather not share it yet", "no", "Ok, thank you!"),
        ("I'd rather not share it yet", "no", "yes, it does"),
        ("Ich möchte es doch lieber nicht teilen", "nein", "Ja, danke!"),
        ("Je préfère ne pas le partager", "non", "Oui, merci"),
        ("Prefiero no compartirlo todavía", "no", "Vale, gracias"),
        ("Preferisco non condividerlo ancora", "no", "Va bene, grazie"),
        ("Prefiro não partilhar ainda", "não", "Está bem, obrigada"),
        ("我还不想分享", "不，继续", "好的，谢谢"),
        ("まだ公開したくないです", "いいえ", "はい、ありがとう"),
        ("I call it magic", "no", "yes, thank you"),
    ],
)
async def test_a_question_is_answered_once(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, answer: str, later: str
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), text))
        asked = (await sink.wait_for(2))[1]
        thread = f"{learnt['Message-ID']} {asked['Message-ID']}"
        folder.put(reply(thread, answer, 10))
        kept = (await sink.wait_for(3))[2]
        folder.put(reply(f"{thread} {kept['Message-ID']}", later, 11))
        folder.put(reply(f"{thread} {kept['Message-ID']}", "when is it ready?", 12))
        await sink.wait_for(4)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]


@pytest.mark.parametrize(
    ("text", "answer", "question"),
    [
        ("I'd rather not share it yet", "Yes, but not now.", DELETE),
        ("I'd rather not share it yet", "OK, I'll think about it.", DELETE),
        ("Ich möchte es doch lieber nicht teilen", "Ja, toll", "Soll ich „My garden“ löschen?"),
        ("Prefiero no compartirlo todavía", "Sí, qué bonito", "¿Borro «My garden»?"),
        ("I call it magic", "ok!", "Shall “My garden” be called “magic” from now on?"),
        ("Delete my styles? You're joking, I love them!", "ok!", "Shall I delete all your styles?"),
    ],
)
async def test_what_may_be_a_yes_changes_nothing_and_is_asked_once_more(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, answer: str, question: str
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        thread = str(learnt["Message-ID"])
        folder.put(reply(thread, text))
        thread += f" {(await sink.wait_for(2))[1]['Message-ID']}"
        folder.put(reply(thread, answer, 10))
        again = (await sink.wait_for(3))[2]
        assert question in said(again)
        assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
        folder.put(reply(f"{thread} {again['Message-ID']}", "yes", 11))
        await sink.wait_for(4)
    assert [style.name for style in school.store.styles_of(ANN)] != ["my-garden"]


@pytest.mark.parametrize(
    ("answer", "names"),
    [("No, call it Moss", ["moss"]), ("No, delete it", []), ("Yes, call it Moss", ["moss"])],
)
async def test_an_order_in_the_answer_is_followed(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, answer: str, names: list[str]
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        folder.put(reply(str(learnt["Message-ID"]), "I call it magic"))
        asked = (await sink.wait_for(2))[1]
        folder.put(reply(f"{learnt['Message-ID']} {asked['Message-ID']}", answer, 10))
        await sink.wait_for(3)
    assert [style.name for style in school.store.styles_of(ANN)] == names


async def test_all_styles_stay_in_a_new_mail_until_the_answer(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
        subject = "Delete my styles? You're joking, I love them!"
        folder.put(reply("", "", subject=subject))
        asked = (await sink.wait_for(2))[1]
        assert "Shall I delete all your styles? Write “yes”; otherwise they stay." in said(asked)
        assert [style.name for style in school.store.styles_of(ANN)] == ["my-garden"]
        folder.put(reply(str(asked["Message-ID"]), "yes", 10, subject=f"Re: {subject}"))
        await sink.wait_for(3)
    assert school.store.styles_of(ANN) == []


async def test_a_name_below_the_answer_to_a_question_is_only_a_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        thread = str(notice["Message-ID"])
        folder.put(reply(thread, "Stop it, you're too kind!"))
        for number, text in enumerate(("No, go on!", "OK, call it Moss please"), 10):
            thread += f" {(await sink.wait_for(number - 8))[-1]['Message-ID']}"
            folder.put(reply(thread, text, number))
        await sink.wait_for(4)
        assert not school.learner.only.cancelled
        school.learner.may_finish.set()
        await sink.wait_for(5)
    assert [style.name for style in school.store.styles_of(ANN)] == ["moss"]


async def test_what_was_deleted_after_a_question_does_not_stay_as_it_is(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (learnt,) = await sink.wait_for(1)
        thread = str(learnt["Message-ID"])
        folder.put(reply(thread, "I'd rather not share it yet"))
        for number, text in enumerate(("yes", "No, wait, bring it back!"), 10):
            thread += f" {(await sink.wait_for(number - 8))[-1]['Message-ID']}"
            folder.put(reply(thread, text, number))
        last = (await sink.wait_for(4))[3]
        assert "stays as it is" not in said(last)
        assert school.store.styles_of(ANN) == []


@pytest.mark.parametrize(("answer", "names"), [("yes", []), ("delete", []), ("no", ["my-garden"])])
async def test_a_deletion_under_a_condition_is_asked_back_in_a_new_mail_too(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, answer: str, names: list[str]
) -> None:
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
        folder.put(reply("", "Only if it is too dark", subject="delete my garden please?"))
        asked = (await sink.wait_for(2))[1]
        assert "Shall I delete “" in said(asked)
        folder.put(reply(str(asked["Message-ID"]), answer, 10, subject="Re: delete my garden please?"))
        last = (await sink.wait_for(3))[2]
    assert [style.name for style in school.store.styles_of(ANN)] == names, said(last)


@pytest.mark.parametrize(
    ("answer", "is_swapped"), [("yes", True), ("the other way round", True), ("no", False)]
)
async def test_photo_and_painting_change_places_after_a_yes_alone(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, answer: str, is_swapped: bool
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text="paint it exactly like this"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        thread = str(notice["Message-ID"])
        folder.put(reply(thread, "I hung them the other way round", 2, subject="Re: our dog"))
        asked = (await sink.wait_for(2))[1]
        assert "Shall photo and painting change places?" in said(asked)
        assert len(school.learner.jobs) == 1
        folder.put(reply(f"{thread} {asked['Message-ID']}", answer, 3, subject="Re: our dog"))
        await sink.wait_for(3)
    assert len(school.learner.jobs) == (2 if is_swapped else 1)
