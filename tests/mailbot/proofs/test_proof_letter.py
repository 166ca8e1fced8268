"""The mail of a proof, as it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy

from mailbot.languages.translator import translator
from mailbot.proofs.proof_letter import about, proof_id, proof_mail, read_proof_id
from registry.client import WaitingProof

PROOF = WaitingProof(
    style="a" * 64,
    title="Tiles <b>",
    version=123456789,
    live=0,
    person="Ada",
    address="ada@example.org",
    old={},
    new={"face": "/blobs/1", "night": ""},
)
KEYED = "0123456789abcdef" * 3


def test_the_id_of_a_long_name_is_on_one_line_and_read_again() -> None:
    id = proof_id(about(PROOF), KEYED, "painter.example")
    say, date = translator("en"), datetime(2026, 1, 1, tzinfo=UTC)
    raw = proof_mail(PROOF, {"/blobs/1": b"jpeg"}, say, "bot@painter.example", id, date)
    assert f"Message-ID: {id}\r\n".encode() in raw
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 200
    assert read_proof_id(id) == ("a" * 64, 123456789, about(PROOF), KEYED[:24])
    html = message_from_bytes(raw, policy=policy.default).get_body(("html",))
    assert html is not None
    assert "Tiles &lt;b&gt;" in html.get_content()
    assert "cannot be painted" in html.get_content()


def test_another_proof_of_the_same_number_is_another_mail() -> None:
    """As after a registry was restored, or for another reader."""
    others = (replace(PROOF, new={"face": "/blobs/2"}), replace(PROOF, address="bo@example.org"))
    assert len({about(each) for each in (PROOF, *others)}) == 3
    assert about(replace(PROOF, title="Other")) == about(PROOF)
