"""Codes of paintings that did not arrive: read as people type them, held by one, and hard to guess."""

from __future__ import annotations

import re

import pytest

from mailbot.storage import erasure
from mailbot.storage.ledger import Ledger
from mailbot.undelivered import one_time_codes
from mailbot.undelivered.one_time_codes import ALPHABET, MOST_GUESSES, UnknownCode, codes_in
from styles.service.units import DAY
from tests.fakes.mailbot.ledger import accept, variant

WHO, NOW = "#who", 1_000_000.0


@pytest.mark.parametrize(
    "text",
    ["code ABC2-EFGH", "Hi!\nmy Code: abc2 efgh, thanks", "code “ABC2EFGH”.", "código abc2-efgh",
     "コードABC2-EFGH", "代码ABC2-EFGH", "codice «ABC2–EFGH»", "the QR-code: ABC2-EFGH"],
)  # fmt: skip
def test_a_code_anywhere_in_a_mail(text: str) -> None:
    assert codes_in("Re: hello", text) == ("ABC2-EFGH",)


def test_a_slip_may_have_letters_alone() -> None:
    assert codes_in("code ABCD-EFGH") == ("ABCD-EFGH",)  # which is answered as any wrong code


@pytest.mark.parametrize(
    "text",
    ["ABC2-EFGH", "code ABC2-EFG", "code ABC1-EFGH", "my postcode is 2345 6789 0", "codename ABC2EFGHJ",
     "barcode ABC2-EFGH", "codeABC2-EFGH", "code breakers", "the code that were", "area code 2345 6789",
     "area code 2345-6789", "code hand-made", "CODE BREAKERS"],
)  # fmt: skip
def test_what_is_no_code(text: str) -> None:
    assert codes_in(text) == ()


async def test_a_code_is_always_the_same_and_held_by_one(ledger: Ledger) -> None:
    first, second, third = [await accept(ledger, variant(number)) for number in (1, 2, 3)]

    async def claim(message: int) -> int | None:
        return await ledger.transact(
            lambda db: one_time_codes.claim(db, ["ZZZZ-ZZZ2", code], message, WHO, NOW)
        )

    code = await ledger.transact(lambda db: one_time_codes.make(db, first.id, "closed", NOW)) or ""
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert codes_in(f"code {code}") == (code,)
    assert await ledger.transact(lambda db: one_time_codes.make(db, first.id, "closed", NOW)) == code
    assert await claim(second.id) == first.id
    assert await claim(second.id) == first.id, "the same message, after a crash"
    assert await claim(third.id) is None
    assert await ledger.read(one_time_codes.counts) == {"waiting": 1, "redeemed": 0, "expired": 0}
    await ledger.transact(lambda db: db.execute("UPDATE message SET state = 'quarantined' WHERE id = 2"))
    assert await claim(third.id) == first.id, "the second one got nothing"
    assert await claim(second.id) is None


async def test_after_some_wrong_codes_none_is_looked_up_for_a_day(ledger: Ledger) -> None:
    first, *others = [await accept(ledger, variant(number)) for number in range(MOST_GUESSES + 3)]
    code = await ledger.transact(lambda db: one_time_codes.make(db, first.id, "closed", NOW)) or ""
    await ledger.transact(lambda db: db.execute("UPDATE message SET accepted_at = ? + id / 1e3", (NOW,)))

    async def claim(code: str, message: int, now: float = NOW, who: str = WHO) -> int | None:
        return await ledger.transact(lambda db: one_time_codes.claim(db, [code], message, who, now))

    for wrong in others[:MOST_GUESSES]:
        for _ in range(3):  # a mail that is retried is one guess
            assert await claim("ZZZZ-ZZZ2", wrong.id) is None
    with pytest.raises(UnknownCode, match="tomorrow"):
        await claim(code, others[-1].id)
    assert await claim("ZZZZ-ZZZ3", others[-2].id, NOW, "#another") is None
    assert await claim(code, others[-1].id, NOW + DAY + 1) == first.id


async def test_what_its_sender_has_deleted_is_under_no_code(ledger: Ledger) -> None:
    first, second = [await accept(ledger, variant(number)) for number in (1, 2)]
    code = await ledger.transact(lambda db: one_time_codes.make(db, first.id, "closed", NOW)) or ""
    await ledger.transact(lambda db: erasure.noted(db, first.id, "ann@example.org", NOW))
    await ledger.transact(lambda db: erasure.forget(db, ledger.spool, second.id, "ann@example.org", NOW))
    assert await ledger.transact(lambda db: one_time_codes.claim(db, [code], second.id, WHO, NOW)) is None
    assert await ledger.transact(lambda db: one_time_codes.make(db, first.id, "closed", NOW)) is None
    assert await ledger.read(one_time_codes.counts) == {"waiting": 0, "redeemed": 0, "expired": 1}
