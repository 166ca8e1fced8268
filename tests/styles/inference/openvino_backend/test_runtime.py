"""Compiling for the CPU."""

from __future__ import annotations

import os

import numpy as np
import openvino as ov
import pytest

from styles.inference.openvino_backend.memory_release import ActiveModel
from styles.inference.openvino_backend.runtime import (
    COMPILED_LAYERS,
    KEPT_LAYERS,
    cpu_options,
    has_bfloat16,
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


@pytest.mark.parametrize("fast", [True, False])
def test_what_is_compiled_for_sizes_is_limited(fast: bool) -> None:
    """By a key that OpenVINO knows: another would be refused."""
    options = cpu_options(1, fast=fast)
    assert options["CPU_RUNTIME_CACHE_CAPACITY"] == KEPT_LAYERS
    ov.Core().compile_model(build(random_style().network), "CPU", options)


class Request:
    """Paints everything black."""

    def infer(self, images: object) -> None: ...

    def get_output_tensor(self, number: int) -> ov.Tensor:
        return ov.Tensor(np.zeros((1, 2, 2, 3), np.uint8))


def test_networks_that_paint_each_picture_alone_have_the_others_give_theirs_back() -> None:
    active_model, shared, alone = ActiveModel(), Model(), Model()
    active_model.paints(shared)
    assert not paint_each(alone, Request(), np.ones((2, 2, 2, 3), np.uint8), active_model).any()
    assert (shared.released, alone.released) == (1, 0)


def test_onednn_keeps_no_more_than_it_is_told() -> None:
    assert int(os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]) == COMPILED_LAYERS
