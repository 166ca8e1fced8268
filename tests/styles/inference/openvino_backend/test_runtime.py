"""Compiling for the CPU."""

from __future__ import annotations

import gc
import os
from typing import Any

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from styles.inference.openvino_backend.layers import FoldedNetwork
from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import (
    COMPILED_LAYERS,
    KEPT_LAYERS,
    cpu_options,
    has_bfloat16,
    infer,
    paint_each,
)
from styles.inference.openvino_backend.style_unet import build
from styles.service.cgroup import cores
from tests.fakes.styles.models import Model
from tests.fakes.styles.style_files import random_style


@pytest.mark.parametrize(("threads", "taken"), [(1, 1), (3, 3), (0, cores())])
def test_no_threads_means_every_core(threads: int, taken: int) -> None:
    assert cpu_options(threads, fast=False)["INFERENCE_NUM_THREADS"] == taken


def test_bfloat16_is_asked_for_where_there_is_one() -> None:
    core = ov.Core()
    assert has_bfloat16(core) == ("BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
    assert cpu_options(1, fast=True)["INFERENCE_PRECISION_HINT"] == "bf16"
    assert cpu_options(1, fast=False)["INFERENCE_PRECISION_HINT"] == "f32"


@pytest.mark.parametrize("limit", ["AVX2", "avx512_core"])
def test_a_limit_of_instructions_forbids_bfloat16(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEDNN_MAX_CPU_ISA", limit)
    assert not has_bfloat16(ov.Core())


@pytest.mark.parametrize("fast", [True, False])
def test_what_is_compiled_for_sizes_is_limited(fast: bool) -> None:
    """By a key that OpenVINO knows: another would be refused."""
    options = cpu_options(1, fast=fast)
    assert options["CPU_RUNTIME_CACHE_CAPACITY"] == KEPT_LAYERS
    ov.Core().compile_model(build(FoldedNetwork(random_style().network)), "CPU", options)


def inverting() -> Any:
    """A compiled model that inverts images of any size."""
    image = ops.parameter([1, -1, -1, 3], np.uint8)
    graph = ov.Model([ops.subtract(np.array(255, np.uint8), image)], [image], "inverting")
    return ov.Core().compile_model(graph, "CPU", cpu_options(1, fast=False))


def test_networks_that_paint_each_picture_alone_have_the_others_give_theirs_back() -> None:
    active_model, shared = ActiveModel(), Model()
    active_model.paints(shared)
    painted = paint_each(inverting(), np.full((2, 4, 6, 3), 5, np.uint8), active_model)
    assert painted.shape == (2, 4, 6, 3)
    assert (painted == 250).all()
    assert shared.released == 1


def test_a_result_stays_when_the_next_is_computed_and_the_model_is_gone() -> None:
    model = inverting()
    first, second = (infer(model, [np.full((1, 300, 400, 3), level, np.uint8)]) for level in (5, 7))
    model.release_memory()
    del model
    gc.collect()
    assert (first == 250).all()
    assert (second == 248).all()


def test_onednn_keeps_no_more_than_it_is_told() -> None:
    assert int(os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]) == COMPILED_LAYERS
