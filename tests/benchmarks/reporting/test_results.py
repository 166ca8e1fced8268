"""The frame of the benchmarks: what is kept of a run, and the page that is written from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.reporting.document import Note, document, notes, unexplained
from benchmarks.reporting.findings import Figure, Missing, Profile, Row
from benchmarks.reporting.machine import machine
from benchmarks.reporting.results import BenchmarkResult, merged, read, result, write

HERE = {"processor": "One", "cores": "2"}
WHEN = {"date": "2026-11-25 14:00 UTC", "commit": "abc", "python": "3.11", "libraries": "numpy 2"}
SLOW = Row(
    measure="a photo", seconds=[0.2, 0.1, 0.3], against="torch", against_seconds=[2.0], faster=30, note="why"
)
WHY = {"why": Note(title="Bound by memory", text="It waits for memory.")}


def of(*findings: Row | Figure | Missing | Profile, machine: dict[str, str] = HERE) -> BenchmarkResult:
    return result(findings, 12.3, machine, WHEN)


def test_a_row_compares_medians() -> None:
    entry = SLOW.entry()
    assert entry.cells() == (
        "a photo",
        "200.0 ms",
        "100.0 ms to 300.0 ms, 3",
        "torch: 2,000.0 ms",
        "10x faster",
        "at least 30x faster",
        "no",
    )
    assert Row(measure="", seconds=[4.0], against="x", against_seconds=[2.0]).entry().ratio == "2x slower"


def test_targets_are_judged_by_either_end() -> None:
    assert Row(measure="", seconds=[0.1], target=0.1).entry().reached is True
    assert Row(measure="", seconds=[0.2], target=0.1).entry().reached is False
    assert Figure(measure="", value=9, unit="MB", target=10).entry().reached is True
    assert Figure(measure="", value=9, unit="%", at_least=10).entry().reached is False
    part = Figure(measure="", value=74, unit="GFLOP/s", against="peak", against_value=100, part=0.75)
    assert (part.entry().reached, part.entry().ratio) == (False, "0.74")
    assert Row(measure="", seconds=[0.1]).entry().reached is None


def test_results_survive_the_file(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    assert read(file) == {}
    results = {
        "engine": of(
            SLOW,
            Missing(measure="b", why="not installed"),
            Profile(title="t", headings=["a"], rows=[["1"]]),
        )
    }
    write(file, results)
    assert read(file) == results


def test_a_run_replaces_its_own_and_keeps_the_others() -> None:
    old, new = of(SLOW), of(Figure(measure="c", value=1, unit="MB"))
    before = {"gone": old, "engine": old, "memory": old}
    assert list(merged(before, {"engine": new}, ["memory", "engine"]).items()) == [
        ("memory", old),
        ("engine", new),
    ]


AMX = {"processor": "A", "instruction sets": "avx2, avx512f, avx512_bf16, amx_bf16"}
NO_AMX = {"processor": "B", "instruction sets": "avx2, avx512f, avx512_bf16"}


def test_kernels_of_an_older_processor_have_a_column_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", "AVX2")
    assert machine()["kernels"] == "AVX2"
    limited, whole = of(SLOW, machine={**NO_AMX, "kernels": "AVX2"}), of(SLOW, machine=NO_AMX)
    page = document(merged({"engine": limited}, {"engine": whole}, ["engine"]), WHY)
    assert "| measure | against | AVX-512 with bfloat16 | AVX2 kernels on B |" in page


def test_the_last_result_of_each_kind_of_processor_is_kept(tmp_path: Path) -> None:
    names, file = ["engine"], tmp_path / "results.json"
    first, second, third = of(SLOW, machine=AMX), of(SLOW, machine=NO_AMX), of(SLOW, machine=AMX)
    both = merged({"engine": first}, {"engine": second}, names)
    assert both["engine"] == replace(second, elsewhere=(first,))
    write(file, both)
    assert read(file) == both
    assert merged(both, {"engine": third}, names)["engine"] == replace(third, elsewhere=(second,))


def test_the_page_has_a_column_for_each_kind_of_processor() -> None:
    fast = of(replace(SLOW, seconds=[0.1]), machine=AMX)
    page = document({"engine": replace(fast, elsewhere=(of(SLOW, machine=NO_AMX),))}, WHY)
    assert "| measure | against | AMX | AVX-512 with bfloat16 |" in page
    assert "| a photo | torch | 100.0 ms: 20x faster | 200.0 ms: 10x faster |" in page
    assert "By processor" not in document({"memory": fast}, WHY)


def test_the_page_says_what_was_missed_and_why() -> None:
    profile = Profile(title="By layer", headings=["layer", "time"], rows=[["a|b", "1 ms"]])
    page = document({"engine": of(SLOW, profile), "cold": of(Missing(measure="x", why="not installed"))}, WHY)
    assert "| at least 30x faster | no: [Bound by memory](#bound-by-memory) |" in page
    assert "### Bound by memory\n\nIt waits for memory." in page
    assert "### By layer\n\n| layer | time |\n| --- | --- |\n| a\\|b | 1 ms |" in page
    assert "not installed" in page
    assert "On another machine" not in page


def test_the_page_says_where_something_was_measured_elsewhere() -> None:
    there = of(SLOW, machine={"processor": "Other"})
    page = document({"a": of(SLOW), "b": of(SLOW), "c": there}, WHY)
    assert page.count("**On another machine**: processor: Other.") == 1


def test_a_miss_without_its_explanation_is_noticed() -> None:
    assert unexplained({"engine": of(SLOW)}, {}) == ["a photo"]
    assert unexplained({"engine": of(SLOW)}, WHY) == []


def test_the_page_names_what_is_missed_and_not_explained() -> None:
    page = document({"engine": of(SLOW)}, {})
    assert "| no: not explained yet |" in page
    assert "## Missed, and not explained yet\n\n- a photo\n" in page
    assert "not explained yet" not in document({"engine": of(SLOW)}, WHY)


def test_a_remark_is_shown_whatever_is_reached_and_explains_no_miss() -> None:
    remark = {"why": Note(title="By the way", text="It rains.", remark=True)}
    untold, reached = Row(measure="b", seconds=[1], note="why"), replace(SLOW, faster=2)
    pages = [document({"engine": of(row)}, remark) for row in (SLOW, untold, reached)]
    seen = "see [By the way](#by-the-way) |"
    for page, verdict in zip(pages, ("| no: not explained yet; ", "| ", "| yes; "), strict=True):
        assert f"{verdict}{seen}" in page
        assert "## What else to know\n\n### By the way\n\nIt rains." in page
    assert unexplained({"engine": of(SLOW)}, remark) == ["a photo"]
    assert unexplained({"engine": of(untold), "cold": of(reached)}, remark) == []


def test_the_explanations_can_be_read() -> None:
    assert all(note.title and note.text.strip() for note in notes().values())
