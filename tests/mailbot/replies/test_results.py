"""Answers with pictures: which photos they show, under which names, and what they say of the others."""

from __future__ import annotations

from typing import Any

import pytest

from mailbot.intents.command_types import Paint
from mailbot.languages.translator import translator
from mailbot.parsing.mail_parser import parse_email
from mailbot.replies.choice_wording import about_choice
from styles import errors
from styles.contract import StyleResult
from styles.errors import PainterError
from tests.fakes.mailbot.mails import mail, photo
from tests.fakes.mailbot.replies.composed import (
    about,
    asks,
    assert_on_the_wire,
    job,
    painted,
    pictures,
    read,
    result,
    words,
)
from tests.fakes.mailbot.replies.results import reply_results


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_how_the_style_was_chosen_is_said(kind: str) -> None:
    say = translator("")
    notes = [
        about_choice(say, Paint(jobs=(), chosen="default"), remembers=True),
        about_choice(say, Paint(jobs=(), not_understood=("picasso", "glitter"))),
    ]
    van_gogh = Paint(jobs=(), alternatives=("night-cafe", "wheat-field"))
    notes.append(about_choice(say, van_gogh, taken="The Starry Night"))
    said = [words(reply_results(about(asks()), [job()], [result()], note=note), kind) for note in notes]
    assert "You named no style that I know, so I took my favourite." in said[0]
    assert "To choose another, answer with a style" in said[0]
    assert "I did not understand: “picasso”, “glitter”." in said[1]
    assert "I took The Starry Night. I also have night-cafe and wheat-field." in said[2]
    assert {about_choice(say, Paint(jobs=(), chosen=chosen)) for chosen in ("named", "surprise")} == {""}


def test_the_painted_photo_comes_back_once_and_is_shown_inline() -> None:
    raw = painted(asks())
    assert pictures(raw) == {"IMG_1-starry-night.jpg": photo(seed=9)}
    message = read(raw)
    (image,) = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert message.get_content_type() == "multipart/related"
    assert image.get_content_disposition() == "inline"
    assert f"cid:{image['Content-ID'].strip('<>')}" in words(raw, "html")
    assert [part.get_content_type() for part in message.iter_attachments()] == ["image/jpeg"]
    for kind in ("plain", "html"):
        assert "The Starry Night by Vincent van Gogh (1889)" in words(raw, kind)
        assert "Another style? Send the photo again with its name as the subject:" in words(raw, kind)
        assert "great-wave" in words(raw, kind)
    assert_on_the_wire(raw)


def test_a_preview_is_shown_and_the_full_picture_attached() -> None:
    full, preview = photo(4032, 3024), photo(1088, 816)
    raw = painted(asks(), result(image=full, preview=preview))
    message = read(raw)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/related",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "image/jpeg",
        "image/jpeg",
    ]
    assert pictures(raw) == {"IMG_1-starry-night-preview.jpg": preview, "IMG_1-starry-night.jpg": full}
    inline, attached = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert inline.get_content_disposition() == "inline"
    assert f"cid:{inline['Content-ID'].strip('<>')}" in words(raw, "html")
    assert attached.get_content_disposition() == "attachment"
    assert attached["Content-ID"] is None
    assert 'width="544" height="408"' in words(raw, "html")
    for kind in ("plain", "html"):
        assert "IMG_1-starry-night.jpg" in words(raw, kind)
        assert "4032\u00a0×\u00a03024\u00a0pixels" in words(raw, kind)
    assert_on_the_wire(raw)


def test_what_has_no_preview_is_shown_itself_and_not_attached_again() -> None:
    raw = painted(asks(photos=2), result(1, preview=photo(64, 48)), result(2))
    kinds = {part.get_filename(): part.get_content_disposition() for part in read(raw).walk()}
    assert kinds == {
        None: None,
        "IMG_1-starry-night-preview.jpg": "inline",
        "IMG_2-starry-night.jpg": "inline",
        "IMG_1-starry-night.jpg": "attachment",
    }


def test_no_answer_has_more_bytes_than_it_may() -> None:
    full, preview = bytes(100), bytes(30)
    jobs = [job()] * 3
    results = [result(n, image=full, preview=preview) for n in (1, 2, 3)]

    def sent(most: int) -> tuple[list[str], str]:
        request = asks(photos=3)
        raw = reply_results(about(request), jobs, results, reply_bytes=most)
        return list(pictures(raw)), words(raw)

    assert len(sent(390)[0]) == 6
    names = [f"IMG_{n}-starry-night.jpg" for n in (1, 2, 3)]
    assert sent(389)[0] == sent(300)[0] == names
    kept, text = sent(299)
    assert kept == names[:2]
    assert "IMG_3.jpg: painted, but too large for this mail. Please send it alone." in text
    assert sent(10)[0] == names[:1]


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "320 × 240 pixels, 100% strength"),
        ({"strength": 0.6}, "320 × 240 pixels, 60% strength"),
        ({"keep_colors": True}, "320 × 240 pixels, 100% strength, the photo's own colours"),
    ],
)
def test_an_answer_says_how_a_photo_was_painted(options: dict[str, Any], said: str, kind: str) -> None:
    """So a mail that was read in another way than it was meant is answered by what was done."""
    raw = painted(asks(), result(style="the-scream"), **options)
    shown = words(raw, kind).replace("&#39;", "'").replace("\u00a0", " ")
    assert said in shown
    assert "The Scream by Edvard Munch (1893)" in shown
    assert list(pictures(raw)) == ["IMG_1-the-scream.jpg"]


def test_styles_of_their_own_blends_and_sheets_are_named() -> None:
    mixed = painted(asks(photos=2), result(1, style="mosaic"), result(2, style="the-scream"))
    blend = painted(asks(), result(style="mosaic:0.5,the-scream:0.5"), strength=0.6, keep_colors=True)
    sheet = painted(asks(), result(style="", version=0))
    for kind in ("plain", "html"):
        assert "Here are your 2 photos, painted." in words(mixed, kind)
        assert "IMG_1.jpg, as Mosaic" in words(mixed, kind)
        assert "IMG_2.jpg, as The Scream by Edvard Munch (1893)" in words(mixed, kind)
        assert "painted as a blend of Mosaic and The Scream by Edvard Munch." in words(blend, kind)
        assert "60% strength, the photo's own colours" in words(blend, kind).replace("&#39;", "'")
        assert "Here is your photo in all 7 styles." in words(sheet, kind)
        assert "One of them in full?" in words(sheet, kind)
    assert list(pictures(mixed)) == ["IMG_1-mosaic.jpg", "IMG_2-the-scream.jpg"]
    assert list(pictures(blend)) == ["IMG_1-mosaic-and-the-scream.jpg"]
    assert list(pictures(sheet)) == ["IMG_1-all-styles.jpg"]
    assert "mailto:bot@painter.example?subject=mosaic" not in words(mixed, "html")
    assert "mailto:bot@painter.example?subject=candy" in words(mixed, "html")


def test_the_same_again_gives_the_same_bytes() -> None:
    request = asks(photos=3)
    results: list[StyleResult | PainterError] = [result(1), errors.NotAnImage(), result(3)]
    assert painted(request, *results) == painted(request, *results)
    assert painted(request, result(1)) != painted(request, result(1), id="<2@x>")


def test_several_photos_and_one_that_failed() -> None:
    raw = painted(asks(photos=3), result(1), errors.NotAnImage("secret detail"), result(3, format="png"))
    assert list(pictures(raw)) == ["IMG_1-starry-night.jpg", "IMG_3-starry-night.png"]
    for kind in ("plain", "html"):
        assert "IMG_2.jpg: I could not open that file as a photo." in words(raw, kind)
        assert "IMG_3.jpg" in words(raw, kind)
        assert "Here are 2 of your 3 photos, painted as The Starry Night" in words(raw, kind)
    assert b"secret" not in raw


def test_photos_beyond_the_limit_are_mentioned() -> None:
    text = words(painted(asks(photos=5), result(1), result(2)))
    assert text.startswith("Here are 2 of your 5 photos, painted as")
    assert "Your last 3 photos did not fit into this answer. Please send them again." in text
    one = words(painted(asks(photos=3), result(1), result(2)))
    assert "Your last photo did not fit into this answer. Please send it again." in one
    assert "did not fit" not in words(painted(asks(photos=2), result(1), result(2)))


def test_sent_painted_failed_and_left_over_add_up() -> None:
    text = words(painted(asks(photos=15), errors.NotAnImage(), *(result(n) for n in range(2, 13))))
    assert text.startswith("Here are 11 of your 15 photos,")
    assert text.count("I could not open that file as a photo.") == 1
    assert "Your last 3 photos did not fit" in text


def test_what_did_not_fit_is_told_though_the_others_failed_in_one_way() -> None:
    text = words(painted(asks(photos=3), errors.NotAnImage(), errors.NotAnImage()))
    assert text.startswith("I could not paint the first 2 of your photos.")
    assert "Your last photo did not fit" in text


def test_a_small_picture_is_its_own_preview() -> None:
    raw = painted(asks(), result(preview=photo(seed=9)))
    (image,) = [part for part in read(raw).walk() if part.get_content_maintype() == "image"]
    assert image.get_content_disposition() == "inline"
    assert image.get_filename() == "IMG_1-starry-night.jpg"


def test_a_photo_that_cannot_be_painted_larger_is_told_so() -> None:
    for kind in ("plain", "html"):
        assert "pixels, 100% strength, your photo is no larger" in words(painted(asks(), size=2048), kind)
        assert "no larger" not in words(painted(asks(), size=1024), kind)
        assert "no larger" not in words(painted(asks(), result(style=""), size=2048), kind)
    large = parse_email(mail("big", "", [("large.jpg", photo(1500, 1000))]))
    assert "no larger" not in words(painted(large, size=2048))


def test_all_failed_in_one_way_is_one_error() -> None:
    raw = painted(asks(photos=2), errors.NotAnImage(), errors.NotAnImage())
    assert words(raw).startswith("I could not open that file as a photo.")
    assert not pictures(raw)


def test_all_failed_in_two_ways() -> None:
    text = words(painted(asks(photos=2), errors.NotAnImage(), errors.ImageTooLarge()))
    assert text.startswith("I could not paint your photos.")
    assert "IMG_1.jpg: I could not open" in text
    assert "IMG_2.jpg: That photo is too large" in text


def test_photos_of_one_name_get_names_of_their_own() -> None:
    request = parse_email(mail("x", "", [("image.jpg", photo(seed=n)) for n in range(3)]))
    names = list(pictures(painted(request, result(1), result(2), result(3))))
    assert names == [f"image-starry-night{end}.jpg" for end in ("", "-2", "-3")]


def test_a_photo_in_several_styles_comes_back_in_each() -> None:
    jobs = [job(), job(style="mosaic")]
    results = [result(1), result(2, style="mosaic")]
    request = asks()
    raw = reply_results(about(request), jobs, results, photos=(0, 0), left_over=1)
    assert list(pictures(raw)) == ["IMG_1-starry-night.jpg", "IMG_1-mosaic.jpg"]
    for kind in ("plain", "html"):
        assert "Here is your photo, painted in 2 styles." in words(raw, kind)
        assert "IMG_1.jpg, as Mosaic" in words(raw, kind)
        assert "One painting more did not fit into this answer." in words(raw, kind)


def test_a_style_for_each_photo_is_shown_with_its_own() -> None:
    request = asks(photos=2)
    jobs, results = [job(), job(style="mosaic")], [result(1), result(2, style="mosaic")]
    raw = reply_results(about(request), jobs, results, photos=(1, 0), left_over=0)
    assert list(pictures(raw)) == ["IMG_2-starry-night.jpg", "IMG_1-mosaic.jpg"]
