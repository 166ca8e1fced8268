"""A painted picture's file name: the photo's own, safe in headers and on every file system."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbot.replies.pictures import MAX_BYTES, file_name, made_safe, preview_of

RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@pytest.mark.parametrize(
    ("photo", "name"),
    [
        ("beach.jpg", "beach-mosaic.jpg"),
        ("Beach Day (2).JPEG", "Beach-Day-(2)-mosaic.jpg"),
        ("Café am Meer.HEIC", "Café-am-Meer-mosaic.jpg"),
        ("Cafe\u0301.jpg", "Café-mosaic.jpg"),
        ("日本.jpg", "日本-mosaic.jpg"),
        ("हिन्दी.jpg", "हिन्दी-mosaic.jpg"),
        ("🌅🏽 sunset.png", "🌅🏽-sunset-mosaic.jpg"),
        ("photo\u202egpj.exe", "photo-gpj-mosaic.jpg"),
        ('a"b;c\\d:e*f?.png', "a-b-c-d-e-f-mosaic.jpg"),
        ("../../etc/passwd", "etc-passwd-mosaic.jpg"),
        ("a\r\nBcc: x@y.jpg", "a-Bcc-x-y-mosaic.jpg"),
        ("con.jpg", "con-mosaic.jpg"),
        ("con.backup.jpg", "con-backup-mosaic.jpg"),
        ("v1.2 final", "v1-2-final-mosaic.jpg"),
        (".jpg", "photo-mosaic.jpg"),
        ("…", "photo-mosaic.jpg"),
        ("", "photo-mosaic.jpg"),
        ("x" * 300 + ".jpg", "x" * 90 + "-mosaic.jpg"),
        ("日" * 300 + ".jpg", "日" * 30 + "-mosaic.jpg"),
    ],
)
def test_the_photos_name_is_kept_as_far_as_it_is_safe(photo: str, name: str) -> None:
    assert file_name(photo, "mosaic", "jpeg") == name


@pytest.mark.parametrize(
    ("style", "name"),
    [
        ("starry-night", "beach-starry-night.png"),
        ("great-wave:0.6,the-scream:0.4", "beach-great-wave-and-the-scream.png"),
        ("a,b:1,c", "beach-a-and-b-and-c.png"),
        ("", "beach-all-styles.png"),
        ("/..", "beach-painted.png"),
    ],
)
def test_the_style_is_told(style: str, name: str) -> None:
    assert file_name("beach.jpg", style, "png") == name


def test_no_two_files_have_one_name() -> None:
    taken: list[str] = []
    for photo in ("a.jpg", "A.png", "a.heic", "a-mosaic-2.jpg"):
        taken.append(file_name(photo, "mosaic", "jpeg", taken).lower())
    assert taken == ["a-mosaic.jpg", "a-mosaic-2.jpg", "a-mosaic-3.jpg", "a-mosaic-2-mosaic.jpg"]


def test_a_preview_is_told_from_the_picture() -> None:
    assert preview_of("beach-mosaic.png") == "beach-mosaic-preview.jpg"


def test_a_name_is_cut_between_letters_and_not_within_one() -> None:
    assert (
        made_safe("a" + "e\u0323\u0302" * 10, 12) == "a" + unicodedata.normalize("NFC", "e\u0323\u0302") * 3
    )
    assert made_safe("क्षि", 5) == ""
    assert made_safe("अक्षि", 10) == "अक्"


@settings(deadline=None)
@given(st.text(), st.text(max_size=60))
def test_any_name_is_safe(photo: str, style: str) -> None:
    name = file_name(photo, style, "jpeg")
    stem, dot, suffix = name.rpartition(".")
    assert (dot, suffix) == (".", "jpg")
    assert stem
    assert stem.lower() not in RESERVED
    assert not set(name) & set('/\\:*?"<>|;,=@%\r\n\0 ')
    assert "." not in stem
    assert not name.startswith(("-", " "))
    assert all(unicodedata.category(c)[0] not in "CZ" for c in name)
    assert len(name.encode()) <= MAX_BYTES + 10
