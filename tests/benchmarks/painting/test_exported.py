"""What the benchmarks give to other engines is our network, and paints our picture."""

from __future__ import annotations

import numpy as np
import torch

from benchmarks.painting.exported import Plain
from styles.formats import style_file
from styles.formats.architecture import Shape
from styles.networks.style_unet import StyleUNet


def test_it_paints_what_our_network_paints() -> None:
    style = style_file.read(style_file.shipped()[0].weights)
    net = StyleUNet(Shape.of(style.network)).to_paint()
    net.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in style.network.items()})
    image = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (1, 384, 384, 3), np.uint8))
    row = torch.from_numpy(style.row.astype(np.float32))[None]
    wanted = net(image.permute(0, 3, 1, 2) / 255, row).permute(0, 2, 3, 1) * 255
    different = (Plain(style)(image).float() - wanted).abs()[:, 96:-96, 96:-96]
    assert different.mean() < 1.5  # levels; the margins differ, and with them the norms
