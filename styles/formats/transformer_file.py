"""Read and write kept files of the transformer-net, and define its names and shapes for every engine.

The transformer-net is the network of pytorch/examples' fast_neural_style (Johnson et al. 2016,
arXiv:1603.08155). torch saves its state dicts. `styles/importing/importer.py` makes a kept file of one:
safetensors in float16, of the same names, with `architecture` in the metadata. torch is not loaded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from styles.errors import BadCheckpoint
from styles.formats.style_file import Array, save, tensors_of
from styles.service.sanitize import shown

#: `metadata["architecture"]` of such a file.
ARCHITECTURE = "transformer-net"
#: (name, channels in, channels out, kernel side, stride) of the convolutions before and after the blocks.
DOWN = (("conv1", 3, 32, 9, 1), ("conv2", 32, 64, 3, 2), ("conv3", 64, 128, 3, 2))
UP = (("deconv1", 128, 64, 3, 1), ("deconv2", 64, 32, 3, 1), ("deconv3", 32, 3, 9, 1))
#: Residual blocks `res1` to `res5`, and their channels.
BLOCKS, BODY = 5, 128
#: Height and width must be multiples of this: two strides of 2.
STRIDE = 4
#: Shortest side, pixels: at a quarter of it the network still mirrors a border of one pixel.
LEAST = 8
#: Largest kept file that is read, bytes; they have 3.4 MB.
MAX_BYTES = 8 * 1024 * 1024


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor, by its name in pytorch/examples."""
    sizes: dict[str, tuple[int, ...]] = {}

    def convolution(name: str, channels: int, out: int, side: int, norm: str) -> None:
        sizes[f"{name}.conv2d.weight"] = (out, channels, side, side)
        sizes[f"{name}.conv2d.bias"] = (out,)
        if norm:
            sizes[f"{norm}.weight"] = sizes[f"{norm}.bias"] = (out,)

    for number, (name, channels, out, side, _) in enumerate(DOWN, 1):
        convolution(name, channels, out, side, f"in{number}")
    for block in range(1, BLOCKS + 1):
        for half in (1, 2):
            convolution(f"res{block}.conv{half}", BODY, BODY, 3, f"res{block}.in{half}")
    for number, (name, channels, out, side, _) in enumerate(UP, len(DOWN) + 1):
        convolution(name, channels, out, side, f"in{number}" if out > 3 else "")
    return sizes


def require_shapes(found: Mapping[str, tuple[int, ...]]) -> None:
    """Raise `BadCheckpoint` where tensors are missing, unknown or of another shape."""
    expected = shapes()
    wrong = ""
    if missing := [name for name in expected if name not in found]:
        wrong = f"This is no transformer-net of pytorch/examples: {_some(missing)} missing."
    elif strange := [name for name in found if name not in expected]:
        wrong = f"The transformer-net of pytorch/examples has no {_some(strange, 'or')}."
    if wrong:
        advice = "Export a network of your own as ONNX instead: torch.onnx.export(model, …)."
        raise BadCheckpoint(f"{wrong} {advice}")
    for name, shape in expected.items():
        if found[name] != shape:
            raise BadCheckpoint(
                f"The tensor {name} should have shape {shape} and has {found[name]}: only the "
                "transformer-net of 32, 64 and 128 channels is known. Export other networks as ONNX."
            )


def _some(names: list[str], word: str = "and") -> str:
    """Name the first three untrusted names and the number of the others, as the subject of a sentence."""
    first = [shown(name) for name in names[:3]]
    if len(names) > 3:
        return f"{', '.join(first)} {word} {len(names) - 3} more" + (" are" if word == "and" else "")
    return f" {word} ".join(first) + (" is" if len(first) == 1 else " are") * (word == "and")


def read(path: Path) -> dict[str, Array]:
    """Read and check the tensors of a kept file, float16. Raises `BadCheckpoint` with the reason."""
    tensors = tensors_of(path, ARCHITECTURE, MAX_BYTES)
    require_shapes({name: tensor.shape for name, tensor in tensors.items()})
    return tensors


def write(path: Path, tensors: Mapping[str, Array]) -> None:
    """Write float16 tensors as a kept file."""
    require_shapes({name: tensor.shape for name, tensor in tensors.items()})
    save(path, tensors, architecture=ARCHITECTURE, pixel_range="0..255")
