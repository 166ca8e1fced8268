"""The engine: bytes to bytes, a bad photo spoils nothing, and failed batches are split."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image
from torch import OutOfMemoryError

from runner.process.engine import ALONE_BYTES, SESSION_BYTES, WEIGHTS_HELD, BatchItem, Engine, LoadedStyle
from runner.protocol.messages import PaintedPhoto
from styles.contract import StyleOptions
from styles.errors import BadCheckpoint, BadOption, ImageTooLarge, NotAnImage, Unpaintable
from styles.formats.architecture import MARGIN, STRIDE
from styles.imaging.codec import PixelBatch, decode
from styles.importing import importer
from styles.inference.input_spec import STYLE_UNET_INPUT
from styles.inference.open import conditioning_of
from styles.inference.session import Conditioning
from styles.inference.torch_backend.session import TorchSession
from tests.fakes.styles.foreign_files import write_onnx, write_state_dict
from tests.fakes.styles.gpus import Watched
from tests.fakes.styles.onnx_files import unfolding
from tests.fakes.styles.style_files import make_shipped, random_style

#: Size of a kept transformer-net.
KEPT_BYTES = 3_363_726
#: A style for sessions that paint nothing.
ANY = Conditioning(np.ones(4, np.float32))


def jpeg(width: int = 60, height: int = 40, colour: str = "orange") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine("cpu", threads=1)


@pytest.fixture(scope="module")
def styles(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[LoadedStyle]:
    folder = tmp_path_factory.mktemp("styles")
    return [engine.load(f"sha256:{n}", make_shipped(folder, f"s{n}", n).weights) for n in range(2)]


def item(style: LoadedStyle, image: bytes, **options: object) -> BatchItem:
    return BatchItem(style=style, image=image, options=StyleOptions(**options))  # type: ignore[arg-type]


def test_a_photo_comes_back_painted(engine: Engine, styles: list[LoadedStyle]) -> None:
    outcome = engine.run_batch([item(styles[0], jpeg())])[0]
    assert isinstance(outcome, PaintedPhoto)
    assert decode(outcome.image).shape == (40, 60, 3)
    assert outcome.seconds > 0


def test_png_size_and_budget_are_obeyed(engine: Engine, styles: list[LoadedStyle]) -> None:
    outcomes = engine.run_batch(
        [
            item(styles[0], jpeg(), format="png"),
            item(styles[0], jpeg(300, 200), size=100),
            item(styles[0], jpeg(300, 200), max_bytes=4_000),
        ]
    )
    images = [o.image for o in outcomes if isinstance(o, PaintedPhoto)]
    assert images[0].startswith(b"\x89PNG")
    assert decode(images[1]).shape == (67, 100, 3)
    assert len(images[2]) <= 4_000


def test_a_preview_is_a_smaller_jpeg(engine: Engine, styles: list[LoadedStyle]) -> None:
    photo = jpeg(300, 200)
    small, none = engine.run_batch([item(styles[0], photo, format="png", preview=64), item(styles[0], photo)])
    assert isinstance(small, PaintedPhoto)
    assert isinstance(none, PaintedPhoto)
    assert decode(small.preview).shape == (43, 64, 3)
    assert small.preview.startswith(b"\xff\xd8")
    assert none.preview == b""


def test_a_mix_is_between_its_styles_and_in_a_batch_with_them(
    engine: Engine, styles: list[LoadedStyle], tmp_path: Path
) -> None:
    photo = jpeg(120, 90, "teal")
    mixes = [engine.mix(styles, shares) for shares in ([1, 0], [0.75, 0.25], [0, 1])]
    outcomes = engine.run_batch([item(s, photo, format="png") for s in [*mixes, *styles]])
    first, between, last, *plain = [o.image for o in outcomes if isinstance(o, PaintedPhoto)]
    assert [first, last] == plain
    assert between not in plain


def test_options_work_with_a_mix(engine: Engine, styles: list[LoadedStyle]) -> None:
    mixed = engine.mix(styles, [0.6, 0.4])
    photo = jpeg(300, 200, "purple")
    kinds: list[dict[str, object]] = [{}, {"strength": 0.3}, {"keep_colors": True}, {"size": 100}]
    outcomes = engine.run_batch([item(mixed, photo, format="png", **options) for options in kinds])
    pictures = [decode(o.image) for o in outcomes if isinstance(o, PaintedPhoto)]
    assert [p.shape for p in pictures] == [(200, 300, 3)] * 3 + [(67, 100, 3)]
    assert len({p.tobytes() for p in pictures}) == 4
    (fitted,) = engine.run_batch([item(mixed, photo, max_bytes=4_000)])
    assert isinstance(fitted, PaintedPhoto)
    assert len(fitted.image) <= 4_000


def test_a_blend_of_two_bases_is_between_their_pictures(engine: Engine, tmp_path: Path) -> None:
    styles = [
        engine.load(f"sha256:{n}", make_shipped(tmp_path, f"s{n}", n, base_seed=n).weights) for n in (8, 9)
    ]
    photo, options = decode(jpeg()), StyleOptions(format="png")
    both = engine.paint(photo, engine.mix(styles, [0.5, 0.5]), options).astype(int)
    one, two = (engine.paint(photo, style, options).astype(int) for style in styles)
    assert np.abs(both - (one + two) / 2).mean() < 1


def test_foreign_networks_are_not_mixed_with_others(
    engine: Engine, styles: list[LoadedStyle], foreign: list[LoadedStyle]
) -> None:
    with pytest.raises(BadOption, match="own network can be blended"):
        engine.mix([foreign[0], styles[0]], [0.5, 0.5])


def test_a_painting_for_a_sheet_is_that_of_a_batch(
    engine: Engine, styles: list[LoadedStyle], foreign: list[LoadedStyle]
) -> None:
    options = StyleOptions(strength=0.7, keep_colors=True, format="png")
    for style in (styles[0], *foreign):
        (outcome,) = engine.run_batch([BatchItem(style=style, image=jpeg(), options=options)])
        assert isinstance(outcome, PaintedPhoto)
        assert np.array_equal(engine.paint(decode(jpeg()), style, options), decode(outcome.image))


def test_styles_of_one_base_share_a_session(styles: list[LoadedStyle]) -> None:
    assert styles[0].session is styles[1].session


def test_a_bad_photo_spoils_nothing(engine: Engine, styles: list[LoadedStyle]) -> None:
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    outcomes = engine.run_batch(
        [
            item(styles[0], jpeg(colour="red")),
            item(styles[0], b"no photo"),
            item(styles[1], jpeg(colour="red")),
            item(styles[1], bomb.getvalue()),
        ]
    )
    assert isinstance(outcomes[0], PaintedPhoto)
    assert isinstance(outcomes[1], NotAnImage)
    assert isinstance(outcomes[2], PaintedPhoto)
    assert isinstance(outcomes[3], ImageTooLarge)
    assert outcomes[0].image != outcomes[2].image


class Picky:
    """A session that fails on every batch with a black corner, as a broken kernel might."""

    input_spec = STYLE_UNET_INPUT

    def __init__(self) -> None:
        self.batches: list[int] = []

    def paint(self, images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        self.batches.append(len(images))
        if any(image[20, 20].max() < 5 for image in images):
            raise RuntimeError("kernel failed")
        return images


def test_a_failed_batch_is_split_down_to_the_photo_to_blame(engine: Engine) -> None:
    session = Picky()
    style = LoadedStyle(digest="sha256:p", conditioning=ANY, session=session, bytes=1)
    photos = ["red", "green", "black", "blue", "white"]
    outcomes = engine.run_batch([item(style, jpeg(colour=c)) for c in photos])
    assert [isinstance(o, PaintedPhoto) for o in outcomes] == [True, True, False, True, True]
    assert isinstance(outcomes[2], Unpaintable)
    assert session.batches[0] == 5
    assert len(session.batches) < 10  # one of them the grey picture


class Small:
    """A session with room for the grey picture only."""

    input_spec = STYLE_UNET_INPUT

    def paint(self, images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        if images.shape[1] > 200:
            raise ImageTooLarge("no room")
        return images


def test_what_the_session_says_of_a_photo_is_passed_on(engine: Engine) -> None:
    style = LoadedStyle(digest="sha256:p", conditioning=ANY, session=Small(), bytes=1)
    outcomes = engine.run_batch([item(style, jpeg(300, 300)), item(style, jpeg())])
    assert isinstance(outcomes[0], ImageTooLarge)
    assert isinstance(outcomes[1], PaintedPhoto)


class Sick:
    """A session of a device that is gone: every call fails, as after a sticky CUDA error."""

    input_spec = STYLE_UNET_INPUT

    def paint(self, images: PixelBatch, rows: np.ndarray) -> PixelBatch:
        raise RuntimeError(f"unspecified launch failure, {images.shape[1]} high")


def test_a_photo_that_a_gpu_has_no_room_for_fails_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = TorchSession(random_style(4).network, Watched(most_pixels=3 * 128 * 128))

    def no_room(channels: int, height: int, width: int) -> object:
        raise OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(session._segments, "buffer", no_room)
    style = LoadedStyle(
        digest="sha256:p", conditioning=conditioning_of(random_style(4)), session=session, bytes=1
    )
    outcomes = engine.run_batch([item(style, jpeg(300, 300)), item(style, jpeg())])
    assert isinstance(outcomes[0], Unpaintable)
    assert "no room" in outcomes[0].detail
    assert isinstance(outcomes[1], PaintedPhoto)


@pytest.mark.parametrize("photos", [1, 3])
def test_a_sick_device_is_no_fault_of_the_photos(engine: Engine, photos: int) -> None:
    style = LoadedStyle(digest="sha256:p", conditioning=ANY, session=Sick(), bytes=1)
    height = 2 * 40 + 2 * MARGIN
    with pytest.raises(RuntimeError, match=f"launch failure, {height + -height % STRIDE} high"):
        engine.run_batch([item(style, jpeg())] * photos)


def test_a_file_that_is_no_style_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no style")
    with pytest.raises(BadCheckpoint):
        engine.load("sha256:x", tmp_path / "x")


@pytest.fixture(scope="module")
def foreign(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[LoadedStyle]:
    """A transformer-net and an ONNX network."""
    folder, loaded = tmp_path_factory.mktemp("foreign"), []
    for name, write in (("net", write_state_dict), ("onnx", write_onnx)):
        write(folder / "upload")
        importer.keep(folder / "upload", folder / name, None)
        loaded.append(engine.load(f"sha256:{name}", folder / name))
    return loaded


def test_styles_of_all_kinds_are_painted_in_one_batch(
    engine: Engine, styles: list[LoadedStyle], foreign: list[LoadedStyle]
) -> None:
    items = [item(style, jpeg(colour="teal"), format="png") for style in [*foreign, styles[0], *foreign]]
    outcomes = engine.run_batch(items)
    assert [decode(o.image).shape for o in outcomes if isinstance(o, PaintedPhoto)] == [(40, 60, 3)] * 5
    pictures = [o.image for o in outcomes if isinstance(o, PaintedPhoto)]
    assert pictures[:2] == pictures[3:]
    assert len(set(pictures)) == 3


def test_styles_of_one_base_count_it_once(styles: list[LoadedStyle]) -> None:
    assert [style.bytes for style in styles] == [style.conditioning.nbytes for style in styles]
    assert styles[0].shared == styles[1].shared == (styles[0].session, SESSION_BYTES)


def test_networks_of_their_own_count_with_their_weights(foreign: list[LoadedStyle]) -> None:
    net, onnx = foreign
    assert net.bytes == ALONE_BYTES + WEIGHTS_HELD * KEPT_BYTES
    assert ALONE_BYTES < onnx.bytes < ALONE_BYTES + 10_000


def test_what_a_network_makes_when_it_is_compiled_counts(engine: Engine, tmp_path: Path) -> None:
    onnx.save_model(unfolding(1_000_000, None), tmp_path / "upload")
    importer.keep(tmp_path / "upload", tmp_path / "kept", None)
    loaded = engine.load("sha256:unfolding", tmp_path / "kept")
    assert ALONE_BYTES + 4_000_000 < loaded.bytes < ALONE_BYTES + 4_010_000


def test_options_work_with_every_network(engine: Engine, foreign: list[LoadedStyle]) -> None:
    photo = jpeg(300, 200, "purple")
    for style in foreign:
        kinds: list[dict[str, object]] = [{}, {"strength": 0.3}, {"keep_colors": True}, {"size": 100}]
        outcomes = engine.run_batch([item(style, photo, format="png", **options) for options in kinds])
        pictures = [decode(o.image) for o in outcomes if isinstance(o, PaintedPhoto)]
        assert [p.shape for p in pictures] == [(200, 300, 3)] * 3 + [(67, 100, 3)]
        assert len({p.tobytes() for p in pictures}) == 4


def test_networks_take_turns_within_an_engine(
    engine: Engine, foreign: list[LoadedStyle], tmp_path: Path
) -> None:
    """Whichever painted last keeps its memory; another engine's have turns of their own."""
    weights = make_shipped(tmp_path, "a", 1).weights
    ours = [*foreign, engine.load("sha256:a", weights)]
    other = Engine("cpu", threads=1).load("sha256:a", weights)
    turns = [vars(style.session)["_active_model"] for style in (*ours, other)]
    assert len(set(turns[:-1])) == 1
    assert len(set(turns)) == 2


def test_a_session_is_freed_with_its_last_style(tmp_path: Path) -> None:
    engine = Engine("cpu", threads=1)
    style = engine.load("sha256:a", make_shipped(tmp_path, "a", 1).weights)
    assert len(engine._sessions) == 1
    del style
    assert not engine._sessions


def test_a_device_that_is_not_there_is_no_engine() -> None:
    with pytest.raises(BadOption, match=r"There is no cuda:99 here"):
        Engine("cuda:99")
