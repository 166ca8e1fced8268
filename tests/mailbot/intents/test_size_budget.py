"""The bytes of an answer, shared out among its pictures."""

from __future__ import annotations

import pytest

from mailbot.config import REPLY_BYTES
from mailbot.intents.size_budget import PREVIEW_SIDE, budget_for
from mailbot.parsing.carriers import MAIL, PHONE
from mailbot.parsing.photos import Photo
from styles.contract import PREVIEW_BYTES
from tests.fakes.mailbot.mails import heic, png_header

JANE, PHONES_OWNER = "jane@mail.example", "15551230001@mms.att.net"


def photos(count: int, width: int = 4000, height: int = 3000) -> list[Photo]:
    return [Photo(name="a.png", image=png_header(width, height), kind="png") for _ in range(count)]


@pytest.mark.parametrize("count", [1, 2, 5, MAIL.max_pictures])
def test_every_photo_of_the_usual_size_has_room(count: int) -> None:
    room = budget_for(JANE, photos(count), 1024)
    assert (room.pictures, room.preview) == (count, PREVIEW_SIDE)
    assert REPLY_BYTES - count < count * (room.max_bytes + PREVIEW_BYTES) <= REPLY_BYTES


@pytest.mark.parametrize("size", [1024, 4000, 16_384])
@pytest.mark.parametrize("count", [1, 3, 20])
@pytest.mark.parametrize("budget", [100_000, 2_000_000, 17_000_000])
def test_the_budget_is_kept_to(size: int, count: int, budget: int) -> None:
    room = budget_for(JANE, photos(count), size, budget)
    assert 1 <= room.pictures <= min(count, MAIL.max_pictures)
    assert 1024 <= room.max_bytes <= budget
    assert room.pictures * (room.max_bytes + min(PREVIEW_BYTES, budget // 4)) <= budget


def test_large_ones_are_fewer_and_small_ones_are_not_taken_for_large() -> None:
    full = budget_for(JANE, photos(8), 16_384)
    assert full.pictures == 6
    assert full.max_bytes >= 0.2 * 4000 * 3000
    assert budget_for(JANE, photos(8, 1000, 800), 16_384).pictures == 8
    assert budget_for(JANE, [*photos(5, 1000, 800), *photos(3)], 16_384, 10_000_000).pictures == 5


def test_a_photo_of_unknown_size_counts_as_a_phones() -> None:
    photo = Photo(name="a.heic", image=heic(), kind="heic")
    assert budget_for(JANE, [photo] * 9, 16_384).pictures == 6


def test_a_phone_gets_one_small_picture_and_no_preview() -> None:
    room = budget_for(PHONES_OWNER, photos(3), 1600)
    assert (room.pictures, room.max_bytes, room.preview) == (1, PHONE.max_bytes, None)
    assert budget_for(PHONES_OWNER, photos(1), 1600, 200_000).max_bytes == 200_000


def test_a_mail_without_photos_may_ask() -> None:
    assert budget_for(JANE, [], 1024).pictures == 1
