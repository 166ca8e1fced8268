"""Codes of paintings that did not arrive: read as people type them, redeemed once, and hard to guess."""

from __future__ import annotations

import re

import pytest

from mailbot.storage import erasure
from mailbot.storage.ledger import Ledger
from mailbot.undelivered import codes
from mailbot.undelivered.codes import ALPHABET, MOST_GUESSES, UnknownCode, codes_in
from styles.service.units import DAY
from tests.fakes.mailbot.ledger import accept, variant

WHO, NOW = "#who", 1_000_000.0


@pytest.mark.parametrize(
    "text",
    ["code ABCD-EFGH", "Hi!\nmy Code: abcd efgh, thanks", "code “ABCDEFGH”.", "código abcd-efgh",
     "コード ABCD-EFGH", "代码ABCD-EFGH", "codice «ABCD–EFGH»"],
)  # fmt: skip
def test_a_code_anywhere_in_a_mail(text: str) -> None:
    assert codes_in("Re: hello", text) == ("ABCD-EFGH",)


@pytest.mark.parametrize(
    "text",
    ["ABCD-EFGH", "code ABCD-EFG", "code ABC1-EFGH", "my postcode is 2345 6789 0", "codename ABCDEFGHJ"],
)
def test_what_is_no_code(text: str) -> None:
    assert codes_in(text) == ()


async def test_a_code_is_always_the_same_and_redeemed_once(ledger: Ledger) -> None:
    first, second, third = [await accept(ledger, variant(number)) for number in (1, 2, 3)]

    async def claim(message: int) -> int | None:
        return await ledger.transact(lambda db: codes.claim(db, ["ZZZZ-ZZZZ", code], message, WHO, NOW))

    code = await ledger.transact(lambda db: codes.make(db, first.id, "closed", NOW)) or ""
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert await ledger.transact(lambda db: codes.make(db, first.id, "closed", NOW)) == code
    assert await claim(second.id) == first.id
    assert await claim(second.id) == first.id, "the same message, after a crash"
    assert await claim(third.id) is None
    assert await ledger.read(codes.counts) == {"waiting": 0, "redeemed": 1, "expired": 0}


async def test_after_some_wrong_codes_none_is_looked_up_for_a_day(ledger: Ledger) -> None:
    first, second = [await accept(ledger, variant(number)) for number in (1, 2)]
    code = await ledger.transact(lambda db: codes.make(db, first.id, "closed", NOW)) or ""

    async def claim(code: str, now: float, who: str = WHO) -> int | None:
        return await ledger.transact(lambda db: codes.claim(db, [code], second.id, who, now))

    for _ in range(MOST_GUESSES):
        assert await claim("ZZZZ-ZZZZ", NOW) is None
    with pytest.raises(UnknownCode, match="tomorrow"):
        await claim(code, NOW + 1)
    assert await claim("ZZZZ-ZZZY", NOW, "#another") is None
    assert await claim(code, NOW + DAY + 1) == first.id


async def test_what_its_sender_has_deleted_is_under_no_code(ledger: Ledger) -> None:
    first, second = [await accept(ledger, variant(number)) for number in (1, 2)]
    code = await ledger.transact(lambda db: codes.make(db, first.id, "closed", NOW)) or ""
    await ledger.transact(lambda db: erasure.noted(db, first.id, "ann@example.org", NOW))
    await ledger.transact(lambda db: erasure.forget(db, ledger.spool, second.id, "ann@example.org", NOW))
    assert await ledger.transact(lambda db: codes.claim(db, [code], second.id, WHO, NOW)) is None
    assert await ledger.transact(lambda db: codes.make(db, first.id, "closed", NOW)) is None
    assert await ledger.read(codes.counts) == {"waiting": 0, "redeemed": 0, "expired": 1}
