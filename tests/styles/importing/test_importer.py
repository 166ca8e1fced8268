"""What is uploaded: kept where it is a style, refused with a sentence where it is not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from safetensors import safe_open
from safetensors.numpy import save_file
from safetensors.torch import save_file as save_torch

from styles.contract import PixelRange, StyleOptions
from styles.errors import BadCheckpoint
from styles.formats import style_file, transformer_file
from styles.importing import importer
from styles.importing.importer import keep
from styles.inference.open import open_style
from styles.inference.stylize import stylize
from tests.fakes.styles.foreign_files import EVIDENCE, HOSTILE, write_onnx, write_state_dict
from tests.fakes.styles.state_dicts import state_dict
from tests.fakes.styles.style_files import random_style, random_underpainting

#: What a refusal must say, at least.
REASONS = {
    "empty": "empty",
    "jpeg": "JPEG",
    "text": "web page",
    "tiny": "cut short",
    "keras": "Keras.*ONNX",
    "tar": "tar archive",
    "pickle with code": r"torch\.save\(model\.state_dict",
    "pickle with code in a zip": r"any program.*torch\.save\(model\.state_dict",
    "legacy pickle with code": r"any program.*torch\.save\(model\.state_dict",
    "whole module": r"Whole.*torch\.save\(model\.state_dict",
    "torchscript": "TorchScript",
    "zip bomb": "compressed",
    "overlapping zip": "more than the file",
    "a zip of photos": "no state dict",
    "tensorflow": "TensorFlow.*tf2onnx",
    "truncated zip": "cut short",
    "truncated legacy": "cut short",
    "truncated onnx": "cut short",
    "a list": "a list",
    "an empty dict": "nothing",
    "checkpoint of a training": "epoch, optimizer",
    "nan": r"res3\.conv1.*not finite",
    "infinite": r"res3\.conv1.*not finite",
    "too large for float16": "float16",
    "wrong shape": r"conv1.*\(32, 3, 9, 9\).*\(16, 3, 9, 9\)",
    "missing tensor": r"in4\.bias is missing",
    "surplus tensor": r"has no res6\.conv1",
    "whole numbers": "int64",
    "stride trick": "should have shape",
    "sparse": "sparse",
    "header bomb": "safetensors file is damaged",
    "strange safetensors": "no transformer-net",
    "onnx external data": "another file",
    "onnx hidden external data": "another file",
    "onnx custom operator": r"com\.example\.custom",
    "onnx unknown operator": "no operator Paint",
    "onnx function": "inline_local_functions",
    "onnx loop": "loop",
    "onnx two inputs": "takes image, mask",
    "onnx two outputs": "gives painted, c",
    "onnx claimed size": "more than the file can hold",
    "onnx nan": "not finite",
    "onnx grey": "colour picture",
    "onnx vector": "colour picture",
    "onnx many nodes": "20002 operators",
    "onnx garbage": "damaged",
    "onnx larger picture": "192 x 256",
    "onnx constant": "one colour",
    "onnx not finite": "not finite",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_style_is_refused_with_what_is_wrong(tmp_path: Path, name: str) -> None:
    HOSTILE[name](tmp_path / "upload")
    with pytest.raises(BadCheckpoint, match=REASONS[name]) as caught:
        keep(tmp_path / "upload", tmp_path / "kept", None)
    assert caught.value.message.endswith(".")
    assert not EVIDENCE.exists()


@pytest.mark.parametrize("told", [None, "0..1", "0..255"])
def test_a_file_of_ours_is_kept_as_it_is(tmp_path: Path, told: PixelRange | None) -> None:
    style = random_style()
    style_file.write(tmp_path / "upload", style)
    kept = keep(tmp_path / "upload", tmp_path / "kept", told)
    assert (kept.format, kept.architecture, kept.pixel_range) == ("safetensors", "style-unet", "0..1")
    assert bool(kept.notes) == (told == "0..255")
    assert (tmp_path / "kept").read_bytes() == (tmp_path / "upload").read_bytes()


def test_what_else_a_file_of_ours_says_is_not_kept(tmp_path: Path) -> None:
    style_file.write(tmp_path / "upload", random_style())
    with safe_open(tmp_path / "upload", "numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
    plain = (tmp_path / "upload").read_bytes()
    save_file(tensors, tmp_path / "upload", {"architecture": "style-unet", "file": "/home/artist/secret"})
    keep(tmp_path / "upload", tmp_path / "kept", None)
    assert (tmp_path / "kept").read_bytes() == plain


def test_a_file_of_ours_that_is_wrong_is_refused_as_ever(tmp_path: Path) -> None:
    tensors: dict[str, npt.NDArray[Any]] = {
        "row": np.zeros(3, np.float16),
        "underpainting": random_underpainting(),
    }
    save_file(tensors, tmp_path / "upload", {"architecture": "style-unet"})
    with pytest.raises(BadCheckpoint, match="does not hold this project's network"):
        keep(tmp_path / "upload", tmp_path / "kept", None)


@pytest.mark.parametrize("way", ["zip", "legacy", "safetensors", "bfloat16", "kept"])
def test_a_transformer_net_is_kept_as_float16(tmp_path: Path, way: str) -> None:
    upload, target = tmp_path / "upload", tmp_path / "kept"
    if way == "bfloat16":
        save_torch({name: tensor.bfloat16() for name, tensor in state_dict().items()}, upload)
    elif way == "safetensors":
        save_torch(dict(state_dict()), upload)
    else:
        write_state_dict(upload, legacy=way == "legacy")
    if way == "kept":
        keep(upload, tmp_path / "first", None)
        upload = tmp_path / "first"
    kept = keep(upload, target, "0..255" if way == "zip" else None)
    assert (kept.format, kept.architecture) == ("safetensors", "transformer-net")
    assert kept.pixel_range == "0..255"
    with safe_open(target, "numpy") as file:
        assert file.metadata()["architecture"] == "transformer-net"
    for name, tensor in transformer_file.read(target).items():
        wanted = state_dict()[name].numpy()
        assert np.allclose(tensor, wanted, rtol=1e-2 if way == "bfloat16" else 1e-3, atol=1e-6)


@pytest.mark.parametrize("told", ["0..1", "-1..1"])
@pytest.mark.parametrize("way", ["torch", "safetensors"])
def test_a_transformer_net_of_another_pixel_range_is_refused(
    tmp_path: Path, told: PixelRange, way: str
) -> None:
    if way == "torch":
        write_state_dict(tmp_path / "upload")
    else:
        save_torch(dict(state_dict()), tmp_path / "upload")
    with pytest.raises(BadCheckpoint, match=r"paints in 0\.\.255.*ONNX"):
        keep(tmp_path / "upload", tmp_path / "kept", told)


def test_an_onnx_network_is_kept_and_paints(tmp_path: Path) -> None:
    write_onnx(tmp_path / "style.jpg", "nhwc", (48, 64), "0..255")  # a name says nothing
    kept = keep(tmp_path / "style.jpg", tmp_path / "kept", None)
    assert (kept.format, kept.architecture, kept.pixel_range) == ("onnx", "onnx", "0..255")
    assert "found out" in kept.notes[0]
    style = open_style(tmp_path / "kept", threads=1)
    photo = np.random.default_rng(0).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    painted = stylize(style.session, [photo], [style.conditioning], [StyleOptions()])[0]
    assert painted.shape == photo.shape
    assert painted.std() > 5


def test_a_damaged_upload_never_raises_anything_else(tmp_path: Path) -> None:
    """Bytes of a torch file changed at random places; it is small, so that most are its pickle."""
    random = np.random.default_rng(0)
    torch.save({name: torch.zeros(3) for name in ("a", "b")}, tmp_path / "small")
    whole = (tmp_path / "small").read_bytes()
    for _ in range(150):
        spoilt = bytearray(whole)
        for place in random.integers(0, len(whole), 4):
            spoilt[place] = random.integers(0, 256)
        (tmp_path / "upload").write_bytes(spoilt)
        with pytest.raises(BadCheckpoint):
            keep(tmp_path / "upload", tmp_path / "kept", None)


def test_neither_torch_nor_onnx_is_loaded_for_files_of_ours(tmp_path: Path) -> None:
    style_file.write(tmp_path / "upload", random_style())
    program = (
        "import sys; from pathlib import Path; from styles.importing import importer as imports; "
        f"imports.keep(Path({str(tmp_path / 'upload')!r}), Path({str(tmp_path / 'kept')!r}), None); "
        "sys.exit('torch' in sys.modules or 'onnx' in sys.modules)"
    )
    root = Path(importer.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
