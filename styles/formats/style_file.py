"""Read and write style files: safetensors whose names, shapes and numbers are all checked.

A style file stands alone: it holds the base network as `network.*` and the style's row as `row`, both in
float16, and the forms of its painting as `underpainting`, in bytes. The digest of the base is always computed
from the tensors, so that styles share a base exactly when their digests are equal. torch is not loaded here,
since the registry reads these files too.

    BUILTIN/NAME/style.toml            the card
                 weights.safetensors   the style file
                 preview.jpg           a photo painted in it
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as save_bytes
from safetensors.numpy import save_file

from styles.contract import Card
from styles.errors import BadCheckpoint
from styles.formats.architecture import Shape
from styles.service.sanitize import shown

#: The shipped styles.
BUILTIN = Path(__file__).parent.parent / "builtin"
#: `metadata["architecture"]` of a style file.
ARCHITECTURE = "style-unet"
#: Architecture of the network before, whose files are refused.
FORMER_ARCHITECTURE = "stylenet"
#: First byte of ONNX files: the number of their first field, the version. Safetensors begin with the length
#: of a header, whose first character is the ninth byte.
ONNX_START = b"\x08"
#: Tensor that holds the forms of the painting, and its shape: levels around 128.
UNDERPAINTING, KEPT_SHAPE = "underpainting", (512, 512, 3)
#: Level of an underpainting that changes nothing.
NEUTRAL = 128
#: Access mode of a style file.
READABLE = 0o644
#: Largest style file that is read, bytes; the shipped ones have 3.5 to 3.7 MB.
MAX_BYTES = 64 * 1024 * 1024
#: Largest network that is read; the shipped ones have at most 128 channels and 7 blocks.
MAX_CHANNELS, MAX_BLOCKS = 512, 32

Array = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleFile:
    """Hold the content of a style file."""

    network: Mapping[str, Array]  #: the base's tensors by parameter name
    row: Array  #: (R,)
    underpainting: npt.NDArray[np.uint8]  #: (KEPT_SIDE, KEPT_SIDE, 3): see `styles/imaging/underpainting.py`

    @property
    def base(self) -> str:
        """Return `sha256:…` over the names, shapes and numbers of the base."""
        digest = hashlib.sha256()
        for name in sorted(self.network):
            tensor = np.ascontiguousarray(self.network[name], dtype="<f2")
            digest.update(f"{name} {tensor.shape}\n".encode())
            digest.update(tensor.tobytes())
        return f"sha256:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedStyle:
    """Hold a style's card, and the paths of its files."""

    card: Card
    weights: Path
    preview: Path


def architecture_of(path: Path) -> str:
    """Recognize a kept file: `style-unet`, `transformer-net` or `onnx`. Raises `BadCheckpoint`."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
        if start[:1] == ONNX_START and start[8:] != b"{":
            return "onnx"
        with safe_open(path, "numpy") as file:
            return str((file.metadata() or {}).get("architecture", ""))
    except (OSError, SafetensorError, ValueError, TypeError) as error:
        raise BadCheckpoint("The style file is neither safetensors nor ONNX.", str(error)) from error


def read(path: Path) -> StyleFile:
    """Read and check a style file. Raises `BadCheckpoint` with the reason."""
    tensors = tensors_of(path, ARCHITECTURE, MAX_BYTES, of_bytes=(UNDERPAINTING,))
    row, underpainting = tensors.pop("row", None), tensors.pop(UNDERPAINTING, None)
    if row is None or row.ndim != 1:
        raise BadCheckpoint("The style file has no tensor `row` of one dimension.")
    if underpainting is None:  # of an earlier release: it is painted without forms
        underpainting = np.full(KEPT_SHAPE, NEUTRAL, np.uint8)
    if underpainting.shape != KEPT_SHAPE:
        raise BadCheckpoint(
            f"The tensor `underpainting` should have shape {KEPT_SHAPE} and has {underpainting.shape}."
        )
    if strange := [shown(name) for name in tensors if not name.startswith("network.")]:
        raise BadCheckpoint(f"The style file has tensors that do not belong there: {', '.join(strange[:5])}.")
    network = {name.removeprefix("network."): tensor for name, tensor in tensors.items()}
    shape = Shape.of(network)
    blocks = 2 * shape.outer_blocks + shape.inner_blocks + shape.quarter_blocks
    if max(shape.norms) > MAX_CHANNELS or blocks > MAX_BLOCKS or not shape.inner_blocks:
        most = f"{MAX_CHANNELS} channels and {MAX_BLOCKS} blocks"
        raise BadCheckpoint(f"The style's network is too large: {shape}. It may have {most}.")
    if shape.half % 4 or not min(shape.norms):  # its channels become those of 2x2 pixels
        raise BadCheckpoint(
            f"The style's network has impossible sizes: {shape}. `half` must be a multiple of 4, and each "
            "level must have channels."
        )
    expected: dict[str, tuple[int, ...]] = {"row": (shape.row,), **shape.tensors}
    found = {"row": row.shape, **{name: tensor.shape for name, tensor in network.items()}}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise BadCheckpoint(
                f"The tensor {shown(name)} should have shape {expected.get(name)} and has {found.get(name)}."
            )
    return StyleFile(network=network, row=row, underpainting=underpainting)


def tensors_of(
    path: Path, architecture: str, max_bytes: int, of_bytes: Container[str] = ()
) -> dict[str, Any]:
    """Read the tensors of a kept file of that architecture: finite float16 of any names and shapes.

    Those named in `of_bytes` are uint8. Raises `BadCheckpoint`.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise BadCheckpoint(f"The style file is larger than {max_bytes >> 20} MiB.")
        with safe_open(path, "numpy") as file:
            found = (file.metadata() or {}).get("architecture")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
    except (OSError, SafetensorError, ValueError, TypeError, AttributeError) as error:
        # The last one is of types that numpy lacks: those of 8 or 4 bits.
        raise BadCheckpoint("The style file is no safetensors file.", str(error)) from error
    if found == FORMER_ARCHITECTURE:
        raise BadCheckpoint(
            "The style file holds the network of an earlier release, which is no longer painted with: "
            "train the style again with `styles train` or `styles learn`."
        )
    if found != architecture:
        raise BadCheckpoint(f"The style file's architecture is {found!r}, not {architecture!r}.")
    for name, tensor in tensors.items():
        wanted = np.dtype(np.uint8 if name in of_bytes else np.float16)
        if tensor.dtype != wanted:
            raise BadCheckpoint(f"The tensor {shown(name)} is {tensor.dtype}, not {wanted}.")
        if not np.isfinite(tensor).all():
            raise BadCheckpoint(f"The tensor {shown(name)} holds numbers that are not finite.")
    return tensors


def write(path: Path, style: StyleFile) -> None:
    """Write a style file."""
    save(path, _tensors(style), architecture=ARCHITECTURE)


def to_bytes(style: StyleFile) -> bytes:
    """Return a style file's content, for a process that may write no file."""
    return save_bytes(_tensors(style), {"architecture": ARCHITECTURE})


def _tensors(style: StyleFile) -> dict[str, npt.NDArray[Any]]:
    tensors: dict[str, npt.NDArray[Any]] = {
        f"network.{name}": np.ascontiguousarray(t) for name, t in style.network.items()
    }
    others = {"row": style.row, UNDERPAINTING: style.underpainting}
    return tensors | {name: np.ascontiguousarray(tensor) for name, tensor in others.items()}


def save(path: Path, tensors: Mapping[str, npt.NDArray[Any]], **metadata: str) -> None:
    """Write a kept file beside the old one, then replace that."""
    temporary = path.with_name(path.name + ".partial")
    save_file(dict(tensors), temporary, metadata)
    temporary.chmod(READABLE)  # safetensors makes files for their owner alone; a registry may be another
    temporary.replace(path)


def write_card(path: Path, card: Card) -> None:
    """Write a card as TOML. It has only strings, whose JSON form is TOML too."""
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in asdict(card).items()]
    path.write_text("".join(lines), encoding="utf-8")


def shipped(folder: Path = BUILTIN) -> list[ShippedStyle]:
    """List the styles below a folder, by name."""
    return [
        ShippedStyle(
            card=Card.from_mapping(tomllib.loads(file.read_text(encoding="utf-8"))),
            weights=file.parent / "weights.safetensors",
            preview=file.parent / "preview.jpg",
        )
        for file in sorted(folder.glob("*/style.toml"))
    ]
