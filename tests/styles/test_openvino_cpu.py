"""Compiling for the CPU."""

from __future__ import annotations

import os

import openvino as ov
import pytest

from styles.openvino_cpu import cpu_options, has_bfloat16


@pytest.mark.parametrize(("threads", "taken"), [(1, 1), (3, 3), (0, len(os.sched_getaffinity(0)))])
def test_no_threads_means_every_core(threads: int, taken: int) -> None:
    assert cpu_options(threads, fast=False)["INFERENCE_NUM_THREADS"] == taken


def test_bfloat16_is_asked_for_where_there_is_one() -> None:
    core = ov.Core()
    assert has_bfloat16(core) == ("BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    assert cpu_options(1, fast=True)["INFERENCE_PRECISION_HINT"] == "bf16"
    assert cpu_options(1, fast=False)["INFERENCE_PRECISION_HINT"] == "f32"
