"""The type is bfloat16 exactly where it is in the hardware."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from styles.networks.precision import fast_type


@pytest.mark.parametrize(
    ("line", "fast"),
    [
        ("flags\t\t: fpu avx2 avx512f avx512_bf16 amx_tile", True),
        ("flags\t\t: fpu avx2 amx_bf16", True),
        ("flags\t\t: fpu avx2 fma avx512f avx512_vnni", False),
        ("Features\t: fp asimd bf16 i8mm", True),
        ("Features\t: fp asimd", False),
        ("model name\t: avx512_bf16", False),
    ],
)
def test_a_cpu_is_asked_for_its_flags(tmp_path: Path, line: str, fast: bool) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "cpuinfo").write_text(f"processor\t: 0\n{line}\nbogomips\t: 1\n\nprocessor\t: 1\n")
    assert fast_type("cpu", tmp_path) == (torch.bfloat16 if fast else torch.float32)


def test_a_cpu_that_tells_nothing_gets_float32(tmp_path: Path) -> None:
    assert fast_type("cpu", tmp_path) == torch.float32


@pytest.mark.parametrize("supported", [True, False])
def test_a_gpu_is_asked_without_emulation(monkeypatch: pytest.MonkeyPatch, supported: bool) -> None:
    asked = []

    def answer(including_emulation: bool = True) -> bool:
        asked.append(including_emulation)
        return supported

    monkeypatch.setattr(torch.cuda, "is_bf16_supported", answer)
    assert fast_type("cuda:1") == (torch.bfloat16 if supported else torch.float32)
    assert asked == [False]
