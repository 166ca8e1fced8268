"""Memory counted on the graph."""

from __future__ import annotations

import numpy as np
import openvino as ov
import pytest
from openvino import opset13 as ops

from styles.errors import BadCheckpoint
from styles.inference.openvino_backend import memory_estimate
from styles.inference.openvino_backend.memory_estimate import bytes_per_pixel, folded_bytes, most_pixels


def chain(channels: int, *, height: int = -1, width: int = -1) -> ov.Model:
    """Bytes to floats, to more channels, to three, to bytes."""
    image = ops.parameter([1, height, width, 3], np.uint8)
    x = ops.transpose(ops.convert(image, np.float32), [0, 3, 1, 2])
    for sizes in ((channels, 3), (3, channels)):
        kernel = np.zeros((*sizes, 1, 1), np.float32)
        x = ops.convolution(x, kernel, [1, 1], [0, 0], [0, 0], [1, 1])
    x = ops.convert(ops.transpose(x, [0, 2, 3, 1]), np.uint8)
    return ov.Model([x], [image], "chain")


@pytest.mark.parametrize("float_bytes", [2, 4])
def test_the_widest_step_counts_with_what_it_reads(float_bytes: int) -> None:
    assert bytes_per_pixel(chain(50), float_bytes) == float_bytes * (50 + 3)
    assert bytes_per_pixel(chain(50, height=40, width=70), float_bytes) == float_bytes * (50 + 3)


def test_what_is_needed_later_stays_alive() -> None:
    image = ops.parameter([1, -1, -1, 3], np.uint8)
    first = ops.convert(image, np.float32)
    x = first
    for _ in range(5):
        x = ops.relu(x)
    model = ov.Model([ops.convert(ops.add(x, first), np.uint8)], [image], "skip")
    assert bytes_per_pixel(model, 4) == 3 * 3 * 4  # the first, what is read and what is made


def test_a_wider_network_paints_fewer_pixels() -> None:
    assert most_pixels(chain(50), 4) == int(memory_estimate.MEMORY / (53 * 4))
    assert most_pixels(chain(1000), 4) < most_pixels(chain(50), 4) / 15


def test_a_network_whose_sizes_depend_on_the_photo_is_refused() -> None:
    image = ops.parameter([1, -1, -1, 3], np.uint8)
    found = ops.non_zero(ops.convert(image, np.float32))
    model = ov.Model([found], [image], "open")
    with pytest.raises(BadCheckpoint, match="nobody can tell"):
        bytes_per_pixel(model, 4)


def counted(length: float) -> ov.Node:
    """The numbers from 0 on, float32."""
    zero, one = np.float32(0), np.float32(1)
    return ops.range(
        ops.constant(zero), ops.constant(np.float32(length)), ops.constant(one), output_type="f32"
    )


def test_what_hangs_on_no_picture_is_kept_when_it_is_used_with_one() -> None:
    image = ops.parameter([1, 8, 8, 3], np.uint8)
    x = ops.convert(image, np.float32)
    many = ops.add(counted(1000), np.float32(1))  # the range itself goes again
    most = ops.reduce_max(ops.subtract(counted(5000), np.float32(1)), ops.constant(np.int64(0)))
    model = ov.Model(
        [
            ops.add(
                ops.add(x, ops.reduce_max(ops.multiply(ops.reshape(many, [1000, 1, 1, 1], False), x), 0)),
                most,
            )
        ],
        [image],
        "folds",
    )
    assert folded_bytes(model) == 4 * (1000 + 1)
    assert folded_bytes(chain(50)) == 0


def test_a_shape_is_known_before_the_picture_where_it_is_fixed() -> None:
    for height, folded in ((8, 4 * 1 * 8 * 8 * 3), (-1, 0)):
        image = ops.parameter([1, height, 8, 3], np.uint8)
        zeros = ops.broadcast(ops.constant(np.float32(0)), ops.shape_of(image))
        model = ov.Model([ops.add(ops.convert(image, np.float32), zeros)], [image], "zeros")
        assert folded_bytes(model) == folded


def test_what_is_worked_out_in_a_branch_counts_too() -> None:
    def branched(length: float) -> ov.Model:
        image = ops.parameter([1, 8, 8, 3], np.uint8)
        x = ops.convert(image, np.float32)
        branches = []
        for work in (counted(length), counted(1)):
            given = ops.parameter([1, 8, 8, 3], np.float32)
            largest = ops.reduce_max(work, ops.constant(np.int64(0)))
            branches.append(ov.Model([ops.add(given, largest)], [given], "branch"))
        seven = ops.equal(ops.reduce_max(x, ops.constant([0, 1, 2, 3])), np.float32(7))
        choice = ops.if_op(seven.output(0))
        for set_body, branch in zip((choice.set_then_body, choice.set_else_body), branches, strict=True):
            set_body(branch)
        then, other = branches
        choice.set_input(x.output(0), then.get_parameters()[0], other.get_parameters()[0])
        painted = choice.set_output(then.get_results()[0], other.get_results()[0])
        return ov.Model([ops.convert(painted, np.uint8)], [image], "branched")

    assert bytes_per_pixel(branched(1_000_000), 4) > 4 * 1_000_000 / 64 > bytes_per_pixel(branched(10), 4)
