"""The network: what it keeps, and that a row is a style."""

from __future__ import annotations

import torch

from styles.formats.architecture import DETAIL_MOST, WIDE, Shape
from styles.networks.style_unet import StyleUNet, detail, normalize
from styles.networks.weight_folding import detail_kernel

TINY = Shape(quarter=8, eighth=8, sixteenth=16, half=8, inner_blocks=1)


def test_row_of_the_shipped_shape() -> None:
    assert Shape().row == 3184


def test_the_picture_keeps_its_shape_and_range() -> None:
    net = StyleUNet(TINY)
    painted = net(torch.rand(2, 3, 32, 48), net.neutral_row().repeat(2, 1))
    assert painted.shape == (2, 3, 32, 48)
    assert painted.min() >= 0
    assert painted.max() <= 1


def test_each_image_of_a_batch_gets_its_own_style() -> None:
    torch.manual_seed(0)
    net = StyleUNet(TINY).eval()
    photo = torch.rand(1, 3, 32, 32)
    rows = torch.randn(2, TINY.row)
    together = net(photo.repeat(2, 1, 1, 1), rows)
    alone = torch.cat([net(photo, rows[:1]), net(photo, rows[1:])])
    assert torch.allclose(together, alone, atol=1e-5)
    assert not torch.allclose(together[0], together[1], atol=1e-2)


def test_a_line_of_one_pixel_is_seen_in_every_style() -> None:
    torch.manual_seed(0)
    net = StyleUNet(TINY).eval()
    with_line = torch.full((1, 3, 48, 48), 0.5)
    with_line[:, :, 24] = 0.1
    painted = net(with_line, torch.randn(1, TINY.row)).mean(dim=(0, 1, 3))
    assert painted[24] < min(painted[23], painted[25]) - 0.15


def test_detail_has_neither_noise_nor_seams() -> None:
    kernel = torch.from_numpy(detail_kernel())
    even = torch.full((1, 1, 32, 32), 0.9)
    assert not detail(even + 0.005 * torch.randn_like(even).clamp(-2, 2), kernel, mirrored=True).any()
    edge = even.clone()
    edge[..., 16:] = 0.0
    assert detail(edge, kernel, mirrored=True).abs().max() == DETAIL_MOST


def test_shape_is_read_off_the_tensors() -> None:
    assert Shape.of(StyleUNet(TINY).state_dict()) == TINY
    assert Shape.of(StyleUNet().state_dict()) == Shape()
    assert Shape.of(StyleUNet(WIDE).state_dict()) == WIDE


def test_the_tensors_of_a_shape_are_those_of_the_network() -> None:
    for shape in (TINY, Shape(), Shape(scales_detail=True, quarter_blocks=2)):
        found = {name: tuple(t.shape) for name, t in StyleUNet(shape).state_dict().items()}
        assert found == shape.tensors


def test_normalize_of_a_flat_bfloat16_picture_is_finite() -> None:
    flat = torch.full((1, 2, 8, 8), 3.0, dtype=torch.bfloat16)
    ones = torch.ones(1, 2, 1, 1)
    assert torch.equal(normalize(flat, ones, ones * 0.5), torch.full_like(flat, 0.5))
