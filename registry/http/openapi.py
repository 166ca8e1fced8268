"""Describe the HTTP interface as an OpenAPI 3.1 document.

It is written by hand. tests/registry/http/test_openapi.py compares its paths with the application's routes,
and has schemathesis call the running server by it. Pages for people are not in it. Its schemas are in
registry/http/openapi_schemas.py.
"""

from __future__ import annotations

import re
from functools import cache

from registry.gallery.style_search import SORTS
from registry.http.admin.openapi import admin_operations
from registry.http.learning.balancer_client import ID, PICTURES
from registry.http.learning.openapi import LEARNING_SCHEMAS, learning_operations
from registry.http.openapi_parts import READER, operation, write
from registry.http.openapi_schemas import SCHEMAS, SECURITY, STYLE_NAME
from registry.http.problems import LARGEST
from registry.store.events import LONGEST_WAIT
from registry.store.usage import KEPT_DAYS
from registry.store.version_aliases import ALIAS
from styles import __version__
from styles.openapi import (
    COUNT,
    NUMBER,
    SECONDS,
    STRING,
    Json,
    array,
    content_answer,
    json_answer,
    parameter,
    ref,
    response,
)

#: Most styles in one answer, where a number is given at all.
MOST_STYLES = 100_000
#: Entries of the audit trail in one answer: by default, and at most.
ENTRIES, MOST_ENTRIES = 100, 1000


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
        "components": {"schemas": SCHEMAS | LEARNING_SCHEMAS, "securitySchemes": SECURITY},
    }


def _paths() -> Json:
    """Group the operations by path, and add the parameters of each path."""
    digest, alias = "^(sha256:)?[0-9a-f]{64}$", f"^{ALIAS.pattern}$"
    named = {"name": STRING, "alias": STRING | {"pattern": alias}, "digest": STRING | {"pattern": digest}}
    named |= {"person": STRING, "number": NUMBER | {"maximum": 10**15 - 1}}
    named |= {"id": STRING | {"pattern": f"^{ID.pattern}$"}, "picture": STRING | {"enum": list(PICTURES)}}
    limit = NUMBER | {"maximum": MOST_ENTRIES, "default": ENTRIES}
    most = {"maximum": LARGEST}
    meaning = "an alias, or a version's number; `live` if left out"
    others = {
        "/api/styles": [
            parameter("q", STRING, "words that name, title, artist, other names, tags and description have"),
            parameter("artist", STRING),
            parameter("tag", STRING),
            parameter("sort", {"enum": ["", "name", *SORTS]}, "by name if left out, or the best match first"),
            parameter("limit", COUNT | {"maximum": MOST_STYLES}, "styles in an answer; 0 is all"),
            parameter("page", NUMBER | {"maximum": MOST_STYLES}, "which part of the list"),
        ],
        "/api/styles/{name}/resolve": [parameter("ref", STRING, meaning)],
        "/api/styles/{name}/card": [parameter("ref", STRING, meaning)],
        "/api/styles/{name}/try": [parameter("ref", STRING, meaning)],
        "/api/styles/{name}/versions": [
            parameter("name", STYLE_NAME, where="path"),
            parameter("alias", named["alias"], "what moves to the version: `live`, or such as `staged`"),
        ],
        "/api/styles/{name}/usage": [
            parameter("days", NUMBER | {"maximum": KEPT_DAYS, "default": 30}, "the last ones")
        ],
        "/api/paintings/name": [
            parameter("name", STRING, "words"),
            parameter("address", STRING, "of the author, from the bot alone"),
            parameter("instead_of", STRING, "name that the author's style has so far"),
        ],
        "/api/authors/styles": [parameter("address", STRING, "of the author")],
        "/api/events": [
            parameter("since", COUNT | most, "number of the last one known"),
            parameter("wait", SECONDS | most, f"seconds; {LONGEST_WAIT:g} at most"),
        ],
        "/api/audit": [parameter("limit", limit), parameter("style", STRING, "of this style only")],
        "/blobs/{digest}": [
            parameter("Range", STRING | {"examples": ["bytes=0-1023"]}, where="header"),
            parameter(
                "X-Blob-Key", STRING, "of a private style's weights, as its digest has it", where="header"
            ),
        ],
    }
    paths: Json = {}
    for key, described in _operations().items():
        method, path = key.split()
        by_name = {name: parameter(name, named[name], where="path") for name in re.findall(r"{(\w+)}", path)}
        by_name |= {one["name"]: one for one in others.get(path, ())}
        paths.setdefault(path, {"parameters": list(by_name.values())})[method] = described
    return paths


def _operations() -> dict[str, Json]:
    """Describe every operation by its method and path."""
    others = admin_operations() | learning_operations()
    return _reading() | _changing() | _of_the_process() | _sessions() | others


def _reading() -> dict[str, Json]:
    """Describe the operations that change nothing."""
    blob: Json = {"application/octet-stream": {}, "image/jpeg": {}, "image/png": {}, "image/webp": {}}
    known = {304: response("You have it", "ETag")}
    part = response("The part that Range asks for", "ETag", "Content-Range", content=blob)
    file = {200: response("All of it", "ETag", "Accept-Ranges", content=blob), 206: part} | known
    return {
        "get /api/styles": operation(
            "Every style, or those that are searched",
            json_answer(array(ref("StyleSummary")), "ETag", "X-Total-Count") | known,
            400,
        ),
        "get /api/styles/{name}": operation("One style", json_answer(ref("Style")), 404),
        "get /api/styles/{name}/resolve": operation(
            "Which file a style means now", json_answer(ref("ResolvedStyle"), "ETag") | known, 404
        ),
        "get /api/styles/{name}/card": operation("The card of a version", json_answer(ref("Card")), 404),
        "post /api/check": operation(
            "What is wrong with a card, and whether there is a style of its name",
            json_answer(ref("CheckedCard")),
            *(400, 413, 415, 422),
            body={"application/json": {"schema": ref("CardToCheck")}},
        ),
        "get /api/events": operation("What changed; waits for it", json_answer(ref("Changes")), 400),
        "get /api/audit": write(
            "Who did what, the newest first", json_answer(array(ref("AuditEntry"))), 400, security=READER
        ),
        "post /api/styles/{name}/try": operation(
            "Paint a photo, as the balancer does",
            content_answer("The painted picture", "image/jpeg"),
            *(404, 413, 415, 422, 429, 502, 503, 504),
            body={"image/*": {"schema": {"type": "string", "format": "binary"}}},
        ),
        "get /blobs/{digest}": operation("A file by its SHA-256, for ever the same", file, 404, 416),
    }


def _changing() -> dict[str, Json]:
    """Describe the operations that change a style."""
    resolved, created = (
        json_answer(ref("ResolvedStyle")),
        json_answer(ref("Published"), "Location", status=201),
    )
    return {
        "delete /api/styles/{name}": write(
            "Retire a style: its name means nothing any more", {204: response("Retired")}, 404, 409
        ),
        "post /api/styles/{name}/versions": write(
            "Publish a version: it is tried, and then live, or staged under another alias",
            created,
            *(400, 408, 410, 413, 415, 422, 507),
            body={"multipart/form-data": {"schema": ref("NewVersion")}},
        ),
        "put /api/styles/{name}/aliases/{alias}": write(
            "Point an alias at a version",
            resolved,
            *(400, 404, 409, 413, 415, 422),
            body={"application/json": {"schema": ref("Target")}},
        ),
        "post /api/styles/{name}/rollback": write(
            "Let `live` and `previous` change places, if `live` is where `from` or If-Match says",
            resolved,
            *(400, 404, 409, 412, 413, 415, 422),
            body={"application/json": {"schema": ref("Leaving")}},
            needs_body=False,
        ),
    }


def _of_the_process() -> dict[str, Json]:
    """Describe the operations about the registry's process and this document."""
    ready = json_answer(ref("Ready"))
    return {
        "get /health": operation("As /health/ready", ready),
        "get /health/live": operation("The process answers", json_answer(ref("Live"))),
        "get /health/ready": operation("The store answers too", ready),
        "get /metrics": operation(
            "For Prometheus, text format 0.0.4", content_answer("Counts", "text/plain")
        ),
        "get /openapi.json": operation("This document", json_answer({"type": "object"})),
    }


def _sessions() -> dict[str, Json]:
    """Describe the operations that open and close a session of a browser."""
    signed_in = response("Signed in, or where a browser is told that it is not", "Location", "Set-Cookie?")
    return {
        "get /login": operation("The form for people", content_answer("A page", "text/html")),
        "post /login": operation(
            "Open a session",
            {303: signed_in},
            *(400, 401, 403, 413, 415, 429),
            body={"application/x-www-form-urlencoded": {"schema": ref("Login")}},
        ),
        "post /logout": operation("Close it", {303: response("Signed out", "Location")}, 403),
    }
