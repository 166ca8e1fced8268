from __future__ import annotations

from itertools import islice

import pytest

from mailbot.parsing.mail_parser import parse_email
from mailbot.parsing.photos import Photo
from mailbot.teaching import naming
from tests.fakes.mailbot.mails import mail


def of(name: str) -> Photo:
    return Photo(name=name, image=b"", kind="jpeg")


@pytest.mark.parametrize(
    ("file", "sender", "first"),
    [
        ("Blue_hills.jpg", "Ann Lee <ann@x.example>", ["Blue hills", "Ann canvas", "Ann canvas 2"]),
        ("IMG_1234.jpg", "Ann Lee <ann@x.example>", ["Ann canvas", "Ann canvas 2", "Ann canvas 3"]),
        ("photo.jpg", "ann@x.example", ["ann canvas", "ann canvas 2", "ann canvas 3"]),
    ],
)
def test_a_painting_without_a_name_gets_one(file: str, sender: str, first: list[str]) -> None:
    request = parse_email(mail("learn this", sender=sender))
    assert list(islice(naming.candidates(request, of(file)), 3)) == first


def test_an_address_is_nobodys_name() -> None:
    assert naming.artist(parse_email(mail(sender='"ann@x.example" <ann@x.example>'))) == ""
    assert naming.artist(parse_email(mail(sender="Ann Lee <ann@x.example>"))) == "Ann Lee"


@pytest.mark.parametrize(
    ("names", "painting", "is_guess"),
    [
        (("oil.jpg", "b.jpg"), 0, False),
        (("a.jpg", "my canvas.jpg"), 1, False),
        (("a.jpg", "b.jpg"), 0, True),
        (("oil.jpg", "canvas.jpg"), 0, True),
    ],
)
def test_a_files_name_tells_which_is_the_painting(
    names: tuple[str, str], painting: int, is_guess: bool
) -> None:
    photos = [of(name) for name in names]
    assert naming.painting_of(photos) == (photos[painting], is_guess)


def test_one_picture_is_the_painting() -> None:
    assert naming.painting_of([of("a.jpg")]) == (of("a.jpg"), False)
    for last in ("b.jpg", "canvas.jpg"):
        assert naming.painting_of([of("a.jpg"), of("oil.jpg"), of(last)]) == (of("oil.jpg"), False)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("oil on canvas.jpg", True),
        ("Gemälde.png", True),
        ("油画.jpg", True),
        ("IMG_1.jpg", False),
        ("boiler.jpg", False),
    ],
)
def test_a_files_name_may_say_that_it_is_a_painting(name: str, says: bool) -> None:
    assert naming.is_painting_name(name) is says
