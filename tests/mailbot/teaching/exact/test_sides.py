from __future__ import annotations

import pytest

from mailbot.parsing.photos import Photo
from mailbot.storage.ledger import Ledger
from mailbot.teaching.exact.sides import sides
from tests.fakes.mailbot.bot import Folder
from tests.fakes.mailbot.mails import mail, photo, taken_by_camera
from tests.fakes.mailbot.servers.smtp import Sink
from tests.fakes.mailbot.teaching import ANN, School, said
from tests.fakes.runner.balancer import FakeBalancer


def of(name: str, *, is_from_camera: bool = False) -> Photo:
    image = taken_by_camera(maker="Apple") if is_from_camera else photo(seed=len(name))
    return Photo(name=name, image=image, kind="jpeg")


@pytest.mark.parametrize(
    ("first", "second", "painting", "is_guess"),
    [
        (of("oil.jpg"), of("b.jpg"), 0, False),
        (of("a.jpg"), of("my canvas.jpg"), 1, False),
        (of("a.jpg"), of("bb.jpg"), 0, True),
        (of("oil.jpg"), of("canvas.jpg"), 0, True),
        (of("a.jpg", is_from_camera=True), of("b.jpg"), 1, True),
        (of("a.jpg"), of("b.jpg", is_from_camera=True), 0, True),
        (of("oil.jpg", is_from_camera=True), of("b.jpg"), 0, False),
    ],
)
def test_the_painting_is_told_by_names_and_guessed_by_the_signs_of_a_camera(
    first: Photo, second: Photo, painting: int, is_guess: bool
) -> None:
    pictures = (first, second)
    assert sides(pictures) == (pictures[painting], pictures[1 - painting], is_guess)


def test_of_more_pictures_the_first_one_without_a_camera_is_the_painting() -> None:
    pictures = [of("a.jpg", is_from_camera=True), of("bb.jpg"), of("ccc.jpg")]
    assert sides(pictures) == (pictures[1], pictures[0], True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("quiet-rooms.jpg", "I took the second picture for the painting. It is the file “quiet-rooms.jpg”."),
        ("IMG_2041.jpg", "I took the second picture for the painting. If it is the other way round"),
    ],
)
async def test_an_answer_says_and_shows_what_was_taken_for_the_painting(
    ledger: Ledger, balancer: FakeBalancer, sink: Sink, school: School, name: str, told: str
) -> None:
    pictures = [("a.jpg", taken_by_camera(maker="Apple")), (name, photo(seed=7))]
    sent = mail("our dog", "exactly like this", pictures, sender=f"Ann <{ANN}>", message_id="<1@example.org>")
    async with school.answering(Folder(sent), ledger, balancer, sink):
        (answer,) = await sink.wait_for(1)
    assert told in said(answer)
    shown = [part for part in answer.walk() if part.get_content_type() == "image/jpeg"]
    assert len(shown) == 2
    assert school.learner.only.form["painting"] == photo(seed=7)
