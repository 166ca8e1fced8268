"""Files that must never become styles: damaged, dishonest, or something else. `HOSTILE` has them by name."""

from __future__ import annotations

import copy
import os
import pickle
import tempfile
import warnings
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from tests.fakes.styles.hostile_onnx import HOSTILE_ONNX
from tests.fakes.styles.onnx_files import write_onnx
from tests.fakes.styles.state_dicts import state_dict, write_state_dict


class Evil:
    """Unpickled, it runs a command that leaves a file where the test can find it."""

    def __reduce__(self) -> tuple[Callable[..., int], tuple[str]]:
        return os.system, (f"touch {EVIDENCE}",)


#: Exists only when a hostile file has run its code.
EVIDENCE = Path(tempfile.gettempdir()) / f"code-of-a-style-file-ran-{os.getpid()}"


class Whole(nn.Module):
    """A network that is saved whole, class and all."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv1(x)  # type: ignore[no-any-return]


def _with(path: Path, change: Callable[[OrderedDict[str, Tensor]], object]) -> None:
    tensors = state_dict()
    change(tensors)
    torch.save(tensors, path)


def _put(name: str, tensor: Tensor) -> Callable[[Path], None]:
    return partial(_with, change=lambda tensors: tensors.__setitem__(name, tensor))


def _spoilt(value: float) -> Callable[[Path], None]:
    def spoil(tensors: OrderedDict[str, Tensor]) -> None:
        tensors["res3.conv1.conv2d.weight"][5, 6, 1, 1] = value

    return partial(_with, change=spoil)


def _truncated(write: Callable[[Path], object], share: float = 0.6) -> Callable[[Path], None]:
    def write_part(path: Path) -> None:
        write(path)
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * share)])

    return write_part


def _jpeg(path: Path) -> None:
    Image.new("RGB", (64, 48), "teal").save(path, "JPEG")


def _torchscript(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch would rather have it exported otherwise
        torch.jit.save(torch.jit.trace(Whole(), torch.zeros(1, 3, 8, 8)), path)  # type: ignore[no-untyped-call]


def _zipped(entries: dict[str, bytes], path: Path, *, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def _bomb(path: Path) -> None:
    entries = {"archive/data.pkl": pickle.dumps({}), "archive/data/0": bytes(200_000_000)}
    _zipped(entries, path, compression=zipfile.ZIP_DEFLATED)


def _overlapping(path: Path) -> None:
    """A thousand entries that all lie on one: 1 MB says that it is 1 GB."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}))
        archive.writestr("archive/data/0", bytes(1_000_000))
        for number in range(1, 1000):
            entry = copy.copy(archive.infolist()[1])
            entry.filename = f"archive/data/{number}"
            archive.filelist.append(entry)
        archive._didModify = True  # type: ignore[attr-defined]


def _pickle(path: Path) -> None:
    path.write_bytes(pickle.dumps(Evil()))


def _header_bomb(path: Path) -> None:
    path.write_bytes((1 << 40).to_bytes(8, "little") + b'{"__metadata__":{}}' + bytes(100))


def _strange_safetensors(path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"unet.weight": torch.zeros(3, 3)}, path)


def _saved(content: object, *, legacy: bool = False) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        torch.save(content, path, _use_new_zipfile_serialization=not legacy)

    return write


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


HOSTILE: dict[str, Callable[[Path], None]] = {
    "empty": _bytes(b""),
    "jpeg": _jpeg,
    "text": _bytes(b"<!doctype html><title>404</title>"),
    "tiny": _bytes(b"\x80\x02"),
    "keras": _bytes(b"\x89HDF\r\n\x1a\n" + bytes(500)),
    "tar": _bytes(b"storages" + bytes(249) + b"ustar\x0000" + bytes(760)),
    "pickle with code": _pickle,
    "pickle with code in a zip": _saved({"conv1.conv2d.weight": Evil()}),
    "legacy pickle with code": _saved(Evil(), legacy=True),
    "whole module": _saved(Whole()),
    "torchscript": _torchscript,
    "zip bomb": _bomb,
    "overlapping zip": _overlapping,
    "a zip of photos": partial(_zipped, {"a.jpg": b"\xff\xd8\xff"}),
    "tensorflow": partial(_zipped, {"model/saved_model.pb": b"\x08\x01", "model/variables/x": b"0"}),
    "truncated zip": _truncated(write_state_dict),
    "truncated legacy": _truncated(partial(write_state_dict, legacy=True)),
    "truncated onnx": _truncated(write_onnx),
    "a list": _saved([torch.zeros(3)]),
    "an empty dict": _saved({}),
    "checkpoint of a training": _saved({"epoch": 3, "optimizer": {"lr": 0.1}}),
    "nan": _spoilt(float("nan")),
    "infinite": _spoilt(float("inf")),
    "too large for float16": _spoilt(1e6),
    "wrong shape": _put("conv1.conv2d.weight", torch.zeros(16, 3, 9, 9)),
    "missing tensor": partial(_with, change=lambda tensors: tensors.pop("in4.bias")),
    "surplus tensor": _put("res6.conv1.conv2d.weight", torch.zeros(128, 128, 3, 3)),
    "whole numbers": _put("in1.weight", torch.ones(32, dtype=torch.int64)),
    "stride trick": _put("conv1.conv2d.weight", torch.zeros(1).expand(1_000_000, 1_000_000, 9, 9)),
    "sparse": _put("in1.weight", torch.ones(32).to_sparse()),
    "header bomb": _header_bomb,
    "strange safetensors": _strange_safetensors,
    **HOSTILE_ONNX,
}
