"""Wrong values of [mail] are refused with a sentence that says what to write."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from mailbot.settings.values import Folder, MailAddress, Pattern


@pytest.mark.parametrize(
    ("kind", "word", "otherwise"),
    [
        (MailAddress, "bot", "no mail address"),
        (Pattern, "example.org", "*@*.example.org"),
        (Folder, "\\Sent", "a special use is one of"),
        (Folder, "Pa%nted", "no * or %"),
    ],
)
def test_a_wrong_word_is_refused_with_the_reason(kind: Any, word: str, otherwise: str) -> None:
    with pytest.raises(ValidationError, match=otherwise.replace("*", r"\*")):
        TypeAdapter(kind).validate_python(word)
