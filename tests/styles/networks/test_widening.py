"""A wider network begins with the picture of the narrower one, and every part of it can learn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from styles.contract import StyleOptions
from styles.formats.architecture import Shape
from styles.formats.style_file import StyleFile, read, shipped, write
from styles.imaging.codec import decode
from styles.inference.open import conditioning_of
from styles.inference.openvino_backend.session import OpenVinoSession
from styles.inference.stylize import stylize
from styles.networks.widening import WIDE, widened
from styles.training.starting_styles import network_of
from tests.fakes.styles.photos import jpeg
from tests.fakes.styles.style_files import random_style


def paint(style: StyleFile) -> npt.NDArray[np.int16]:
    session = OpenVinoSession(style.network, 1)
    (picture,) = stylize(session, [decode(jpeg(2))], [conditioning_of(style)], [StyleOptions()])
    return picture.astype(np.int16)


def test_a_wider_network_begins_with_nearly_the_same_picture(tmp_path: Path) -> None:
    narrow = read(shipped()[0].weights)
    style = widened(narrow)
    write(tmp_path / "wide.safetensors", style)
    wide = read(tmp_path / "wide.safetensors")  # it is a valid file
    shape = Shape.of(wide.network)
    assert (shape.quarter, shape.quarter_blocks) == (WIDE.quarter, WIDE.quarter_blocks)
    assert np.abs(paint(wide) - paint(narrow)).mean() < 6
    assert np.abs(paint(random_style(3)) - paint(narrow)).mean() > 20  # so much are pictures apart


def test_all_of_it_learns() -> None:
    style = widened(random_style(1))
    network = network_of(style)
    row = torch.from_numpy(style.row.astype(np.float32))[None].requires_grad_()
    network(torch.rand(1, 3, 64, 64), row).square().sum().backward()
    for parameter in (*network.parameters(), row):
        assert parameter.grad is not None
        assert bool((parameter.grad.flatten() != 0).any())


def test_a_wide_network_stays_as_it_is() -> None:
    wide = widened(random_style(1))
    assert widened(wide).base == wide.base
