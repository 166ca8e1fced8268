"""Bake chosen values into an ONNX network that takes more than a picture.

A network of many styles takes a vector with a number for each style, or the number of one. With a constant in
the place of that input it paints one style. Only the sandboxed trial process imports this.

    7                    of one number: 7; of a vector: 1 at place 7, counted from 0, and 0 elsewhere
    3:0.5, 12:0.5        of a vector: these at their places, and 0 elsewhere
    0.2, 0, 0.8          of a vector: all of its numbers in order
    style=7; depth=0.5   of a network with several such inputs
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, ValueInfoProto, helper, numpy_helper

from styles.errors import BadCheckpoint, ValuesNeeded
from styles.importing.onnx_check import is_picture, network_inputs, sizes, type_name
from styles.service.sanitize import shown

#: Most numbers of an input; all of them have room in a form.
MOST_NUMBERS = 1024
#: Types of numbers that can be chosen.
WHOLE = (TensorProto.INT32, TensorProto.INT64, TensorProto.UINT8, TensorProto.BOOL)
KINDS = (TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, *WHOLE)
#: Operators that may lie between a style's number and the table of styles, and leave it the same number.
PASSING = ("Cast", "Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze")

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _StyleInput:
    """Describe an input beside the picture."""

    value: ValueInfoProto
    name: str
    kind: int
    numbers: int
    choices: int  #: styles of which the numbers choose one; 0: not known

    def __str__(self) -> str:
        if self.numbers > 1:
            return f"{shown(self.name)}, {self.numbers} numbers"
        return f"{shown(self.name)}, a number" + (f" from 0 to {self.choices - 1}" if self.choices else "")


def bake(model: ModelProto, text: str) -> list[str]:
    """Put constants in the place of all inputs but the picture; return notes for the artist.

    `text` has their values, "" for none. Raises `ValuesNeeded` where values are missing, and `BadCheckpoint`.
    """
    further = list(_further(model))
    if text and not further:
        raise BadCheckpoint("The network takes a picture and nothing else: leave the values out.")
    given = _by_name(text, further)
    for one in further:
        values = _typed(one, _numbers(one, given[one.name]))
        model.graph.initializer.append(numpy_helper.from_array(values, one.name))
        model.graph.input.remove(one.value)
    return [f"Baked in: {shown(name)} is {shown(values)}." for name, values in given.items()]


def _further(model: ModelProto) -> Iterator[_StyleInput]:
    """List the inputs beside the picture; none where it is not clear which the picture is."""
    inputs = network_inputs(model)
    if sum(map(is_picture, inputs)) == 1:
        yield from (_described(model, value) for value in inputs if not is_picture(value))


def _described(model: ModelProto, value: ValueInfoProto) -> _StyleInput:
    kind, numbers = value.type.tensor_type.elem_type, math.prod(_shape(value))
    if kind not in KINDS or numbers > MOST_NUMBERS or not value.type.tensor_type.HasField("shape"):
        raise BadCheckpoint(
            f"Beside the picture the network takes {shown(value.name)}, a tensor of {type_name(kind)} with "
            f"{numbers:,} numbers. Only values for up to {MOST_NUMBERS:,} numbers of a stated shape can be "
            "baked in: export the network with a constant in its place."
        )
    choices = numbers if numbers > 1 else _rows(model, value.name)
    return _StyleInput(value=value, name=value.name, kind=kind, numbers=numbers, choices=choices)


def _shape(value: ValueInfoProto) -> list[int]:
    """Return the shape with 1 for each free length, which is the batch's."""
    return [size or 1 for size in sizes(value)]


def _rows(model: ModelProto, name: str) -> int:
    """Return the rows of the table in which the network looks a style's number up; 0 where there is none."""
    tables = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    names = {name}
    for node in model.graph.node:  # each comes after those whose outputs it reads
        if not names.intersection(node.input):
            continue
        if node.op_type in PASSING:
            names.update(node.output)
        elif node.op_type == "Gather" and node.input[0] in tables:
            axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 0)
            return int(dict(enumerate(tables[node.input[0]])).get(axis, 0))
    return 0


def _by_name(text: str, further: Sequence[_StyleInput]) -> Mapping[str, str]:
    """Split the text by the inputs' names, which a single input needs not have."""
    given: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        name, equals, values = (word.strip() for word in part.rpartition("="))
        given[name if equals or len(further) > 1 else further[0].name] = values
    names = [one.name for one in further]
    takes = "; ".join(map(str, further))
    if strange := [name for name in given if name not in names]:
        which = (
            f"it has no input “{shown(strange[0])}”" if strange[0] else "each value needs its input’s name"
        )
        raise BadCheckpoint(f"Beside the picture the network takes {takes}, and {which}.")
    if any(name not in given for name in names):
        raise ValuesNeeded(
            f"Beside the picture the network takes {takes}. Say by “values” what is baked in: 7 is the "
            "eighth of its styles, 3:0.5, 12:0.5 a mixture. Each choice is published as a style of its own.",
            inputs=[
                {"name": shown(one.name)[:100], "numbers": one.numbers, "choices": one.choices}
                for one in further
            ],
        )
    return given


def _numbers(one: _StyleInput, text: str) -> Numbers:
    parts = [part for part in re.split(r"[\s,]+", text) if part]
    if one.numbers > 1 and (len(parts) == 1 or ":" in text):
        numbers = np.zeros(one.numbers)
        for part in parts:
            place, _, weight = part.partition(":")
            numbers[_place(one, _number(one, place))] = _number(one, weight or "1")
        return numbers
    numbers = np.array([_number(one, part) for part in parts])
    if len(parts) != one.numbers:
        raise BadCheckpoint(f"The network takes {one}, and {len(parts)} are given.")
    if one.choices and one.numbers == 1:
        _place(one, numbers[0])
    return numbers


def _number(one: _StyleInput, text: str) -> float:
    try:
        if math.isfinite(number := float(text)):
            return number
    except ValueError:
        pass
    raise BadCheckpoint(f"The network takes {one}, and “{shown(text)}” is no number.")


def _place(one: _StyleInput, number: float) -> int:
    if not (number.is_integer() and 0 <= number < one.choices):
        raise BadCheckpoint(
            f"{number:g} is none of its styles, which are 0 to {one.choices - 1}: it takes {one}."
        )
    return int(number)


def _typed(one: _StyleInput, numbers: Numbers) -> npt.NDArray[Any]:
    with np.errstate(over="ignore", invalid="ignore"):
        values = numbers.astype(helper.tensor_dtype_to_np_dtype(one.kind))
    if not np.isfinite(values.astype(np.float64)).all() or (
        one.kind in WHOLE and not np.array_equal(values.astype(np.float64), numbers)
    ):
        raise BadCheckpoint(
            f"The network takes {one}, of {type_name(one.kind)}, which cannot hold these values."
        )
    return values.reshape(_shape(one.value))
