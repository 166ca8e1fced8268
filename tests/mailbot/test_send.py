"""`mailbot send`: what comes back is saved, and nothing is overwritten. The command itself: tests/e2e."""

from __future__ import annotations

from pathlib import Path

from mailbot.send import ReceivedReply, save


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    def came(content: bytes) -> ReceivedReply:
        return ReceivedReply(text="", pictures=(("dune-mosaic.jpg", content),))

    assert save(came(b"1"), tmp_path) == [tmp_path / "dune-mosaic.jpg"]
    assert save(came(b"2"), tmp_path) == [tmp_path / "dune-mosaic-2.jpg"]
    assert save(came(b"3"), tmp_path) == [tmp_path / "dune-mosaic-3.jpg"]
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"2", b"3", b"1"]
