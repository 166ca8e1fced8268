"""Networks of others paint as they do where they come from, at the border too."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from styles.contract import StyleOptions
from styles.formats import style_file
from styles.formats.architecture import Shape
from styles.imaging.codec import Pixels, decode, resized
from styles.importing.importer import keep
from styles.inference.open import open_style
from styles.inference.stylize import stylize
from styles.networks.style_unet import StyleUNet
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


def painted(upload: Path, photo: Pixels = PHOTO) -> Pixels:
    kept = upload.with_name("kept")
    keep(upload, kept, None)
    style = open_style(kept, threads=1)
    return stylize(style.session, [photo], [style.conditioning], [StyleOptions()])[0]


def require_alike(picture: Pixels, other: Pixels, levels: float = 4) -> None:
    """In the mean of the border and inside; a margin differs by some tens of levels.

    In bfloat16 random weights differ by some levels, and trained ones by a quarter of one.
    """
    difference = np.abs(picture.astype(int) - other)
    border = np.ones(difference.shape[:2], bool)
    border[8:-8, 8:-8] = False
    assert difference[border].mean() < levels
    assert difference[~border].mean() < levels


def export(network: nn.Module, file: Path) -> None:
    sides = {2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have it exported otherwise
        torch.onnx.export(
            network,
            (torch.rand(1, 3, 64, 64),),
            str(file),
            dynamo=False,
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": sides, "output": sides},
        )


def test_a_state_dict(tmp_path: Path, wanted: Pixels) -> None:
    torch.save(state_dict(), tmp_path / "upload")
    assert wanted.std() > 20
    require_alike(painted(tmp_path / "upload"), wanted)


def test_its_own_onnx(tmp_path: Path, network: TransformerNet, wanted: Pixels) -> None:
    export(network, tmp_path / "upload")
    require_alike(painted(tmp_path / "upload"), wanted)


class Shipped(nn.Module):
    """A shipped style as others export theirs: pixels in 0..1, and zeros around each convolution's input."""

    def __init__(self, name: str) -> None:
        super().__init__()
        style = style_file.read(style_file.BUILTIN / name / "weights.safetensors")
        self.net = StyleUNet(Shape.of(style.network)).to_paint()
        self.net.load_state_dict({key: torch.from_numpy(t.copy()) for key, t in style.network.items()})
        self.row = torch.from_numpy(style.row.astype(np.float32))[None]

    def forward(self, image: Tensor) -> Tensor:
        painted: Tensor = self.net(image, self.row)
        return painted


def test_trained_weights(tmp_path: Path) -> None:
    """At a size that needs no completion, every pixel is the network's own but for rounding."""
    network = Shipped("great-wave")
    export(network, tmp_path / "upload")
    photo = resized(decode((style_file.BUILTIN / "udnie" / "preview.jpg").read_bytes()), (256, 192))
    with torch.inference_mode():
        levels = network(torch.from_numpy(photo.copy()).permute(2, 0, 1)[None] / 255) * 255
    wanted = levels.round().byte()[0].permute(1, 2, 0).numpy()
    picture = painted(tmp_path / "upload", photo)
    assert wanted.std() > 20
    require_alike(picture, wanted, levels=0.5)
    assert np.abs(picture.astype(int) - wanted).max() <= 16
