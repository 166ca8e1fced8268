"""Describe the balancer's HTTP interface as an OpenAPI 3.1 document.

It is written by hand. tests/runner/http/test_openapi.py compares its paths with the application's routes, and
has schemathesis call a running balancer by it. The Open Inference Protocol, below /v2, has a document of its
own: https://github.com/kserve/open-inference-protocol
"""

from __future__ import annotations

from functools import cache

from aiohttp import web

from runner.http.learning import openapi as learning_openapi
from runner.http.photo_upload import FORM
from runner.http.query import MAX_NAME
from styles import __version__
from styles.contract import MAX_PREVIEW, MAX_SIZE, MIN_SIZE
from styles.openapi import (
    COUNT,
    SECONDS,
    STRING,
    Json,
    array,
    closed,
    content_answer,
    json_answer,
    operation,
    parameter,
    ref,
    response,
)

#: Statuses of the errors of a photo.
OF_PHOTOS = (400, 404, 413, 415, 422, 429, 502, 503, 504)
#: A style's name with a version, or a blend of several by their shares.
STYLE: Json = {
    "type": "string",
    "minLength": 1,
    "maxLength": MAX_NAME,
    "examples": ["great-wave", "great-wave@staged", "great-wave:0.6,the-scream:0.4"],
}
SHORT: Json = {"type": "string", "maxLength": MAX_NAME}
SIDE: Json = {"type": "integer", "minimum": MIN_SIZE, "maximum": MAX_SIZE}
#: Options of both routes that paint, with their meaning.
OPTIONS: dict[str, tuple[Json, str]] = {
    "strength": ({"type": "number", "minimum": 0, "maximum": 1}, "how much of the style is seen"),
    "keep_colors": ({"type": "boolean"}, "the photo's colours stay"),
    "size": (SIDE, "long side in pixels"),
    "format": ({"type": "string", "enum": ["jpeg", "png"]}, "of the picture"),
    "max_bytes": ({"type": "integer", "minimum": 1024}, "the most that the picture may have"),
    "preview": (
        {"type": "integer", "minimum": MIN_SIZE, "maximum": MAX_PREVIEW},
        "long side of a second, smaller JPEG; the answer is multipart/mixed then",
    ),
    "sender": (SHORT, "on whose behalf; senders take turns"),
    "job": (SHORT, "an id: a photo that is sent twice under it is painted once"),
    "suspect": ({"type": "boolean"}, "a balancer vanished while it held this photo"),
}
#: Headers of every picture; one with a ? may be missing.
HEADERS_OF_A_PICTURE = ("X-Style-Version", "X-Runner", "Server-Timing", "traceparent", "X-Reduced-From?")
_FILE: Json = {"type": "string", "format": "binary", "minLength": 1}
_TEXTS = array(STRING)
_NUMBERS: Json = {"type": "object", "additionalProperties": COUNT}
_SCHEMAS: Json = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457. `type` names the class of the error, `title` is a sentence for people.",
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": STRING,
            "detail": STRING,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "name": STRING | {"description": "of the style that is unknown, or cannot be blended"},
            "near": _TEXTS,
            "known": _TEXTS,
            "kills": {"type": "boolean", "description": "the photo has killed runners: do not send it again"},
            "retry_after": SECONDS,
            "place": COUNT | {"description": "of the painting, behind those that wait to be learnt from"},
            "seconds_left": SECONDS | {"description": "until it would be learnt from"},
        },
        "required": ["type", "title", "status", "detail"],
        "additionalProperties": False,
    },
    "Usage": closed(
        source=STRING | {"description": "another one after each start"},
        days={"type": "object", "additionalProperties": _NUMBERS},
    ),
    "Ready": closed(ready={"type": "boolean"}, reasons=_TEXTS),
    "Live": closed(live={"type": "boolean"}),
    "Pending": closed(seconds=SECONDS),
    "Status": {
        "type": "object",
        "description": "docs/serving.md explains it.",
        "properties": {
            "version": STRING,
            "ready": {"type": "boolean"},
            "reasons": _TEXTS,
            "queued": COUNT,
            "in_flight": COUNT,
            "painted": COUNT,
            "runners": array({"type": "object"}),
            "learning": {"type": "object"},
        },
        "required": ["version", "ready", "reasons", "queued", "in_flight", "painted", "runners"],
    },
}


async def openapi(request: web.Request) -> web.Response:
    """Return the document."""
    return web.json_response(document())


@cache
def document() -> Json:
    """Return the whole document, cached: it must not be changed."""
    ready = json_answer(ref("Ready")) | json_answer(ref("Ready"), status=503)
    job = parameter("id", STRING, "the `job` with which the photo was sent", where="path")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The balancer",
            "version": __version__,
            "description": "Paints photos. https://github.com/kserve/open-inference-protocol is below /v2.",
        },
        "paths": {
            "/v1/stylize": {"post": _painting("Paint a photo in a style, or in a blend", sheet=False)},
            "/v1/sheet": {"post": _painting("Paint a photo in every style, as one picture", sheet=True)},
            "/v1/jobs/{id}": {
                "get": operation("In how many seconds a photo is painted", json_answer(ref("Pending")), 404),
                "parameters": [job],
            },
            "/v1/usage": {"get": operation("The paintings of each style by day", json_answer(ref("Usage")))},
            "/v1/status": {"get": operation("The queue and the runners", json_answer(ref("Status")))},
            "/health": {"get": operation("As /health/ready", ready)},
            "/health/live": {"get": operation("The process answers", json_answer(ref("Live")))},
            "/health/ready": {"get": operation("A photo would be painted", ready)},
            "/metrics": {"get": operation("For Prometheus", content_answer("Counts", "text/plain"))},
            **learning_openapi.paths(),
            "/openapi.json": {"get": operation("This document", json_answer({"type": "object"}))},
        },
        "components": {"schemas": _SCHEMAS | learning_openapi.SCHEMAS},
    }


def _painting(summary: str, *, sheet: bool) -> Json:
    """Describe a route that paints. In a form, options may be fields."""
    options = ({} if sheet else {"style": (STYLE, "what to paint it in")}) | OPTIONS
    fields = {name: schema for name, (schema, _) in options.items()}
    form = {"type": "object", "properties": {"photo": _FILE, **fields}, "required": ["photo"]}
    pictures: Json = {"image/jpeg": {}, "image/png": {}, "multipart/mixed": {}}
    answers = {200: response("The picture", *HEADERS_OF_A_PICTURE, content=pictures)}
    described = operation(summary, answers, *OF_PHOTOS)
    content = {"image/*": {"schema": _FILE}, FORM: {"schema": form}}
    parameters = [parameter(name, schema, meaning) for name, (schema, meaning) in options.items()]
    return described | {"parameters": parameters, "requestBody": {"required": True, "content": content}}
