"""Describe the HTTP interface as an OpenAPI 3.1 document.

It is written by hand. tests/registry/http/test_openapi.py compares its paths with the application's routes,
and has schemathesis call the running server by it. Pages for people are not in it. Its schemas are in
registry/http/openapi_schemas.py.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from importlib.metadata import version

from registry.http.manage import ENTRIES, MOST_ENTRIES
from registry.http.openapi_schemas import SCHEMAS, SECURITY, STRING, STYLE_NAME, Json, array, ref
from registry.http.problems import LARGEST
from registry.store.aliases import ALIAS
from registry.store.events import LONGEST_WAIT
from styles.service.problems import MEDIA_TYPE

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
            "version": version("mailbot"),
            "description": "Versions of styles, and the files that they are painted with.",
        },
        "paths": {**_styles(), **_versions(), **_files(), **_process(), **_logins()},
        "components": {"schemas": SCHEMAS, "securitySchemes": SECURITY},
    }


def _styles() -> Json:
    since = {"type": "integer", "minimum": 0, "maximum": LARGEST}
    wait = {"type": "number", "minimum": 0, "maximum": LARGEST}
    limit = {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": ENTRIES}
    changed: Answers = {**_json(ref("ResolvedStyle"), "ETag"), 304: _response("You have it", "ETag")}
    trail = _json(array(ref("AuditEntry")))
    return {
        "/api/styles": {"get": _operation("Every style", _json(array(ref("StyleSummary"))))},
        "/api/styles/{name}": {
            "parameters": [_path("name")],
            "get": _operation("One style", _json(ref("Style")), 404),
            "delete": _write(
                "Retire a style: its name means nothing any more", {204: _response("Retired")}, 404, 409
            ),
        },
        "/api/styles/{name}/resolve": {
            "parameters": [
                _path("name"),
                _query("ref", STRING, "an alias, or a version's number; `live` if left out"),
            ],
            "get": _operation("Which file a style means now", changed, 404),
        },
        "/api/events": {
            "parameters": [
                _query("since", since, "number of the last one known"),
                _query("wait", wait, f"seconds; {LONGEST_WAIT:g} at most"),
            ],
            "get": _operation("What changed; waits for it", _json(ref("Changes")), 400),
        },
        "/api/audit": {
            "parameters": [_query("limit", limit), _query("style", STRING, "of this style only")],
            "get": _write("Who did what, the newest first", trail, 400, security=READER_OF_TRAIL),
        },
    }


def _versions() -> Json:
    resolved = _json(ref("ResolvedStyle"))
    created = _json(ref("Published"), "Location", status=201)
    painted: Answers = {200: _response("The painted picture", content={"image/jpeg": {}})}
    photo: Json = {"image/*": {"schema": {"type": "string", "format": "binary"}}}
    form: Json = {"multipart/form-data": {"schema": ref("NewVersion")}}
    target: Json = {"application/json": {"schema": ref("Target")}}
    publishing = (400, 408, 413, 415, 422, 507)
    trying = (404, 413, 415, 422, 429, 502, 503, 504)
    return {
        "/api/styles/{name}/versions": {
            "parameters": [_path("name", STYLE_NAME)],
            "post": _write(
                "Publish a version: it is tried, and live at once", created, *publishing, body=form
            ),
        },
        "/api/styles/{name}/aliases/{alias}": {
            "parameters": [
                _path("name"),
                _path("alias", {"type": "string", "pattern": f"^{ALIAS.pattern}$"}),
            ],
            "put": _write("Point an alias at a version", resolved, 400, 404, 413, 415, 422, body=target),
        },
        "/api/styles/{name}/rollback": {
            "parameters": [_path("name")],
            "post": _write("Let `live` and `previous` change places", resolved, 404, 409),
        },
        "/api/styles/{name}/try": {
            "parameters": [_path("name")],
            "post": _operation("Paint a photo, as the balancer does", painted, *trying, body=photo),
        },
    }


def _files() -> Json:
    part = {"name": "Range", "in": "header", "schema": {"type": "string", "examples": ["bytes=0-1023"]}}
    blob: Json = {"application/octet-stream": {}, "image/jpeg": {}, "image/png": {}, "image/webp": {}}
    found: Answers = {
        200: _response("All of it", "ETag", "Accept-Ranges", content=blob),
        206: _response("The part that Range asks for", "ETag", "Content-Range", content=blob),
        304: _response("You have it", "ETag"),
    }
    return {
        "/blobs/{digest}": {
            "parameters": [_path("digest", {"type": "string", "pattern": "^(sha256:)?[0-9a-f]{64}$"}), part],
            "get": _operation("A file by its SHA-256, for ever the same", found, 404, 416),
        },
    }


def _process() -> Json:
    live, ready = _json(ref("Live")), _json(ref("Ready"))
    counts: Answers = {200: _response("Counts", content={"text/plain": {}})}
    return {
        "/health": {"get": _operation("As /health/ready", ready)},
        "/health/live": {"get": _operation("The process answers", live)},
        "/health/ready": {"get": _operation("The store answers too", ready)},
        "/metrics": {"get": _operation("For Prometheus, text format 0.0.4", counts)},
        "/openapi.json": {"get": _operation("This document", _json({"type": "object"}))},
    }


def _logins() -> Json:
    form: Json = {"application/x-www-form-urlencoded": {"schema": ref("Login")}}
    page: Answers = {200: _response("A page", content={"text/html": {}})}
    signed_in: Answers = {
        303: _response("Signed in, or where a browser is told that it is not", "Location", "Set-Cookie?")
    }
    signed_out: Answers = {303: _response("Signed out", "Location")}
    return {
        "/login": {
            "get": _operation("The form for people", page),
            "post": _operation("Open a session", signed_in, 400, 401, 403, 413, 415, 429, body=form),
        },
        "/logout": {"post": _operation("Close it", signed_out, 403)},
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


def _response(description: str, *headers: str, content: Json | None = None) -> Json:
    """Describe a response. A header whose name ends with ? may be missing."""
    response: Json = {"description": description}
    if headers:
        response["headers"] = {
            name.rstrip("?"): {"schema": STRING, "required": not name.endswith("?")} for name in headers
        }
    return response | ({"content": content} if content else {})


def _path(name: str, schema: Json = STRING) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str, schema: Json, description: str = "") -> Json:
    described = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema} | described
