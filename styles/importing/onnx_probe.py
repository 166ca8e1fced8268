"""What only running an ONNX network tells. Only the trial process imports this.

    probe    -> `Traits`, and what the artist should know of them
        does the picture's size follow the photo's, or is there one size that it paints
        in which layout the picture comes
        in which range it takes and gives pixels
        does bfloat16 paint the same

The pixel range is found out by feeding a test picture in each range: the right one is that in whose scale the
answer comes. Most networks norm what they are given, so that what comes out tells more than what went in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
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
from styles.inference.openvino_backend.onnx import SCALES, Layout, Traits, build, sized
from styles.inference.openvino_backend.runtime import cpu_options, has_bfloat16

Floats: TypeAlias = npt.NDArray[np.float32]
#: Paints a picture (H, W, 3) uint8, given in a range; what comes out is as the network gives it.
Run: TypeAlias = Callable[[Pixels, PixelRange], Floats]
#: (low, high), between which nearly all values of an answer lie.
Span: TypeAlias = tuple[float, float]

#: (height, width) of test pictures: such as no side is like another.
SIZES = ((96, 128), (160, 64))
#: Photos as small as this, in pixels, must find room.
LEAST_ROOM = 256 * 256
#: Tensors that a network makes of its numbers alone may take so many bytes, and `UNPACKED` times its file's:
#: weights of int8 are four times as large as float32. They stay in every runner that has the style.
MOST_FOLDED, UNPACKED = 64 * 1024 * 1024, 4
#: Differences to float32 that bfloat16 may make, levels of 255 in the mean; the transformer-net makes 1.
BF16_LEVELS = 3.0
#: An answer this far above 1 is in levels of 255, and this far below 0 in -1..1; networks overshoot a little.
ABOVE_ONE, BELOW_NOTHING = 4.0, -0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A network that has been seen to run."""

    run: Run
    output: Layout
    size: tuple[int, int] | None  #: the only one that it paints


def probe(
    model: ov.Model, picture: ImageInput, told: PixelRange | None, size_of_file: int
) -> tuple[Traits, list[str]]:
    """What the network wants, and notes for the artist. Raises `BadCheckpoint` where it paints nothing.

    `size_of_file`: bytes.
    """
    running = _start(model, picture)
    size, notes = running.size, []
    if size:
        notes = [f"Its size is fixed: photos are painted at {size[1]}x{size[0]} and enlarged."]
    answers = _answers(running, picture)
    found, note = _pixel_range({given: _span(answer) for given, answer in answers.items()}, told)
    traits = Traits(pixel_range=found, layout=picture.layout, output=running.output, size=size)
    graph = build(model, traits)
    _require_room(graph, size)
    _require_compact(graph, size_of_file)
    if _paints_in_bfloat16(graph, answers[found], traits):
        traits = replace(traits, precision="bf16")
    return traits, [*notes, *note]


def _start(model: ov.Model, picture: ImageInput) -> Running:
    """Runs it on pictures of several sizes, or where that fails, of its own. Raises `BadCheckpoint`."""
    try:
        return _run_sizes(model, picture, None)
    except BadCheckpoint:
        if picture.size is None:
            raise
    return _run_sizes(model, picture, picture.size)


def _run_sizes(model: ov.Model, picture: ImageInput, size: tuple[int, int] | None) -> Running:
    tried = [size] if size else SIZES
    try:
        run = _runner(model, picture.layout, size)
        shapes = [run(_test_picture(size), "0..255").shape for size in tried]
    except RuntimeError as error:
        raise BadCheckpoint(
            "OpenVINO cannot run the network on a picture: it wants other sizes, an operator that OpenVINO "
            "lacks, or too much memory. Run it there to see why.",
            str(error),
        ) from error
    for output in get_args(Layout):
        if shapes == [(1, 3, *s) if output == "nchw" else (1, *s, 3) for s in tried]:
            return Running(run=run, output=output, size=size)
    gives, takes = (" x ".join(map(str, shape)) for shape in (shapes[0], tried[0]))
    raise BadCheckpoint(
        f"For a photo of {takes} pixels the network gives a tensor of {gives}. It must give a colour picture "
        "of the photo's size."
    )


def _runner(model: ov.Model, layout: Layout, size: tuple[int, int] | None) -> Run:
    """Raises RuntimeError where it cannot be compiled, and when it is run."""
    compiled = ov.Core().compile_model(sized(model, layout, size), "CPU", cpu_options(0, fast=False))
    dtype = compiled.input(0).get_element_type().to_dtype()

    def run(image: Pixels, pixel_range: PixelRange) -> Floats:
        factor, offset = SCALES[pixel_range]
        x = (image.astype(np.float32) * factor + offset).astype(dtype)
        x = x.transpose(2, 0, 1) if layout == "nchw" else x
        answer: Floats = compiled([np.ascontiguousarray(x[None])])[0].astype(np.float32)
        return answer

    return run


def _test_picture(size: tuple[int, int]) -> Pixels:
    """Smooth blots of every colour and brightness, as photos have them."""
    blots = np.random.default_rng(5).integers(0, 256, (6, 6, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(blots).resize(size[::-1], Image.Resampling.BICUBIC))


def _answers(running: Running, picture: ImageInput) -> dict[PixelRange, Floats]:
    """What comes out for each range that the test picture goes in; none where that is not finite."""
    image = _test_picture(running.size or SIZES[0])
    grey = np.full_like(image, 128)
    answers: dict[PixelRange, Floats] = {}
    for pixel_range in ("0..255",) if picture.bytes else get_args(PixelRange):
        answer = running.run(image, pixel_range)
        if np.isfinite(answer).all() and np.isfinite(running.run(grey, pixel_range)).all():
            answers[pixel_range] = answer
    if not answers:
        raise BadCheckpoint("The network gives numbers that are not finite, whatever it is given.")
    if all(answer.min() == answer.max() for answer in answers.values()):
        raise BadCheckpoint("The network paints one colour, whatever it is given.")
    return answers


def _span(answer: Floats) -> Span:
    low, high = np.percentile(answer, [1, 99])
    return float(low), float(high)


def _pixel_range(answers: dict[PixelRange, Span], told: PixelRange | None) -> tuple[PixelRange, list[str]]:
    """The range told or found out, and a note. Raises `BadCheckpoint` where they differ, or nothing fits."""
    seen = {given: _scale(*answer) for given, answer in answers.items()}
    fitting = [given for given, scale in seen.items() if given == scale]
    if told is None:
        if not fitting:
            raise BadCheckpoint(
                f"Its pixel range cannot be found out: {_described(answers)}. Set pixel range."
            )
        return fitting[0], [f"It paints in {fitting[0]}, which was found out by running it."]
    if told not in answers:
        raise BadCheckpoint(
            f"Given pixels of {told}, the network gives numbers that are not finite, or it takes whole "
            "numbers only. Leave the pixel range to be found out."
        )
    if (told == "0..255") != (seen[told] == "0..255"):  # one taken for the other is black or white
        instead = fitting[0] if fitting else seen[told]
        looks = "black" if told == "0..255" else "white"
        raise BadCheckpoint(
            f"The pixel range was set to {told}, but the network then gives {_words(answers[told])}, which "
            f"would look {looks}: set pixel range to {instead}."
        )
    if seen[told] == told:
        return told, []
    return told, [f"The pixel range was set to {told}; what comes out looks more like {seen[told]}."]


def _scale(low: float, high: float) -> PixelRange:
    """The range that values between these are most likely of."""
    if max(-low, high) > ABOVE_ONE:
        return "0..255"
    return "-1..1" if low < BELOW_NOTHING else "0..1"


def _described(answers: dict[PixelRange, Span]) -> str:
    return ", ".join(f"given {given} it gives {_words(span)}" for given, span in answers.items())


def _words(span: Span) -> str:
    return f"{span[0]:.3g} to {span[1]:.3g}"


def _require_room(graph: ov.Model, size: tuple[int, int] | None) -> None:
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


def _paints_in_bfloat16(graph: ov.Model, exact: Floats, traits: Traits) -> bool:
    """Whether it paints the test picture the same; where the processor hasn't bfloat16, nobody knows."""
    core = ov.Core()
    if not has_bfloat16(core):
        return False
    factor, offset = SCALES[traits.pixel_range]
    wanted = ((exact - offset) / factor).clip(0, 255)
    image = _test_picture(traits.size or SIZES[0])[None]
    painted = core.compile_model(graph, "CPU", cpu_options(0, fast=True))([image])[0]
    painted = painted.transpose(0, 3, 1, 2) if traits.output == "nchw" else painted
    return bool(np.abs(wanted - painted).mean() <= BF16_LEVELS)
