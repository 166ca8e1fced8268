"""Find the traits of an ONNX network by running it. Only the sandboxed trial process imports this.

A test picture is given in each pixel range: the right range is the one of the output. Most networks normalize
their input, so that the output tells more than the input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import openvino as ov
from PIL import Image

from styles.contract import PixelRange
from styles.errors import BadCheckpoint
from styles.imaging.codec import Pixels
from styles.importing.onnx_check import ImageInput
from styles.inference.openvino_backend.memory_estimate import MEMORY, folded_bytes, most_pixels
from styles.inference.openvino_backend.onnx import LEAST, MULTIPLE, SCALES, Layout, Traits, build, sized
from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16

OutputPixels: TypeAlias = npt.NDArray[np.float32]
#: (height, width).
Size: TypeAlias = tuple[int, int]
#: Paint a picture (H, W, 3) uint8, given in a range; return the network's unchanged output.
Run: TypeAlias = Callable[[Pixels, PixelRange], OutputPixels]
#: (low, high), between which nearly all values of an output lie.
Span: TypeAlias = tuple[float, float]

#: Sizes of test pictures: all sides differ.
SIZES: tuple[Size, ...] = ((96, 128), (160, 64))
#: Multiples of sides that networks need which halve them never to four times.
MULTIPLES = (1, 2, 4, 8, 16)
#: Pixels of the smallest photo that must fit into memory.
LEAST_ROOM = 256 * 256
#: Largest folded tensors, bytes, beside `UNPACKED` times the file: weights of int8 are four times as large in
#: float32. They stay in memory in every runner that has the style.
MOST_FOLDED, UNPACKED = 64 * 1024 * 1024, 4
#: Largest difference of bfloat16 to float32, mean levels of 255; the transformer-net has 1.
BF16_LEVELS = 3.0
#: Outputs above the first are in 0..255, outputs below the second in -1..1; networks overshoot a little.
ABOVE_ONE, BELOW_ZERO = 4.0, -0.2


def probe(
    model: ov.Model, picture: ImageInput, pixel_range: PixelRange | None, size_of_file: int
) -> tuple[Traits, list[str]]:
    """Find layouts, sizes, pixel range and precision of a network; return them, and notes for the artist.

    `pixel_range` is the artist's, or None; `size_of_file` is in bytes. Raises `BadCheckpoint` where the
    network does not paint.
    """
    try:
        size = None
        run, layout = _run_sizes(model, picture, SIZES)
    except BadCheckpoint:
        if not (size := picture.size):
            raise
        run, layout = _run_sizes(model, picture, [size])
    fixed = [f"Its size is fixed: photos are painted at {size[1]}x{size[0]} and enlarged."] if size else []
    test = _test_picture(size or SIZES[0])
    outputs = _outputs(run, test, picture)
    spans = {given: _span(output) for given, output in outputs.items()}
    found, note = _pixel_range(spans, pixel_range)
    multiple = MULTIPLE if size else _multiple(run, layout)
    traits = Traits(pixel_range=found, layout=picture.layout, output=layout, size=size, multiple=multiple)
    graph = build(model, traits)
    _require_room(graph, size)
    _require_compact(graph, size_of_file)
    if _paints_in_bfloat16(graph, test, outputs[found], traits):
        traits = replace(traits, precision="bf16")
    return traits, [*fixed, *note]


def _run_sizes(model: ov.Model, picture: ImageInput, sizes: Sequence[Size]) -> tuple[Run, Layout]:
    """Run a network on several sizes, or on the only one that it takes; return it and its output's layout.

    Raises `BadCheckpoint`.
    """
    try:
        run = _runner(model, picture.layout, sizes[0] if len(sizes) == 1 else None)
        shapes = [run(_test_picture(size), "0..255").shape for size in sizes]
    except RuntimeError as error:
        raise BadCheckpoint(
            "OpenVINO cannot run the network on a picture: it wants other sizes, an operator that OpenVINO "
            "lacks, or too much memory. Run it there to see why.",
            str(error),
        ) from error
    for output in get_args(Layout):
        if shapes == [_shape(output, size) for size in sizes]:
            return run, output
    gives, takes = (" x ".join(map(str, shape)) for shape in (shapes[0], sizes[0]))
    raise BadCheckpoint(
        f"For a photo of {takes} pixels the network gives a tensor of {gives}. It must give a colour picture "
        "of the photo's size."
    )


def _multiple(run: Run, output: Layout) -> int:
    """Find the least multiple of sides that the network paints at the photo's size.

    Others are completed by mirrored pixels. They would change the statistics of its norms, and so all pixels.
    """
    for multiple in MULTIPLES:
        size = (LEAST + multiple, LEAST + 3 * multiple)
        try:
            shape = run(_test_picture(size), "0..255").shape
        except RuntimeError:  # of a network that adds tensors of two halves
            continue
        if shape == _shape(output, size):
            return multiple
    return MULTIPLE


def _shape(layout: Layout, size: Size) -> tuple[int, ...]:
    return (1, 3, *size) if layout == "nchw" else (1, *size, 3)


def _runner(model: ov.Model, layout: Layout, size: Size | None) -> Run:
    """Compile a network. Raises RuntimeError here and in running, where OpenVINO cannot run it."""
    compiled = ov.Core().compile_model(sized(model, layout, size), "CPU", cpu_options(0, fast=False))
    dtype = compiled.input(0).get_element_type().to_dtype()

    def run(image: Pixels, pixel_range: PixelRange) -> OutputPixels:
        factor, offset = SCALES[pixel_range]
        x = (image.astype(np.float32) * factor + offset).astype(dtype)
        x = x.transpose(2, 0, 1) if layout == "nchw" else x
        output: OutputPixels = compiled([np.ascontiguousarray(x[None])])[0].astype(np.float32)
        return output

    return run


def _test_picture(size: Size) -> Pixels:
    """Make smooth blots of all colours and brightnesses, like those of photos."""
    blots = np.random.default_rng(5).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(blots).resize(size[::-1], Image.Resampling.BICUBIC))


def _outputs(run: Run, image: Pixels, picture: ImageInput) -> dict[PixelRange, OutputPixels]:
    """Run the test picture in each pixel range; outputs that are not finite are left out.

    Raises `BadCheckpoint` where none is left, or where all that are left have one colour.
    """
    grey = np.full_like(image, 128)
    outputs: dict[PixelRange, OutputPixels] = {}
    for pixel_range in ("0..255",) if picture.bytes else get_args(PixelRange):
        output = run(image, pixel_range)
        if np.isfinite(output).all() and np.isfinite(run(grey, pixel_range)).all():
            outputs[pixel_range] = output
    if not outputs:
        raise BadCheckpoint("The network gives numbers that are not finite for each photo.")
    if all(output.min() == output.max() for output in outputs.values()):
        raise BadCheckpoint("The network paints one colour for every photo.")
    return outputs


def _span(output: OutputPixels) -> Span:
    low, high = np.percentile(output, [1, 99])
    return float(low), float(high)


def _pixel_range(spans: dict[PixelRange, Span], chosen: PixelRange | None) -> tuple[PixelRange, list[str]]:
    """Return the range chosen by the artist, or the one found, and a note.

    Raises `BadCheckpoint` where the two contradict each other, or no range fits.
    """
    seen = {given: _scale(*span) for given, span in spans.items()}
    fitting = [given for given, scale in seen.items() if given == scale]
    if chosen is None:
        if not fitting:
            gives = ", ".join(f"given {given} it gives {_words(span)}" for given, span in spans.items())
            raise BadCheckpoint(f"Its pixel range cannot be found out: {gives}. Set pixel range.")
        return fitting[0], [f"It paints in {fitting[0]}, which was found out by running it."]
    if chosen not in spans:
        raise BadCheckpoint(
            f"Given pixels of {chosen}, the network gives numbers that are not finite, or it takes whole "
            "numbers only. Leave the pixel range to be found out."
        )
    if (chosen == "0..255") != (seen[chosen] == "0..255"):  # the picture would be black or white
        instead = fitting[0] if fitting else seen[chosen]
        looks = "black" if chosen == "0..255" else "white"
        raise BadCheckpoint(
            f"The pixel range was set to {chosen}, but the network then gives {_words(spans[chosen])}, which "
            f"would look {looks}: set pixel range to {instead}."
        )
    if seen[chosen] == chosen:
        return chosen, []
    return chosen, [f"The pixel range was set to {chosen}; what comes out looks more like {seen[chosen]}."]


def _scale(low: float, high: float) -> PixelRange:
    """Return the most likely range of values between these."""
    if max(-low, high) > ABOVE_ONE:
        return "0..255"
    return "-1..1" if low < BELOW_ZERO else "0..1"


def _words(span: Span) -> str:
    return f"{span[0]:.3g} to {span[1]:.3g}"


def _require_room(graph: ov.Model, size: Size | None) -> None:
    room = most_pixels(graph, 4)
    if room < (size[0] * size[1] if size else LEAST_ROOM):
        raise BadCheckpoint(
            f"The network takes {MEMORY / max(1, room) / 1e3:.0f} kB of memory for each pixel, so that only "
            f"{room} pixels find room. Make it narrower, or let it work at a reduced size."
        )


def _require_compact(graph: ov.Model, size_of_file: int) -> None:
    folded = folded_bytes(graph)
    if folded > MOST_FOLDED + UNPACKED * size_of_file:
        raise BadCheckpoint(
            f"The network makes tensors of {folded >> 20} MiB that have nothing to do with the photo; "
            f"{MOST_FOLDED >> 20} MiB beyond its weights are allowed. Export it without them (Range, Expand, "
            "ConstantOfShape)."
        )


def _paints_in_bfloat16(graph: ov.Model, test: Pixels, exact: OutputPixels, traits: Traits) -> bool:
    """Return whether bfloat16 paints the same test picture; False where the processor has no bfloat16."""
    core = ov.Core()
    if not has_bfloat16(core):
        return False
    factor, offset = SCALES[traits.pixel_range]
    expected = ((exact - offset) / factor).clip(0, 255)
    painted = core.compile_model(graph, "CPU", cpu_options(0, fast=True))([test[None]])[0]
    painted = painted.transpose(0, 3, 1, 2) if traits.output == "nchw" else painted
    return bool(np.abs(expected - painted).mean() <= BF16_LEVELS)
