"""The OpenVINO graph paints what the torch network paints, for every shape and batch."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import openvino as ov
import pytest
import torch

from styles.errors import BadCheckpoint
from styles.formats.architecture import DETAIL, Shape
from styles.inference.openvino_backend.layers import FoldedNetwork, as_pixels
from styles.inference.openvino_backend.runtime import has_bfloat16
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.openvino_backend.style_unet import OpenVinoSegments, build
from styles.inference.torch_backend.layers import TorchLayers, TorchSegments
from styles.networks.segments import PIXELS, Step, steps
from styles.networks.style_unet import StyleUNet
from tests.fakes.styles.style_files import random_style

F32 = {"INFERENCE_PRECISION_HINT": "f32"}


def torch_paint(net: StyleUNet, images: np.ndarray, rows: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        painted = net(torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(rows))
    pixels: np.ndarray = (painted * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return pixels


@pytest.mark.parametrize("size", [(1, 32, 32), (3, 64, 48), (2, 48, 112)])
def test_same_picture_as_torch(size: tuple[int, int, int]) -> None:
    style = random_style(seed=3)
    net = StyleUNet(Shape.of(style.network)).to_paint()
    net.load_state_dict({k: torch.from_numpy(v.copy()).float() for k, v in style.network.items()})
    random = np.random.default_rng(5)
    images = random.integers(0, 256, (*size, 3), dtype=np.uint8)
    rows = random.normal(1, 0.3, (size[0], style.row.size)).astype(np.float32)

    network = FoldedNetwork(style.network)
    model = ov.Core().compile_model(build(network), "CPU", F32)
    painted = as_pixels(model([images, rows, *network.weights.values()])[0])

    fast = has_bfloat16(ov.Core())
    of_one_style = ov.Core().compile_model(
        build(FoldedNetwork(style.network, fast=fast), rows[0]), "CPU", F32
    )
    alone = as_pixels(of_one_style([images[:1]])[0])[0]
    assert np.abs(alone - painted[0].astype(int)).max() <= 1

    assert painted.shape == images.shape
    difference = np.abs(painted.astype(int) - torch_paint(net, images, rows))
    assert difference.max() <= 1  # rounding of the last bit
    assert painted.std() > 5  # and there is a picture to compare


def test_bases_of_one_shape_share_a_model_and_paint_each_its_own_picture() -> None:
    styles = [random_style(base_seed=seed) for seed in (3, 4)]
    image = np.random.default_rng(5).integers(0, 256, (1, 48, 64, 3), dtype=np.uint8)
    sessions = [OpenVinoSession(style.network, threads=1) for style in styles]
    rows = styles[0].row.astype(np.float32)[None]
    pictures = [session.paint(image, rows) for session in sessions * 2]
    assert np.array_equal(pictures[0], pictures[2])
    assert np.array_equal(pictures[1], pictures[3])
    assert not np.array_equal(pictures[0], pictures[1])
    del sessions  # and the model with them: the next one is compiled for this base
    gc.collect()
    assert np.array_equal(OpenVinoSession(styles[1].network, threads=1).paint(image, rows), pictures[1])


SMALL = Shape(quarter=8, eighth=12, sixteenth=16, half=8, outer_blocks=1, inner_blocks=2)
SHAPE = replace(SMALL, quarter_blocks=2, scales_detail=True)
#: All segments, and the two that read other tensors where there are no blocks at a quarter.
SEGMENTS = [(SHAPE, step) for step in steps(SHAPE)] + [(SMALL, step) for step in steps(SMALL)[-2:]]


@pytest.mark.parametrize(("shape", "step"), SEGMENTS)
def test_a_segment_gives_what_torch_gives(shape: Shape, step: Step) -> None:
    torch.manual_seed(2)
    net = StyleUNet(shape)
    if shape == SHAPE:
        net.get_buffer(DETAIL).fill_(0.4)
    network = {name: t.half().numpy() for name, t in net.state_dict().items()}
    ours = OpenVinoSegments(FoldedNetwork(network), ov.Core(), F32)
    theirs = TorchSegments(TorchLayers(network, torch.device("cpu"), torch.float32))

    random = np.random.default_rng(5)
    channels = {c.name: c.out for c in shape.convolutions}
    norms = [(random.normal(1, 0.3, channels[n]), random.normal(0, 0.3, channels[n])) for n in step.norms]
    affine = [(gain.astype(np.float32), offset.astype(np.float32)) for gain, offset in norms]
    reads = [strip(name, random) for name in step.reads]
    kept, moments = ours.segment(step)(reads, affine)
    tensors = [r if r.dtype == np.uint8 else torch.from_numpy(r).float() for r in reads]
    torch_kept, torch_moments = theirs.segment(step)(tensors, affine)

    assert len(kept) == len(torch_kept) == len(step.keeps)
    tolerance = 1 if step.name == "out" else 0.01  # a level, or rounding to float16
    for mine, other in zip(kept, torch_kept, strict=True):
        assert np.allclose(np.float32(mine), np.float32(other), atol=tolerance)
    assert (moments is None) == (torch_moments is None) == (step.name == "out")
    for mine, other in zip(moments or (), torch_moments or (), strict=True):
        assert mine.shape == other.shape
        assert np.allclose(mine, other, atol=1e-3)


def strip(name: str, random: np.random.Generator) -> np.ndarray:
    """Two rows of what a segment reads, 48 pixels wide."""
    if name == PIXELS:
        return random.integers(0, 256, (32, 48, 3), dtype=np.uint8)
    channels, size = SHAPE.kept[name]
    return random.normal(0, 1, (32 // size, channels, 48 // size)).astype(np.float16)


def test_a_base_without_a_tensor_is_refused() -> None:
    network = dict(random_style().network)
    del network["up4.weight"]
    with pytest.raises(BadCheckpoint):
        FoldedNetwork(network)


def test_a_base_with_a_wrong_shape_is_refused() -> None:
    network = dict(random_style().network)
    network["up2.weight"] = network["up2.weight"][:, :3]
    with pytest.raises(BadCheckpoint):
        FoldedNetwork(network)
