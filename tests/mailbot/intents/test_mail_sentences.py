"""The sentences of a mail: those of a forwarded one, and names of files in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.intents.command_types import Paint
from tests.fakes.mailbot.asks import read, request_of

FORWARDED = (
    "\n\n---------- Forwarded message ---------\nFrom: Priya\nSubject: the boat\n\nThe scream please, small."
)


@pytest.mark.parametrize(
    ("subject", "text", "style"),
    [
        ("Fwd: the boat", "Could you do what Priya asks below? Ta, Sanjay", "the-scream"),
        ("WG: das Boot", "Kann das jemand machen?", "the-scream"),
        ("Fwd: the boat", "The wave please!", "great-wave"),
        ("Re: the boat", "Here it is.", "udnie"),
        ("the boat", "Here it is.", "udnie"),
    ],
)
def test_a_forwarded_wish(subject: str, text: str, style: str) -> None:
    ask = {"subject": subject, "text": text + FORWARDED, "photos": 1}
    paint = read(request_of(ask), default="udnie")
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == [style]


def test_a_forwarded_mail_without_a_word_above_it_is_read_below_a_subject_that_names_a_style() -> None:
    text = "---------- Forwarded message ---------\nFrom: Ann <a@mail.example>\nSubject: Udnie\n\nAt 30%."
    paint = read(request_of({"subject": "Fwd: Udnie", "text": text, "photos": 1}))
    assert isinstance(paint, Paint)
    assert [(job.style, job.options.strength) for job in paint.jobs] == [("udnie", 0.3)]


def test_photos_are_told_apart_in_a_forwarded_mail() -> None:
    text = "---------- Forwarded message ---------\nFrom: <a@mail.example>\nSubject: \n\n1) udnie 2) scream"
    paint = read(request_of({"subject": "Fwd: ", "text": text, "photos": 2}))
    assert isinstance(paint, Paint)
    assert [job.style for job in paint.jobs] == ["udnie", "the-scream"]


@pytest.mark.parametrize(
    ("text", "names", "styles"),
    [
        ("starry night please", ("starry night.jpg", "cat.jpg"), ("starry-night", "starry-night")),
        ("udnie please", ("udnie.png", "dog.jpg"), ("udnie", "udnie")),
        ("the scream please", ("the_scream_2.jpg", "cat.jpg"), ("the-scream", "the-scream")),
        ("paint each photo as the scream", ("photo.jpg", "IMG_2.jpg"), ("the-scream", "the-scream")),
        ("make the image like udnie", ("image.jpg", "image0.jpg"), ("udnie", "udnie")),
        ("photo.jpg in udnie, rover in the scream", ("photo.jpg", "rover.jpg"), ("udnie", "the-scream")),
    ],
)
def test_a_file_name_of_common_words_means_its_photo_with_its_ending_only(
    text: str, names: tuple[str, ...], styles: tuple[str, ...]
) -> None:
    request = request_of({"subject": "", "text": text, "photos": len(names)})
    images = tuple(replace(photo, name=name) for photo, name in zip(request.images, names, strict=True))
    paint = read(replace(request, images=images))
    assert isinstance(paint, Paint)
    assert tuple(job.style for job in paint.jobs) == styles
