"""Lines below which a signature stands."""

from __future__ import annotations

import pytest

from mailbot.parsing.text.signatures import signature_mark


@pytest.mark.parametrize("line", ["--", "-- ", "—", "–"])
def test_the_mark_of_a_signature(line: str) -> None:
    assert signature_mark(line) == "signature"


@pytest.mark.parametrize(
    "line",
    ["Mit freundlichen Grüßen", "Viele Grüße, Jana", "Kind regards", "Regards,", "Best,", "Cordialement",
     "LG",     "Un saludo,", "Cordiali saluti", "С уважением, Иван", "此致", "_______________",
     "Tel.: +49 30 1234567", "+1 (555) 123-4567", "M: 0170 1234567", "www.acme.example"],
)  # fmt: skip
def test_closing_formulas(line: str) -> None:
    assert signature_mark(line) == "closing"


@pytest.mark.parametrize(
    "line",
    ["", "mosaic", "best photo ever", "Regarding the beach", "Sent from my iPhone", "---", "60%",
     "1024", "2026",
     "see www.acme.example for more of them",
     "Kind regards to your sister, who asked me for this photo of the beach last week"],
)  # fmt: skip
def test_other_lines(line: str) -> None:
    assert signature_mark(line) == ""
