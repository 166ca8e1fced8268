from __future__ import annotations

from email.message import EmailMessage

import pytest

from mailbot.parsing.mail_parser import parse_email
from mailbot.storage.ledger import Ledger
from mailbot.teaching.wishes.resumed_wishes import wish_before
from styles.learning_errors import PaintingBlank
from styles.service.problems import to_problem
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

SUBJECT, THREAD = "Re: learn: my garden", {"References": "<a@b>"}


async def completed(folder: Folder, sink: Sink, subject: str, text: str) -> EmailMessage:
    """Reply with a painting to the answer that found none, and return what comes back."""
    (answer,) = await sink.wait_for(1)
    assert "I found no painting in your mail" in said(answer)
    to = str(answer["Message-ID"])
    folder.put(lesson(subject, 2, text=text, In_Reply_To=to, References=to))
    return (await sink.wait_for(2))[1]


@pytest.mark.parametrize("text", ["Sorry, I forgot it. Here it is.", "Oops, here is the painting.\n\nAnn"])
async def test_a_painting_that_was_forgotten_is_learnt_from_the_reply(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    wish = mail("learn: my garden", "", [], sender=f"Ann Teacher <{ANN}>", message_id="<1@example.org>")
    folder = Folder(wish)
    async with school.answering(folder, ledger, balancer, sink):
        learnt = await completed(folder, sink, SUBJECT, text)
    assert "I have learnt “My garden” from your painting." in said(learnt)


@pytest.mark.parametrize(
    "text", ["Here it is. Let's rather call it Fog Coast.", "Hier ist es. Es heißt doch besser Fog Coast."]
)
async def test_the_reply_with_the_painting_may_give_it_another_name(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    wish = mail("learn: my garden", "", [], sender=f"Ann Teacher <{ANN}>", message_id="<1@example.org>")
    folder = Folder(wish)
    async with school.answering(folder, ledger, balancer, sink):
        await completed(folder, sink, SUBJECT, text)
    assert [style.title for style in school.store.styles_of(ANN)] == ["Fog Coast"]


@pytest.mark.parametrize("text", ["Here it is", ""])
async def test_a_wish_that_stood_in_the_text_is_kept_for_the_reply(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    wish = mail("For you", "Please learn this.\nlearn: help", [], sender=f"Ann <{ANN}>", message_id="<1@b>")
    folder = Folder(wish)
    async with school.answering(folder, ledger, balancer, sink):
        taken = await completed(folder, sink, "Re: For you", text)
        assert "Answer with “learn: help-easel”" in said(
            taken
        )  # and the next reply takes it, without a picture
        assert "The styles, to be written as the subject" not in said(taken)
        folder.put(reply(str(taken["Message-ID"]), "Yes, please", subject="Re: For you"))
        learnt = (await sink.wait_for(3))[2]
    assert "everybody may write “help-easel”" in said(learnt)


async def test_a_better_picture_after_a_refusal_is_learnt_from(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    school.learner.problem = to_problem(PaintingBlank())
    folder = Folder(lesson())
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        school.learner.problem = None
        to = str(answer["Message-ID"])
        folder.put(
            lesson("Re: learn: my garden", 2, text="This is a better one.", In_Reply_To=to, References=to)
        )
        learnt = (await sink.wait_for(2))[1]
    assert "I have learnt “My garden” from your painting." in said(learnt)


@pytest.mark.parametrize("is_first_learnt", [False, True])
async def test_a_reply_that_names_a_style_is_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, is_first_learnt: bool
) -> None:
    folder = Folder(lesson() if is_first_learnt else lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        to = str(answer["Message-ID"])
        folder.put(lesson(SUBJECT, 2, text="Sorry, in mosaic please", In_Reply_To=to, References=to))
        painted = (await sink.wait_for(2))[1]
    assert len(pictures_of(painted)) == 1
    assert len(school.learner.jobs) == is_first_learnt


@pytest.mark.parametrize(
    "words", ["help-easel", "Yes, please.\n\nBest, Ann", "Yes, thank you!", "ok, do that"]
)
async def test_the_free_name_that_is_offered_is_accepted_by_itself_or_a_yes(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    folder = Folder(lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        assert "Answer with “learn: help-easel”" in said(answer)
        folder.put(reply(str(answer["Message-ID"]), words, subject="Re: learn: help"))
        learnt = (await sink.wait_for(2))[1]
    assert "everybody may write “help-easel”" in said(learnt)


@pytest.mark.parametrize("words", ["Ok, then Great Machine please", "How about “Great Machine”?"])
async def test_another_name_is_told_in_a_sentence_of_its_own(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    folder = Folder(lesson("learn: help"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        folder.put(reply(str(answer["Message-ID"]), words, subject="Re: learn: help"))
        learnt = (await sink.wait_for(2))[1]
    assert "everybody may write “great-machine”" in said(learnt)


@pytest.mark.parametrize("words", ["Yes, thank you!", "Sure, go ahead", "はい、お願いします。"])
async def test_a_yes_to_the_offer_to_learn_has_the_picture_learnt(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, words: str
) -> None:
    folder = Folder(lesson("Learn my orchard"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        assert "Did you want me to learn it?" in said(painted)
        folder.put(reply(str(painted["Message-ID"]), words, subject="Re: Learn my orchard"))
        await sink.wait_for(2)
    assert [style.name for style in school.store.styles_of(ANN)] == ["my-orchard"]


@pytest.mark.parametrize(
    ("subject", "text", "thread"),
    [
        ("learn: x", "Here", {}),
        ("Re: our dog", "Here", {"References": "<a@b>"}),
        (SUBJECT, "", {"References": "<a@b>"}),
    ],
)
def test_other_mails_resume_no_wish(subject: str, text: str, thread: dict[str, str]) -> None:
    assert wish_before(parse_email(mail(subject, text, [("1.jpg", photo())], **thread))) is None


async def test_a_name_that_a_mail_without_a_picture_tells_is_kept_for_the_picture(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    text = "I would like to teach you a painting of mine, called Winter Road"
    folder = Folder(mail("hello", text, [], sender=f"Ann Teacher <{ANN}>", message_id="<1@example.org>"))
    async with school.answering(folder, ledger, balancer, sink):
        await completed(folder, sink, "Re: hello", "Here it is")
    assert [style.title for style in school.store.styles_of(ANN)] == ["Winter Road"]
