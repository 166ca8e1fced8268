"""Describe the HTTP interface as an OpenAPI 3.1 document.

It is written by hand. tests/registry/http/test_openapi.py compares its paths with the application's routes,
and has schemathesis call the running server by it. Pages for people are not in it. Its schemas are in
registry/http/openapi_schemas.py.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus

from registry.http.openapi_schemas import (
    COUNT,
    NUMBER,
    SCHEMAS,
    SECONDS,
    SECURITY,
    STRING,
    STYLE_NAME,
    Json,
    array,
    ref,
)
from registry.http.problems import LARGEST
from registry.store.aliases import ALIAS
from registry.store.events import LONGEST_WAIT
from styles import __version__
from styles.service.problems import MEDIA_TYPE

#: Entries of the audit trail in one answer: by default, and at most.
ENTRIES, MOST_ENTRIES = 100, 1000
#: Credentials of a writer: a token, or a session with its CSRF secret. The trail needs no CSRF secret.
WRITER: list[Json] = [{"token": []}, {"session": [], "csrf": []}]
READER_OF_TRAIL: list[Json] = [{"token": []}, {"session": []}]
#: Responses by status.
Answers = dict[int, Json]
#: Headers that a problem of a status always has.
HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
#: Status of any operation while the store is busy for too long.
ANY = (503,)
WRITING = (401, 403, 429, 503)


@cache
def document() -> Json:
    """Return the whole document, cached: it must not be changed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The registry of styles",
            "version": __version__,
            "description": "Versions of styles, and the files that they are painted with.",
        },
        "paths": _paths(),
        "components": {"schemas": SCHEMAS, "securitySchemes": SECURITY},
    }


def _paths() -> Json:
    """Group the operations by path, and add the parameters of each path."""
    digest, alias = "^(sha256:)?[0-9a-f]{64}$", f"^{ALIAS.pattern}$"
    named = {"name": STRING, "alias": STRING | {"pattern": alias}, "digest": STRING | {"pattern": digest}}
    limit = NUMBER | {"maximum": MOST_ENTRIES, "default": ENTRIES}
    most = {"maximum": LARGEST}
    meaning = "an alias, or a version's number; `live` if left out"
    others = {
        "/api/styles/{name}/resolve": [_parameter("ref", STRING, meaning)],
        "/api/styles/{name}/versions": [_parameter("name", STYLE_NAME, where="path")],
        "/api/events": [
            _parameter("since", COUNT | most, "number of the last one known"),
            _parameter("wait", SECONDS | most, f"seconds; {LONGEST_WAIT:g} at most"),
        ],
        "/api/audit": [_parameter("limit", limit), _parameter("style", STRING, "of this style only")],
        "/blobs/{digest}": [_parameter("Range", STRING | {"examples": ["bytes=0-1023"]}, where="header")],
    }
    paths: Json = {}
    for key, operation in _operations().items():
        method, path = key.split()
        by_name = {name: _parameter(name, named[name], where="path") for name in re.findall(r"{(\w+)}", path)}
        by_name |= {parameter["name"]: parameter for parameter in others.get(path, ())}
        paths.setdefault(path, {"parameters": list(by_name.values())})[method] = operation
    return paths


def _operations() -> dict[str, Json]:
    """Describe every operation by its method and path."""
    resolved, ready = _json(ref("ResolvedStyle")), _json(ref("Ready"))
    created = _json(ref("Published"), "Location", status=201)
    blob: Json = {"application/octet-stream": {}, "image/jpeg": {}, "image/png": {}, "image/webp": {}}
    known = {304: _response("You have it", "ETag")}
    part = _response("The part that Range asks for", "ETag", "Content-Range", content=blob)
    file = {200: _response("All of it", "ETag", "Accept-Ranges", content=blob), 206: part} | known
    signed_in = _response("Signed in, or where a browser is told that it is not", "Location", "Set-Cookie?")
    return {
        "get /api/styles": _operation("Every style", _json(array(ref("StyleSummary")))),
        "get /api/styles/{name}": _operation("One style", _json(ref("Style")), 404),
        "delete /api/styles/{name}": _write(
            "Retire a style: its name means nothing any more", {204: _response("Retired")}, 404, 409
        ),
        "get /api/styles/{name}/resolve": _operation(
            "Which file a style means now", _json(ref("ResolvedStyle"), "ETag") | known, 404
        ),
        "get /api/events": _operation("What changed; waits for it", _json(ref("Changes")), 400),
        "get /api/audit": _write(
            "Who did what, the newest first", _json(array(ref("AuditEntry"))), 400, security=READER_OF_TRAIL
        ),
        "post /api/styles/{name}/versions": _write(
            "Publish a version: it is tried, and live at once",
            created,
            *(400, 408, 413, 415, 422, 507),
            body={"multipart/form-data": {"schema": ref("NewVersion")}},
        ),
        "put /api/styles/{name}/aliases/{alias}": _write(
            "Point an alias at a version",
            resolved,
            *(400, 404, 413, 415, 422),
            body={"application/json": {"schema": ref("Target")}},
        ),
        "post /api/styles/{name}/rollback": _write(
            "Let `live` and `previous` change places", resolved, 404, 409
        ),
        "post /api/styles/{name}/try": _operation(
            "Paint a photo, as the balancer does",
            _content("The painted picture", "image/jpeg"),
            *(404, 413, 415, 422, 429, 502, 503, 504),
            body={"image/*": {"schema": {"type": "string", "format": "binary"}}},
        ),
        "get /blobs/{digest}": _operation("A file by its SHA-256, for ever the same", file, 404, 416),
        "get /health": _operation("As /health/ready", ready),
        "get /health/live": _operation("The process answers", _json(ref("Live"))),
        "get /health/ready": _operation("The store answers too", ready),
        "get /metrics": _operation("For Prometheus, text format 0.0.4", _content("Counts", "text/plain")),
        "get /openapi.json": _operation("This document", _json({"type": "object"})),
        "get /login": _operation("The form for people", _content("A page", "text/html")),
        "post /login": _operation(
            "Open a session",
            {303: signed_in},
            *(400, 401, 403, 413, 415, 429),
            body={"application/x-www-form-urlencoded": {"schema": ref("Login")}},
        ),
        "post /logout": _operation("Close it", {303: _response("Signed out", "Location")}, 403),
    }


def _operation(summary: str, ok: Answers, *errors: int, body: Json | None = None) -> Json:
    responses = ok | {status: _problem(status) for status in sorted({*errors, *ANY})}
    operation: Json = {
        "summary": summary,
        "responses": {str(status): response for status, response in responses.items()},
    }
    return operation | ({"requestBody": {"required": True, "content": body}} if body else {})


def _write(
    summary: str, ok: Answers, *errors: int, body: Json | None = None, security: list[Json] = WRITER
) -> Json:
    """Describe an operation that needs a writer."""
    return _operation(summary, ok, *errors, *WRITING, body=body) | {"security": security}


def _problem(status: int) -> Json:
    content = {MEDIA_TYPE: {"schema": ref("Problem")}}
    return _response(HTTPStatus(status).phrase, *HEADERS.get(status, ()), content=content)


def _json(schema: Json, *headers: str, status: int = 200) -> Answers:
    content = {"application/json": {"schema": schema}}
    return {status: _response(HTTPStatus(status).phrase, *headers, content=content)}


def _content(description: str, media_type: str) -> Answers:
    return {200: _response(description, content={media_type: {}})}


def _response(description: str, *headers: str, content: Json | None = None) -> Json:
    """Describe a response. A header whose name ends with ? may be missing."""
    response: Json = {"description": description}
    if headers:
        response["headers"] = {
            name.rstrip("?"): {"schema": STRING, "required": not name.endswith("?")} for name in headers
        }
    return response | ({"content": content} if content else {})


def _parameter(name: str, schema: Json, description: str = "", *, where: str = "query") -> Json:
    described = {"description": description} if description else {}
    return {"name": name, "in": where, "required": where == "path", "schema": schema} | described
