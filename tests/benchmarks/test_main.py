"""What `python -m benchmarks` says of itself, and what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks.reporting.findings import Figure, Finding
from benchmarks.soak import run as soak


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """results.json and the page, where a test may write them, and a soak that takes no time."""

    async def at_once(minutes: float) -> Sequence[Finding]:
        return [Figure(measure="photos lost", value=0, unit="", target=0)]

    results, page = tmp_path / "results.json", tmp_path / "performance.md"
    monkeypatch.setattr(command, "RESULTS", results)
    monkeypatch.setattr(command, "PAGE", page)
    monkeypatch.setattr(soak, "run", at_once)
    return results, page


def test_help_names_every_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    lines = capsys.readouterr().out.splitlines()
    for name in command.BENCHMARKS:
        assert [line for line in lines if line.startswith(f"  {name} ") and line.endswith(")")]


def test_only_a_whole_soak_is_kept(files: tuple[Path, Path]) -> None:
    results, _ = files
    assert command.main(["soak", "--minutes", "1"]) == 0
    assert not results.exists()
    assert command.main(["soak", "--minutes", f"{soak.MINUTES}"]) == 0
    assert "photos lost" in results.read_text()


def test_nothing_is_written_where_nobody_wants_it(files: tuple[Path, Path]) -> None:
    assert command.main(["soak", "--no-write"]) == 0
    assert not any(file.exists() for file in files)
