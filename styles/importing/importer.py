"""Convert an uploaded file of any known format into a kept file, which stands alone.

    upload                                   kept file
    safetensors of a StyleUNet               the same tensors, with the architecture as only metadata
    safetensors of a transformer-net         safetensors, float16, architecture transformer-net
    .pth, .model of a transformer-net        the same
    .onnx, image to image                    ONNX, with its traits in the metadata

The first bytes tell the format, never the name. Only the sandboxed trial process calls this: torch and onnx
read untrusted files here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.formats import style_file, transformer_file
from styles.importing import refused_formats
from styles.service.optional_libraries import require

FileFormat = Literal["safetensors", "torch", "onnx"]

#: Longest header of a safetensors file, bytes. The file begins with this length; the header is JSON.
MAX_HEADER = 1_000_000
KNOWN = "Styles are safetensors files, state dicts of torch (.pth, .model) and ONNX networks (.onnx)."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedStyle:
    """Describe the kept file that an upload was rewritten as."""

    format: str  #: `safetensors` or `onnx`
    architecture: str  #: `style-unet`, `transformer-net` or `onnx`
    pixel_range: PixelRange
    notes: tuple[str, ...] = ()  #: remarks for the artist


def keep(upload: Path, target: Path, pixel_range: PixelRange | None, values: str = "") -> ImportedStyle:
    """Check an upload and write its kept file; `pixel_range` is the artist's, or None to find it.

    `values` are for the inputs of an ONNX network beside the picture. Raises `BadCheckpoint` with the reason
    and the remedy, and `MissingExtra`.
    """
    found = file_format(upload)
    if values and found != "onnx":
        raise BadCheckpoint("Only an ONNX network with several inputs takes values: leave them out.")
    match found:
        case "safetensors" if _architecture(upload) == style_file.ARCHITECTURE:
            style_file.write(target, style_file.read(upload))  # without its other metadata
            note = "This project's network paints in 0..1; the pixel range that was set is unused."
            return ImportedStyle(
                format="safetensors",
                architecture=style_file.ARCHITECTURE,
                pixel_range="0..1",
                notes=() if pixel_range in (None, "0..1") else (note,),
            )
        case "onnx":
            require("publish", "Trying an ONNX file")
            from styles.importing import onnx_import

            traits, notes = onnx_import.keep(upload, target, pixel_range, values)
            return ImportedStyle(
                format="onnx", architecture="onnx", pixel_range=traits.pixel_range, notes=tuple(notes)
            )
        case container:
            require("gpu", "Trying a state dict of PyTorch")
            from styles.importing import torch_import

            if pixel_range not in (None, "0..255"):
                raise BadCheckpoint(
                    f"A transformer-net paints in 0..255, and the pixel range was set to {pixel_range}: "
                    "leave it to be found out. If yours was trained in another range, export it as ONNX: "
                    "torch.onnx.export(model, …)."
                )
            tensors = torch_import.read(upload) if container == "torch" else _read_safetensors(upload)
            torch_import.keep(tensors, target)
            return ImportedStyle(
                format="safetensors", architecture=transformer_file.ARCHITECTURE, pixel_range="0..255"
            )


def file_format(path: Path) -> FileFormat:
    """Recognize a file's format by its first bytes; the content is not checked.

    Raises `BadCheckpoint` if it is empty, cut short, or of no format that can hold a style.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise BadCheckpoint("The file is empty. Send it again.")
    if start[8:9] == b"{" and len(start) > 9:
        if not 2 <= int.from_bytes(start[:8], "little") <= min(MAX_HEADER, size - 8):
            raise BadCheckpoint("The safetensors file is damaged or cut short. Send it again.")
        return "safetensors"
    if what := refused_formats.what(start):
        raise BadCheckpoint(f"The file is {what}. {KNOWN}")
    if start[257:262] == b"ustar":
        raise BadCheckpoint(
            "The file is a tar archive. Unpack it first; if an old torch saved it, load it there and save it "
            "again."
        )
    if start[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        return "torch"
    if start[:1] == b"\x08":  # the first field of every ONNX file, its version
        return "onnx"
    raise BadCheckpoint(f"The file is nothing that is known here, or it is damaged. {KNOWN}")


def _read_safetensors(upload: Path) -> Any:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if upload.stat().st_size > style_file.MAX_BYTES:
        raise BadCheckpoint(f"The style file is larger than {style_file.MAX_BYTES >> 20} MiB.")
    try:
        return load_file(upload)
    except (SafetensorError, ValueError, OSError) as error:
        raise BadCheckpoint(
            "The safetensors file is damaged or cut short. Send it again.", str(error)
        ) from error


def _architecture(path: Path) -> str:
    """Read the architecture from the file's metadata; "" where it is missing."""
    with path.open("rb") as file:
        header = file.read(int.from_bytes(file.read(8), "little"))
    try:
        return str(json.loads(header).get("__metadata__", {}).get("architecture", ""))
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadCheckpoint("The safetensors file is damaged. Send it again.", str(error)) from error
