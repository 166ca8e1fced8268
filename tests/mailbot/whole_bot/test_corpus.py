"""The corpus as a whole: complete, explained, and its table up to date."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailbot.parsing import unsupported_files
from mailbot.sender_policy import silence
from mailbot.sender_policy.silence import UnsupportedMail
from tests.emails.corpus import Case, cases
from tests.emails.table import DOCUMENT, document

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_is_read_as_expected(case: Case) -> None:
    assert case.differences == {}


def test_a_wrong_reading_is_noticed() -> None:
    case = next(case for case in CASES if case.name == "signature-logo")
    other = replace(case, expected=case.expected | {"text": "something else"})
    assert set(other.differences) == {"text"}
    assert "✗" in document([other])


def test_the_table_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == document(CASES), "run `make corpus`"


def test_there_is_a_mail_for_everything_that_can_come_instead_of_a_photo() -> None:
    assert set(unsupported_files.SENTENCES) <= {case.expected.get("unsupported") for case in CASES}


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.expected.get("unsupported")], ids=lambda c: c.name
)
def test_what_came_instead_of_a_photo_is_answered_clearly(case: Case) -> None:
    assert case.request is not None
    with pytest.raises(UnsupportedMail) as raised:
        silence.check(case.request)
    assert raised.value.message == unsupported_files.SENTENCES[case.expected["unsupported"]]
