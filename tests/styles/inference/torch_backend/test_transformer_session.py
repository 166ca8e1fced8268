"""The transformer-net on a device: batches, borders, and no more pixels than there is room for."""

from __future__ import annotations

import numpy as np
import pytest

from styles.contract import StyleOptions
from styles.formats.style_file import Array
from styles.imaging.codec import Pixels
from styles.inference.openvino_backend.transformer_net import OpenVinoTransformerSession
from styles.inference.session import ONE_STYLE
from styles.inference.stylize import stylize
from styles.inference.torch_backend.session import TorchTransformerSession
from tests.fakes.styles.gpus import DEVICES
from tests.fakes.styles.state_dicts import state_dict

TENSORS: dict[str, Array] = {n: t.numpy().astype(np.float16) for n, t in state_dict().items()}
Transformer = OpenVinoTransformerSession | TorchTransformerSession


def photo(height: int, width: int, seed: int = 0) -> Pixels:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def painted(session: Transformer, *photos: Pixels) -> list[Pixels]:
    return stylize(session, photos, [ONE_STYLE] * len(photos), [StyleOptions()] * len(photos))


@pytest.fixture(scope="module", params=["openvino", *DEVICES])
def session(request: pytest.FixtureRequest) -> Transformer:
    if request.param == "openvino":
        return OpenVinoTransformerSession(TENSORS, threads=1)
    return TorchTransformerSession(TENSORS, request.param)


@pytest.mark.parametrize("size", [(1, 1), (3, 70), (37, 53)])
def test_a_picture_has_the_size_of_its_photo(session: Transformer, size: tuple[int, int]) -> None:
    assert painted(session, photo(*size))[0].shape == (*size, 3)


def test_a_batch_is_what_its_photos_are_alone(session: Transformer) -> None:
    photos = [photo(24, 40, seed) for seed in range(3)]
    for together, one in zip(painted(session, *photos), photos, strict=True):
        assert np.array_equal(together, painted(session, one)[0])


def test_both_paint_the_same() -> None:
    pictures = [
        painted(session, photo(64, 128))[0].astype(int)  # a size that needs no further pixels
        for session in (OpenVinoTransformerSession(TENSORS, 1), TorchTransformerSession(TENSORS, "cpu"))
    ]
    assert np.abs(pictures[0] - pictures[1]).mean() < 3  # bfloat16 against float32
    assert pictures[0].std() > 20


def test_its_memory_is_limited_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    session = OpenVinoTransformerSession(TENSORS, 1)
    assert 3_000_000 < session.input_spec.most_pixels < 9_000_000  # type: ignore[operator]
    monkeypatch.setattr("styles.inference.openvino_backend.runtime.KEPT_PIXELS", 1000)
    first, second = (painted(session, photo(40, 60))[0] for _ in range(2))
    assert np.array_equal(first, second)
