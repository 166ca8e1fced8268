"""One perfect picture: which picture is the painting is obeyed, and the second one may come later."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from mailbot.storage.ledger import Ledger
from tests.fakes.mailbot.bot import Folder, pictures_of
from tests.fakes.mailbot.mails import photo
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import School, lesson, reply, said
from tests.fakes.runner.balancer import FakeBalancer

#: The first two pictures of the first mail, and the only one of the second.
FIRST, SECOND, LATER = photo(seed=100), photo(seed=101), photo(seed=200)


@pytest.mark.parametrize(
    ("text", "painting"),
    [
        ("Paint it exactly like this. The second picture is the painting.", SECOND),
        ("exactly like this (the first one is the photo)", SECOND),
        ("Please paint the second exactly like the first", FIRST),
        ("Use the second as the style for the first", SECOND),
        ("Usa la segunda imagen como modelo", SECOND),
        ("First is the photo, second the painting.", SECOND),
        ("Male es genau so. Das zweite Bild ist das Gemälde.", SECOND),
        ("La première est la photo, la seconde le tableau : peins exactement comme ça", SECOND),
        ("Píntala exactamente como este cuadro. La segunda imagen es el cuadro.", SECOND),
        ("Dipingila esattamente come questo quadro. La seconda è il quadro.", SECOND),
        ("Pinte exatamente como este quadro. A segunda imagem é o quadro.", SECOND),
        ("请画得和这幅画一模一样。第二张是画。", SECOND),
        ("この絵とまったく同じように描いてください。2枚目が絵です。", SECOND),
    ],
)
async def test_a_mail_says_itself_which_picture_is_the_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, painting: bytes
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", "b.jpg", text=text))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        swap = reply(str(answer["Message-ID"]), "the other way round", 2, subject="Re: our dog")
        folder.put(swap)
        await sink.wait_for(2)
    first, swapped = (job.form for job in school.learner.jobs.values())
    assert (first["painting"] == painting, first["photo"] == painting) == (True, False)
    assert (swapped["painting"], swapped["photo"]) == (first["photo"], first["painting"])
    assert "I took the first" not in said(answer)


@pytest.mark.parametrize(
    "text",
    [
        "paint this photo in exactly the style of the painting I attached",
        "One perfect picture, please",
        "Das Foto soll exakt wie mein Gemälde aussehen",
        "Une image parfaite, s'il te plaît",
        "Pinta esta foto exactamente con el estilo del cuadro que adjunto",
        "Un quadro perfetto, per favore",
        "Pinte esta foto exatamente no estilo do quadro que anexei",
        "把这张照片完全按照我附上的画的风格来画",
        "添付した絵とまったく同じ画風でこの写真を描いてください",
    ],
)
async def test_a_perfect_picture_is_asked_for_in_ordinary_words(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    folder = Folder(lesson("our dog", 1, "dog.jpg", "oil.jpg", text=text))
    async with school.answering(folder, ledger, balancer, sink):
        await sink.wait_for(1)
    assert school.learner.only.form["painting"] == SECOND
    assert balancer.jobs == []


@pytest.mark.parametrize(
    "text",
    [
        "in the style of the painting Mosaic",
        "Exactly like the painting Mosaic please",
        "dans le style du tableau Mosaic",
        "nello stile del quadro Mosaic",
    ],
)
async def test_two_photos_in_the_style_of_a_painting_by_its_title_are_painted_so(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str
) -> None:
    async with school.answering(
        Folder(lesson("our dogs", 1, "a.jpg", "b.jpg", text=text)), ledger, balancer, sink
    ):
        (answer,) = await sink.wait_for(1)
    assert len(pictures_of(answer)) == 2
    assert {job["style"] for job in balancer.jobs} == {"mosaic"}
    assert school.learner.jobs == {}


@pytest.mark.parametrize(
    ("reply_text", "painting"),
    [
        ("the first exactly like the second", SECOND),
        ("das zweite genau wie das erste", FIRST),
        ("yes please", FIRST),
    ],
)
async def test_two_pictures_that_stay_unclear_are_painted_with_a_hint_that_a_reply_can_take(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, reply_text: str, painting: bytes
) -> None:
    folder = Folder(lesson("hello", 1, "a.jpg", "b.jpg", text="My dog, and a painting that I love"))
    async with school.answering(folder, ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
        assert "If you want one picture painted exactly like the other" in said(answer)
        folder.put(reply(str(answer["Message-ID"]), reply_text, 2, subject="Re: hello"))
        await sink.wait_for(2)
    assert school.learner.only.form["painting"] == painting


@pytest.mark.parametrize(
    "fields", [{"text": "Both in precisely the style of the painting Mosaic"}, {"sender": "eve@example.org"}]
)
async def test_photos_in_a_style_and_those_of_others_are_painted(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, fields: dict[str, str]
) -> None:
    fields = {"text": "One perfect picture please", **fields}
    async with school.answering(
        Folder(lesson("our dog", 1, "a.jpg", "b.jpg", **fields)), ledger, balancer, sink
    ):
        (answer,) = await sink.wait_for(1)
    assert len(pictures_of(answer)) == 2
    assert school.learner.jobs == {}


async def _second(folder: Folder, sink: Sink, text: str) -> EmailMessage:
    """Reply to the answer that asks for the other picture, and return what comes back."""
    (asked,) = await sink.wait_for(1)
    assert "I need both pictures. Please answer with the other one" in said(asked)
    to = str(asked["Message-ID"])
    folder.put(lesson("Re: our dog", 2, "c.jpg", text=text, In_Reply_To=to, References=to))
    return (await sink.wait_for(2))[1]


@pytest.mark.parametrize(
    ("text", "painting"),
    [("Here is the painting", LATER), ("", LATER), ("Sorry, here is the photo", FIRST)],
)
async def test_the_second_picture_comes_by_a_reply(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, text: str, painting: bytes
) -> None:
    folder = Folder(lesson("our dog", 1, "a.jpg", text="Paint it exactly like my painting, please"))
    async with school.answering(folder, ledger, balancer, sink):
        answer = await _second(folder, sink, text)
        thread = str(answer["Message-ID"])
        folder.put(reply(f"<1@example.org> {thread}", "the other way round", 3, subject="Re: our dog"))
        await sink.wait_for(3)
    first, swapped = (job.form for job in school.learner.jobs.values())
    assert first["painting"] == painting
    assert {first["painting"], first["photo"]} == {FIRST, LATER}
    assert (swapped["painting"], swapped["photo"]) == (first["photo"], first["painting"])
    assert "Here is your photo, painted exactly like the painting." in said(answer)


async def test_a_photo_that_was_painted_is_painted_exactly_like_a_painting_that_follows(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School
) -> None:
    folder = Folder(lesson("mosaic", 1, "a.jpg"))
    async with school.answering(folder, ledger, balancer, sink):
        (painted,) = await sink.wait_for(1)
        to, text = str(painted["Message-ID"]), "Now paint it exactly like this painting"
        folder.put(lesson("Re: mosaic", 2, "c.jpg", text=text, In_Reply_To=to, References=to))
        await sink.wait_for(2)
    form = school.learner.only.form
    assert (form["photo"], form["painting"]) == (FIRST, LATER)
