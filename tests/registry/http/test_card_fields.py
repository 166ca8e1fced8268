from __future__ import annotations

import pytest

from registry.http import card_fields
from registry.http.card_fields import LIMITS, BadUpload
from registry.store.cards import LISTS


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (b"  The  Great\r\n Wave ", "The Great Wave"),
        ("Hokusai 北斎".encode(), "Hokusai 北斎"),
        ("e\u0301".encode(), "é"),
        ("\u0645\u0648\u062c\u0629".encode(), "موجة"),
        ("👩‍🎨".encode(), "👩‍🎨"),
        (b"<script>alert(1)</script>", "<script>alert(1)</script>"),
        (b"", ""),
    ],
)
def test_text_is_one_line(raw: bytes, kept: str) -> None:
    assert card_fields.text("title", raw) == kept


@pytest.mark.parametrize(
    "char",
    [
        *("\0", "\x1b", "\x7f", "\x9b", "\u202e", "\u202a", "\u2066", "\u2069"),
        *("\u200b", "\ufeff", "\u061c", "\U000e0041"),
    ],
)
def test_what_nobody_sees_is_refused(char: str) -> None:
    with pytest.raises(BadUpload, match="title holds a character"):
        card_fields.text("title", f"a{char}b".encode())


def test_a_title_that_shows_nothing_is_refused() -> None:
    with pytest.raises(BadUpload, match="nobody would see anything"):
        card_fields.text("title", "\u0301\u0301".encode())


@pytest.mark.parametrize("field", LIMITS)
def test_every_field_has_its_limit(field: str) -> None:
    if field != "pixel_range" and field not in LISTS:
        assert card_fields.text(field, b"x" * LIMITS[field])
    with pytest.raises(BadUpload, match=field):
        card_fields.text(field, b"x" * (LIMITS[field] + 1))


def test_what_is_not_utf8_is_refused() -> None:
    with pytest.raises(BadUpload, match="UTF-8"):
        card_fields.text("artist", b"\xff\xfe")


def test_an_unknown_field_is_told_the_known_ones() -> None:
    with pytest.raises(BadUpload, match=r"'tytle'.*weights, title, artist"):
        card_fields.limit("tytle")


def test_the_pixel_range_is_one_of_three_or_left_to_the_trial() -> None:
    assert card_fields.pixel_range({}) is None
    assert card_fields.pixel_range({"pixel_range": card_fields.text("pixel_range", b" ")}) is None
    assert card_fields.pixel_range({"pixel_range": card_fields.text("pixel_range", b"0..255")}) == "0..255"
    with pytest.raises(BadUpload, match=r"0\.\.1, 0\.\.255"):
        card_fields.text("pixel_range", b"0-255")


def test_a_title_that_is_missing_is_made_of_the_name() -> None:
    assert card_fields.card("great-wave", {"title": "", "artist": "Hokusai"}).title == "Great Wave"
    card = card_fields.card("great-wave", {"title": "Wave", "year": "1831", "pixel_range": "0..255"})
    assert (card.name, card.title, card.year, card.artist) == ("great-wave", "Wave", "1831", "")


def test_a_list_is_written_with_commas_and_kept_once() -> None:
    line = card_fields.text("other_names", "Sternennacht ,, 星空,\n Sternennacht".encode())
    card = card_fields.card("starry-night", {"other_names": line, "tags": "cubism"})
    assert (card.other_names, card.tags) == (("Sternennacht", "星空"), ("cubism",))
    assert card_fields.card("starry-night", {}).other_names == ()


@pytest.mark.parametrize(
    ("field", "line", "why"),
    [
        ("other_names", ", ".join(f"name {n} of many" for n in range(201)), "201 entries; 200 are allowed"),
        ("other_names", "x" * 81, "80 characters are allowed"),
        ("tags", ", ".join(f"movement{n}" for n in range(21)), "21 entries; 20 are allowed"),
        ("tags", "y" * 41, "40 characters are allowed"),
        ("other_names", "Sternennacht, help", "“help” means something else"),
        ("other_names", "überrasch mich", "means something else"),
        ("tags", "全部", "means something else"),
    ],
)
def test_a_list_has_limits_and_no_words_that_mean_something_else(field: str, line: str, why: str) -> None:
    with pytest.raises(BadUpload, match=why):
        card_fields.text(field, line.encode())
