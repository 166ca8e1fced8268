"""What wishes to teach, and to delete a style, come to outside of the thread of a lesson."""

from __future__ import annotations

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

EVE = "Eve <eve@example.org>"


def written(subject: str, number: int = 5, sender: str = f"Ann Teacher <{ANN}>") -> bytes:
    """A mail without a picture."""
    return mail(subject, "", [], sender=sender, message_id=f"<{number}@example.org>")


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("New style", "I learn only from people whom my owner has named"),
        ("Neuer Stil: Ginster", "aber ich lerne nur von Menschen"),
        ("Can you copy my style?", "I learn only from people whom my owner has named"),
    ],
)
async def test_others_get_a_friendly_no_to_a_wish_in_words_of_their_own(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str, words: str
) -> None:
    async with school.answering(Folder(lesson(subject, sender=EVE)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert words in said(answer)
    assert balancer.jobs == []


@pytest.mark.parametrize(
    "subject",
    [
        "Can you teach me how to send photos?",
        "Could you make a style list for me?",
        "Can you add a style of Picasso?",
        "Kannst du mir beibringen, wie man Fotos schickt?",
    ],
)
async def test_other_questions_of_other_people_are_no_wish_to_teach(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str
) -> None:
    async with school.answering(Folder(written(subject, sender=EVE)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "learn from your painting" not in said(answer)
    assert "von deinem Bild" not in said(answer)


async def test_another_persons_new_style_that_is_known_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with school.answering(Folder(lesson("New style: mosaic", sender=EVE)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "my owner has named" not in said(answer)
    assert [job["style"] for job in balancer.jobs] == ["mosaic"]


@pytest.mark.parametrize(
    "text",
    [
        "Please don't learn this, just paint it.",
        "Bitte nicht lernen, nur malen.",
        "请不要学习这张，只要画出来就行。",
        "Bitte nicht lernen, nur malen: Nebelmeer",
    ],
)
async def test_a_painting_that_is_not_to_be_learnt_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    async with school.answering(Folder(lesson("", text=text)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert school.learner.jobs == {}
    assert "learn" not in said(answer)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Mosaic", "Could you make a style like this of my dog?"),
        ("", "Could you pick up the colours of the sky in this painting, mosaic please"),
        ("Horse", "Study of a horse, please do it in mosaic"),
        ("", "Kannst du die Farben von diesem Bild übernehmen und es als Mosaik malen, in meinem Stil"),
    ],
)
async def test_a_teachers_photo_whose_words_choose_a_style_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str, text: str
) -> None:
    async with school.answering(Folder(lesson(subject, text=text)), ledger, balancer, sink):
        await sink.wait_for(1)
    assert school.learner.jobs == {}
    assert [job["style"] for job in balancer.jobs] == ["mosaic"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("New style: mosaic dreams", ""),
        ("", "Please learn from my painting, and call it mosaic dreams"),
    ],
)
async def test_a_new_style_may_have_a_word_of_one_that_is_known_in_its_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str, text: str
) -> None:
    async with school.under_way(Folder(lesson(subject, text=text)), ledger, balancer, sink) as notice:
        assert "“mosaic dreams”" in said(notice)
    assert balancer.jobs == []


async def test_a_reply_has_the_picture_learnt_that_was_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("mosaic"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        text = "No, I wanted you to learn it, as Heron Bay"
        folder.put(reply(str(painted["Message-ID"]), text, subject="Re: mosaic"))
        _, learnt = await sink.wait_for(2)
    assert "I have learnt “Heron Bay” from your painting." in said(learnt)


async def test_a_style_is_deleted_by_its_name_in_a_new_mail(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("learn: silver grove"))
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
        folder.put(written("delete silver grove"))
        _, answer = await sink.wait_for(2)
    assert "Silver grove" in said(answer) or "silver-grove" in said(answer)
    assert school.store.styles_of(ANN) == []


async def test_nobody_deletes_the_style_of_another_person_by_its_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with school.answering(Folder(written("delete mosaic")), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "“mosaic” is not a style of yours, so I have deleted nothing." in said(answer)


async def test_nobody_renames_the_style_of_another_person_by_its_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    async with school.answering(Folder(written("rename mosaic to stolen")), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert "“mosaic” is not a style of yours, so I have renamed nothing." in said(answer)


@pytest.mark.parametrize("title", ["我的花园", "青い丘", "Мой сад"])
async def test_a_title_without_a_latin_letter_is_told_from_the_beginning(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, title: str
) -> None:
    folder = Folder(lesson(f"learn: {title}"))
    async with school.under_way(folder, ledger, balancer, sink) as notice:
        assert f"“{title}”" in said(notice)
        assert "canvas" not in said(notice)
        for number, text in enumerate(("When is it ready?", "I meant the other picture!"), start=2):
            folder.put(reply(str(notice["Message-ID"]), text, number, subject=f"Re: learn: {title}"))
            answer = (await sink.wait_for(number))[-1]
            assert f"“{title}”" in said(answer)
            assert "canvas" not in said(answer)


@pytest.mark.parametrize("subject", ["learn the second one: Barn", "Lerne das zweite Bild: Scheune"])
async def test_the_picture_is_learnt_whose_number_a_mail_tells(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, subject: str
) -> None:
    async with school.answering(Folder(lesson(subject, 1, "a.jpg", "b.jpg")), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert school.learner.only.form["painting"] == photo(seed=101)
    assert "I took the first picture" not in said(answer)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Not yet please, wait for my next mail.", "Did you want me to learn it?"),
        ("Bitte erst mal nicht, ich überlege noch.", "Sollte ich daraus lernen?"),
        ("Mejor no, me he arrepentido.", "“learn: my garden”"),
        ("やっぱりやめてください", "学習してほしいという意味でしたか。"),
    ],
)
async def test_second_thoughts_below_the_wish_are_painted_and_offered_to_be_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, offered: str
) -> None:
    async with school.answering(Folder(lesson("learn: my garden", text=text)), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert school.learner.jobs == {}
    assert offered in said(answer)
