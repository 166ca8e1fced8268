"""The HTTP interface as an OpenAPI 3.1 document, for programs that read such.

Written by hand, as the interface is. That it is true is shown by tests/registry/http/test_openapi.py, which
compares its paths with the application's own, and has schemathesis call the running server by it. The pages
for people are not in it. What it names stands in registry/http/openapi_schemas.py.
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

#: Who may write: by a token, or by a session together with its secret of the page; and who may see the trail.
WRITER: list[Json] = [{"token": []}, {"session": [], "csrf": []}]
READER_OF_TRAIL: list[Json] = [{"token": []}, {"session": []}]
#: Answers by their status.
Answers = dict[int, Json]
#: Headers that a problem of a status has always.
HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
#: A store that is busy for too long: any call may be told so.
ANY = (503,)
WRITING = (401, 403, 429, 503)


@cache
def document() -> Json:
    """The whole document; the same every time, not to be changed."""
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
    return {
        "/api/styles": {"get": _operation("Every style", ok=_json(array(ref("StyleSummary"))))},
        "/api/styles/{name}": {
            "parameters": [_name()],
            "get": _operation("One style", ok=_json(ref("Style")), errors=(404,)),
            "delete": _operation(
                "Retire a style: its name means nothing any more",
                ok={204: _told("Retired")},
                errors=(404, 409, *WRITING),
                security=WRITER,
            ),
        },
        "/api/styles/{name}/resolve": {
            "parameters": [
                _name(),
                _query("ref", STRING, "an alias, or a version's number; `live` if left out"),
            ],
            "get": _operation(
                "Which file a style means now",
                ok={**_json(ref("ResolvedStyle"), "ETag"), 304: _told("You have it", "ETag")},
                errors=(404,),
            ),
        },
        "/api/events": {
            "parameters": [
                _query(
                    "since",
                    {"type": "integer", "minimum": 0, "maximum": LARGEST},
                    "number of the last one known",
                ),
                _query(
                    "wait",
                    {"type": "number", "minimum": 0, "maximum": LARGEST},
                    f"seconds; {LONGEST_WAIT:g} at most",
                ),
            ],
            "get": _operation("What changed; waits for it", ok=_json(ref("Changes")), errors=(400,)),
        },
        "/api/audit": {
            "parameters": [
                _query(
                    "limit", {"type": "integer", "minimum": 1, "maximum": MOST_ENTRIES, "default": ENTRIES}
                ),
                _query("style", STRING, "of this style only"),
            ],
            "get": _operation(
                "Who did what, the newest first",
                ok=_json(array(ref("AuditEntry"))),
                errors=(400, *WRITING),
                security=READER_OF_TRAIL,
            ),
        },
    }


def _versions() -> Json:
    return {
        "/api/styles/{name}/versions": {
            "parameters": [_name(STYLE_NAME)],
            "post": _operation(
                "Publish a version: it is tried, and live at once",
                ok=_json(ref("Published"), "Location", status=201),
                body={"multipart/form-data": {"schema": ref("NewVersion")}},
                errors=(400, 408, 413, 415, 422, 507, *WRITING),
                security=WRITER,
            ),
        },
        "/api/styles/{name}/aliases/{alias}": {
            "parameters": [_name(), _path("alias", {"type": "string", "pattern": f"^{ALIAS.pattern}$"})],
            "put": _operation(
                "Point an alias at a version",
                ok=_json(ref("ResolvedStyle")),
                body={"application/json": {"schema": ref("Target")}},
                errors=(400, 404, 413, 415, 422, *WRITING),
                security=WRITER,
            ),
        },
        "/api/styles/{name}/rollback": {
            "parameters": [_name()],
            "post": _operation(
                "Let `live` and `previous` change places",
                ok=_json(ref("ResolvedStyle")),
                errors=(404, 409, *WRITING),
                security=WRITER,
            ),
        },
        "/api/styles/{name}/try": {
            "parameters": [_name()],
            "post": _operation(
                "Paint a photo, as the balancer does",
                ok={200: _told("The painted picture", content={"image/jpeg": {}})},
                body={"image/*": {"schema": {"type": "string", "format": "binary"}}},
                errors=(404, 413, 415, 422, 429, 502, 503, 504),
            ),
        },
    }


def _files() -> Json:
    part = {"name": "Range", "in": "header", "schema": {"type": "string", "examples": ["bytes=0-1023"]}}
    blob: Json = {"application/octet-stream": {}, "image/jpeg": {}, "image/png": {}, "image/webp": {}}
    return {
        "/blobs/{digest}": {
            "parameters": [_path("digest", {"type": "string", "pattern": "^(sha256:)?[0-9a-f]{64}$"}), part],
            "get": _operation(
                "A file by its SHA-256, for ever the same",
                ok={
                    200: _told("All of it", "ETag", "Accept-Ranges", content=blob),
                    206: _told("The part that Range asks for", "ETag", "Content-Range", content=blob),
                    304: _told("You have it", "ETag"),
                },
                errors=(404, 416),
            ),
        },
    }


def _process() -> Json:
    live, ready = _json(ref("Live")), _json(ref("Ready"))
    return {
        "/health": {"get": _operation("As /health/ready", ok=ready)},
        "/health/live": {"get": _operation("The process answers", ok=live)},
        "/health/ready": {"get": _operation("The store answers too", ok=ready)},
        "/metrics": {
            "get": _operation(
                "For Prometheus, text format 0.0.4", ok={200: _told("Counts", content={"text/plain": {}})}
            )
        },
        "/openapi.json": {"get": _operation("This document", ok=_json({"type": "object"}))},
    }


def _logins() -> Json:
    form: Json = {"application/x-www-form-urlencoded": {"schema": ref("Login")}}
    on = {303: _told("Signed in, or where a browser is told that it is not", "Location", "Set-Cookie?")}
    return {
        "/login": {
            "get": _operation("The form for people", ok={200: _told("A page", content={"text/html": {}})}),
            "post": _operation(
                "Open a session", ok=on, body=form, errors=(400, 401, 403, 413, 415, 429, 503)
            ),
        },
        "/logout": {
            "post": _operation("Close it", ok={303: _told("Signed out", "Location")}, errors=(403, 503)),
        },
    }


def _operation(
    summary: str,
    *,
    ok: Answers,
    errors: tuple[int, ...] = (),
    body: Json | None = None,
    security: list[Json] | None = None,
) -> Json:
    responses = ok | {status: _problem(status) for status in sorted({*errors, *ANY})}
    operation: Json = {
        "summary": summary,
        "responses": {str(status): told for status, told in responses.items()},
    }
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    if security:
        operation["security"] = security
    return operation


def _problem(status: int) -> Json:
    content = {MEDIA_TYPE: {"schema": ref("Problem")}}
    return _told(HTTPStatus(status).phrase, *HEADERS.get(status, ()), content=content)


def _json(schema: Json, *headers: str, status: int = 200) -> Answers:
    content = {"application/json": {"schema": schema}}
    return {status: _told(HTTPStatus(status).phrase, *headers, content=content)}


def _told(description: str, *headers: str, content: Json | None = None) -> Json:
    """A response; a header whose name ends with ? may be missing."""
    told: Json = {"description": description}
    if headers:
        told["headers"] = {
            name.rstrip("?"): {"schema": STRING, "required": not name.endswith("?")} for name in headers
        }
    return told | ({"content": content} if content else {})


def _name(schema: Json = STRING) -> Json:
    return _path("name", schema)


def _path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str, schema: Json, description: str = "") -> Json:
    return {"name": name, "in": "query", "schema": schema} | (
        {"description": description} if description else {}
    )
