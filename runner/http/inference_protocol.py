"""Serve the Open Inference Protocol v2, so that the clients of KServe and Triton have photos painted.

    GET  /v2/health/live, /v2/health/ready     whether the process runs, and whether a photo would be painted
    GET  /v2                                   name, version and extensions of this server
    GET  /v2/models/NAME, …/NAME/ready         inputs and outputs of a model
    POST /v2/models/NAME/infer                 photos in, pictures out

A model is what `style` of /v1/stylize may be; `/versions/VERSION` may follow it. The elements of the input
`photo` and of the output `picture` are files, of the type BYTES. By the binary data extension they come as
they are, and in JSON as base64. The parameters of a request are options of /v1/stylize. An error is
`{"error": SENTENCE}`. Source: https://github.com/kserve/open-inference-protocol
"""

from __future__ import annotations

import asyncio
import math
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from aiohttp import web

from runner.balancer.render_plan import find
from runner.http import photo_upload, query
from runner.http.app_keys import BALANCER, RESOLVER
from runner.http.painting import painted
from runner.http.status import unready
from styles import __version__
from styles.contract import StyleJob, StyleResult
from styles.errors import BadOption, BalancerUnavailable, NotAnImage
from styles.service.logs import trace_or_new, tracing

INPUT, OUTPUT, BYTES = "photo", "picture", "BYTES"
#: Header with the number of bytes of the JSON, behind which binary tensors follow.
JSON_BYTES = "Inference-Header-Content-Length"
#: Most photos of a request; a batch of small ones has as many.
MOST_PHOTOS = 16
#: Options of /v1/stylize that are parameters here. The others are for the bot.
OPTIONS = ("strength", "keep_colors", "size", "format", "max_bytes", "sender")
#: Bytes of an element, in front of it in a binary tensor.
_LENGTH = struct.Struct("<I")


class TensorHeader(msgspec.Struct):
    """Hold an input of a request, or the output that it asks for."""

    name: str
    datatype: str = ""
    shape: list[int] = []
    parameters: dict[str, Any] = {}
    data: list[str] = []


class InferenceRequest(msgspec.Struct):
    """Hold the JSON of a request."""

    inputs: list[TensorHeader]
    id: str = ""
    parameters: dict[str, Any] = {}
    outputs: list[TensorHeader] = []


def routes() -> list[web.RouteDef]:
    """List the routes."""
    found = [web.get("/v2", server), web.get("/v2/health/live", live), web.get("/v2/health/ready", ready)]
    for model in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
        found += [web.get(model, describe), web.get(f"{model}/ready", model_ready)]
        found += [web.post(f"{model}/infer", infer)]
    return found


async def server(request: web.Request) -> web.Response:
    """Return name, version and extensions."""
    about = {"name": "mail-painter", "version": __version__, "extensions": ["binary_tensor_data"]}
    return web.json_response(about)


async def live(request: web.Request) -> web.Response:
    """Report that the process runs."""
    return web.json_response({"live": True})


async def ready(request: web.Request) -> web.Response:
    """Report whether a photo would be painted now."""
    _require_ready(request)
    return web.json_response({"ready": True})


async def model_ready(request: web.Request) -> web.Response:
    """Report whether a photo would be painted in this style now."""
    _require_ready(request)
    await _version(request)
    return web.json_response({"name": request.match_info["name"], "ready": True})


async def describe(request: web.Request) -> web.Response:
    """Return the inputs and outputs of a model, which are those of every model."""
    names = {"name": request.match_info["name"], "versions": [await _version(request)]}
    inputs, outputs = ([{"name": name, "datatype": BYTES, "shape": [-1]}] for name in (INPUT, OUTPUT))
    return web.json_response({**names, "platform": "mail-painter", "inputs": inputs, "outputs": outputs})


async def infer(request: web.Request) -> web.Response:
    """Paint the photos of a request at once. If one cannot be painted, its error is the answer."""
    balancer, sender = request.app[BALANCER], request.remote or ""
    with balancer.stats.counting():
        with balancer.receiving(sender, photo_upload.announced(request)) as need:
            body = await photo_upload.body(request, need)
        asked, photos = await asyncio.to_thread(_read, body, request.headers.get(JSON_BYTES, ""))
        job = _job(asked, _style(request))
    trace = trace_or_new(request.headers)
    jobs = [replace(job, image=photo, sender=job.sender or sender, trace=trace) for photo in photos]
    with tracing(trace):
        results = await asyncio.gather(*[painted(request, job) for job in jobs])
    return await asyncio.to_thread(_answer, request.match_info["name"], asked, results)


def _require_ready(request: web.Request) -> None:
    """Raise `BalancerUnavailable` if no photo would be painted now."""
    if reasons := unready(request.app[BALANCER], request.app[RESOLVER]):
        raise BalancerUnavailable(", ".join(reasons))


def _style(request: web.Request) -> str:
    return "@".join(filter(None, (request.match_info["name"], request.match_info.get("version"))))


async def _version(request: web.Request) -> str:
    """Return the version that a model means now. Raises `UnknownStyle` and `BadOption`."""
    plan = await find(StyleJob(id="", style=_style(request), image=b""), request.app[RESOLVER])
    return str(plan.version)


def _read(body: bytes, json_bytes: str) -> tuple[InferenceRequest, list[bytes]]:
    """Return a request and its photos. Raises `BadOption`, and `NotAnImage` for an empty photo."""
    if json_bytes and not (json_bytes[:12].isdecimal() and int(json_bytes[:12]) <= len(body)):
        raise BadOption(f"{JSON_BYTES} must be the number of bytes of the JSON, not {json_bytes[:20]!r}.")
    size = int(json_bytes[:12] or len(body))
    try:
        asked = msgspec.json.decode(body[:size], type=InferenceRequest)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadOption(f"The request cannot be read: {str(error)[:200]}.") from error
    for tensor in asked.inputs[:1]:
        photos = list(_unpacked(body[size:]) if "binary_data_size" in tensor.parameters else _decoded(tensor))
        if not all(photos):
            raise NotAnImage("an element is empty")
        is_right = (tensor.name, tensor.datatype) == (INPUT, BYTES) and len(asked.inputs) == 1
        if is_right and 1 <= len(photos) == math.prod(tensor.shape) <= MOST_PHOTOS:
            return asked, photos
    raise BadOption(f"There is one input, {INPUT}, with 1 to {MOST_PHOTOS} elements of the type {BYTES}.")


def _unpacked(tensor: bytes) -> Iterator[bytes]:
    """Return the elements of a binary tensor, one more than allowed at most. Raises `BadOption`."""
    at = 0
    for _ in range(MOST_PHOTOS + 1):
        if at == len(tensor):
            return
        start = at + _LENGTH.size
        at = start + _LENGTH.unpack(tensor[at:start].ljust(_LENGTH.size, b"\xff"))[0]
        if at > len(tensor):
            raise BadOption(f"The input {INPUT} ends within an element.")
        yield tensor[start:at]


def _decoded(tensor: TensorHeader) -> Iterator[bytes]:
    try:
        yield from (b64decode(element, validate=True) for element in tensor.data[: MOST_PHOTOS + 1])
    except ValueError as error:
        raise BadOption("In JSON each photo is base64.") from error


def _job(asked: InferenceRequest, style: str) -> StyleJob:
    """Return the job of a request, without a photo. Raises `BadOption`."""
    options = {name: str(value) for name, value in asked.parameters.items() if name != "binary_data_output"}
    if strange := [name for name in options if name not in OPTIONS]:
        raise BadOption(f"Nobody knows the option {strange[0][:40]}; there are {', '.join(OPTIONS)}.")
    if any(wanted.name != OUTPUT for wanted in asked.outputs):
        raise BadOption(f"There is one output, {OUTPUT}.")
    return query.read({**options, "style": style, "job": asked.id})


def _answer(model: str, asked: InferenceRequest, results: Sequence[StyleResult]) -> web.Response:
    """Return the pictures as the request wants them."""
    output: dict[str, Any] = {"name": OUTPUT, "datatype": BYTES, "shape": asked.inputs[0].shape}
    answer = {"model_name": model, "model_version": str(results[0].version), "id": asked.id}
    wanted = asked.outputs[0].parameters if asked.outputs else {}
    if not wanted.get("binary_data", asked.parameters.get("binary_data_output")):
        pictures = [b64encode(result.image).decode("ascii") for result in results]
        return web.json_response({**answer, "outputs": [{**output, "data": pictures}]})
    tensor = b"".join(_LENGTH.pack(len(each.image)) + each.image for each in results)
    output["parameters"] = {"binary_data_size": len(tensor)}
    header = msgspec.json.encode({**answer, "outputs": [output]})
    headers = {JSON_BYTES: str(len(header)), "Content-Type": "application/octet-stream"}
    return web.Response(body=header + tensor, headers=headers)
