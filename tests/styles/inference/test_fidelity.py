"""Networks of others paint as they do where they come from, at the border too."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from styles.contract import StyleOptions
from styles.imaging.codec import Pixels, resized
from styles.importing.importer import keep
from styles.inference.open import open_style
from styles.inference.stylize import stylize
from styles.networks.transformer_net import TransformerNet
from tests.fakes.styles.state_dicts import state_dict

#: Its height is no multiple of 32, by which networks were extended that need multiples of 4.
PHOTO: Pixels = resized(np.random.default_rng(1).integers(0, 256, (9, 12, 3), dtype=np.uint8), (128, 92))


@pytest.fixture(scope="module")
def network() -> TransformerNet:
    network = TransformerNet().eval()
    network.load_state_dict(state_dict())
    return network


@pytest.fixture(scope="module")
def wanted(network: TransformerNet) -> Pixels:
    """What pytorch/examples paints: the photo as it is, whose border each convolution mirrors."""
    with torch.inference_mode():
        painted = network(torch.from_numpy(PHOTO.copy()).permute(2, 0, 1)[None].float())
    return painted.clamp(0, 255).round().byte()[0].permute(1, 2, 0).numpy()  # type: ignore[no-any-return]


def painted(upload: Path) -> Pixels:
    kept = upload.with_name("kept")
    keep(upload, kept, None)
    style = open_style(kept, threads=1)
    return stylize(style.session, [PHOTO], [style.row], [StyleOptions()])[0]


def require_alike(picture: Pixels, other: Pixels) -> None:
    """In the mean of the border and inside; bfloat16 differs by some levels, and a margin by some tens."""
    difference = np.abs(picture.astype(int) - other)
    border = np.ones(difference.shape[:2], bool)
    border[8:-8, 8:-8] = False
    assert difference[border].mean() < 4
    assert difference[~border].mean() < 4


def test_a_state_dict(tmp_path: Path, wanted: Pixels) -> None:
    torch.save(state_dict(), tmp_path / "upload")
    assert wanted.std() > 20
    require_alike(painted(tmp_path / "upload"), wanted)


def test_its_own_onnx(tmp_path: Path, network: TransformerNet, wanted: Pixels) -> None:
    sides = {2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have it exported otherwise
        torch.onnx.export(
            network,
            (torch.rand(1, 3, 64, 64),),
            str(tmp_path / "upload"),
            dynamo=False,
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": sides, "output": sides},
        )
    require_alike(painted(tmp_path / "upload"), wanted)
