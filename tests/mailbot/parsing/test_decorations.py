"""Decorations and photos: the corpus with its exact figures, and each rule by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from mailbot.parsing import decorations
from mailbot.parsing.mail_parser import parse_email
from mailbot.parsing.text.html import ShownPicture
from tests.fakes.mailbot.decorations.carriers import carriers
from tests.fakes.mailbot.decorations.corpus import corpus, decorated, forwards
from tests.fakes.mailbot.decorations.lookalikes import lookalikes
from tests.fakes.mailbot.decorations.pages import Mail
from tests.fakes.mailbot.decorations.pictures import logo, photo, screenshot
from tests.fakes.mailbot.decorations.programs import File, Letter, img, outlook, shown

CORPUS = corpus()
LARGE = photo(640, 480, seed=81)
DOCUMENT = Path(__file__).parents[3] / "docs" / "decorations.md"
#: Decorations that are painted still: a card as JPEG, of the size and shape of a phone's photo, and a drawing
#: that nothing marks as a logo.
PAINTED = {f"thunderbird-card, {photos}" for photos in ("no photo", "photo attached", "photo pasted")} | {
    "outlook-seal-unmarked, no photo"
}


def digests(pictures: tuple[bytes, ...]) -> set[str]:
    return {sha256(picture).hexdigest() for picture in pictures}


@cache
def found(raw: bytes) -> set[str]:
    return {image.sha256 for image in parse_email(raw).images}


@pytest.mark.parametrize("mail", CORPUS, ids=lambda mail: mail.name)
def test_all_photos_are_painted_and_decorations_are_not(mail: Mail) -> None:
    wanted = digests(mail.photos) | (digests(mail.decorations) if mail.name in PAINTED else set())
    assert found(mail.raw) == wanted


def figures(mails: Sequence[Mail]) -> tuple[int, int, int, int, int]:
    """Mails, decorations, how many of these are painted, photos, and how many of these are lost."""
    painted = sum(len(digests(mail.decorations) & found(mail.raw)) for mail in mails)
    lost = sum(len(digests(mail.photos) - found(mail.raw)) for mail in mails)
    decorated, photos = (sum(len(getattr(mail, key)) for mail in mails) for key in ("decorations", "photos"))
    return len(mails), decorated, painted, photos, lost


@pytest.mark.parametrize(
    ("group", "mails", "before"),
    [
        ("every decoration, alone and beside a photo", [*decorated()], (40, 0)),
        ("forwards", [*forwards()], (7, 2)),
        ("photos that look like decorations", [*lookalikes()], (0, 1)),
        ("messages of 16 gateways", [*carriers()], (23, 0)),
        ("all", CORPUS, (70, 3)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_figures_of_the_document(group: str, mails: list[Mail], before: tuple[int, int]) -> None:
    count, decorations, painted, photos, lost = figures(mails)
    assert lost == 0
    row = f"| {group} | {count} | {decorations} | {before[0]} | {painted} | {photos} | {before[1]} | {lost} |"
    assert row in DOCUMENT.read_text()


@pytest.mark.parametrize("mark", ["", "closing", "signature"])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        photo(320, 240, seed=71), photo(240, 320, seed=72), photo(640, 640, seed=73),
        photo(400, 300, "PNG", seed=74), photo(2000, 400, seed=75), photo(1600, 300, seed=83),
        screenshot(390, 844), screenshot(1280, 800),
    ],
)  # fmt: skip
def test_a_phones_photo_is_none_in_no_place(content: bytes, mark: str, linked: bool) -> None:
    place = ShownPicture(cid="a", mark=mark, linked=linked)  # type: ignore[arg-type]
    assert not decorations.is_decoration(content, [place])


def test_a_picture_in_two_places_is_a_decoration_in_both() -> None:
    below, above = ShownPicture(cid="a", mark="signature"), ShownPicture(cid="a")
    small = photo(140, 105, seed=76)
    assert decorations.is_decoration(small, [below])
    assert not decorations.is_decoration(small, [below, above])


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"GIF89a", b"no picture at all"])
def test_what_has_no_size_is_no_decoration(content: bytes) -> None:
    assert not decorations.is_decoration(content, [ShownPicture(cid="a", mark="signature")])


def test_a_small_file_of_unknown_size_is_a_logo_beside_a_photo() -> None:
    tiff = b"II*\0" + b"\0" * 5000
    place = [ShownPicture(cid="a")]
    assert decorations.is_decoration(tiff, place, beside_photo=True)
    assert not decorations.is_decoration(tiff, place)
    assert not decorations.is_decoration(tiff, [], beside_photo=True)
    assert not decorations.is_decoration(tiff * 3, place, beside_photo=True)


def test_a_side_of_zero_divides_nothing() -> None:
    empty = b"GIF89a\0\0\0\0" + b"\0" * 20
    assert decorations.is_decoration(empty, [ShownPicture(cid="a", width=0, height=0)])


def test_the_same_bytes_are_painted_if_they_are_attached() -> None:
    mark = logo(180, 60)
    file = shown(mark)
    html = outlook("mosaic", "Regards", img(file))
    letter = Letter(html=html, inside=[file], attached=[File(content=mark, name="logo.png")])
    assert found(letter.raw()) == digests((mark,))


def test_the_logo_of_a_text_without_html_is_none_of_the_photos() -> None:
    # A gateway has dropped the html that showed it.
    beach = photo(640, 480, seed=77)
    files = [File(content=logo(180, 60), name="image001.png"), File(content=beach, name="IMG_1.jpg")]
    assert found(Letter(attached=files).raw()) == digests((beach,))


def test_a_small_drawing_is_a_photo_only_if_there_is_no_other() -> None:
    small = shown(logo(140, 100))
    alone = Letter(html=outlook("mosaic", img(small)), inside=[small])
    assert found(alone.raw()) == digests((small.content,))
    both = Letter(html=outlook(img(small)), inside=[small], attached=[File(content=LARGE, name="a.jpg")])
    assert found(both.raw()) == digests((LARGE,))


@pytest.mark.parametrize("width", [128, 160, 320])
def test_a_small_photo_stays_beside_a_large_one(width: int) -> None:
    small = shown(photo(width, width * 3 // 4, seed=79))
    both = Letter(html=outlook(img(small)), inside=[small], attached=[File(content=LARGE, name="a.jpg")])
    assert found(both.raw()) == digests((small.content, LARGE))


def test_a_wide_panorama_is_no_banner() -> None:
    signed = [ShownPicture(cid="a", mark="signature", linked=True)]
    assert not decorations.is_decoration(photo(1600, 300, seed=82), signed)
    assert decorations.is_decoration(photo(1200, 320, seed=82), signed)


def test_what_may_be_a_known_logo() -> None:
    mail = Letter(
        html=outlook(img(shown(photo(200, 150, seed=78)))), inside=[shown(photo(200, 150, seed=78))]
    )
    (image,) = parse_email(mail.raw()).images
    assert image.may_be_logo
    attached = Letter(attached=[File(content=photo(200, 150, seed=78), name="a.jpg")])
    (image,) = parse_email(attached.raw()).images
    assert not image.may_be_logo
