"""The alternatives of a phrase."""

from __future__ import annotations

import pytest

from styles.language.alternatives import written_out


@pytest.mark.parametrize(
    ("phrase", "written"),
    [
        ("light", ["light"]),
        ("not (too|so) strong", ["not too strong", "not so strong"]),
        ("(a|b)(c|d)", ["ac", "ad", "bc", "bd"]),
        ("(nice and |)big", ["nice and big", "big"]),
    ],
)
def test_each_alternative_is_written_out(phrase: str, written: list[str]) -> None:
    assert list(written_out(phrase)) == written
