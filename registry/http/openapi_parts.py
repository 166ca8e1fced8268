"""Describe operations for registry/http/openapi.py: parameters, credentials and responses."""

from __future__ import annotations

from http import HTTPStatus

from registry.http.openapi_schemas import STRING, Json, ref
from styles.service.problems import MEDIA_TYPE

#: Credentials of a writer: a token, or a session with its CSRF secret. Reading needs no CSRF secret.
WRITER: list[Json] = [{"token": []}, {"session": [], "csrf": []}]
READER: list[Json] = [{"token": []}, {"session": []}]
#: Responses by status.
Answers = dict[int, Json]
#: Headers that a problem of a status always has.
HEADERS = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}
#: Status of any operation while the store is busy for too long.
ANY = (503,)
WRITING = (401, 403, 429, 503)


def operation(
    summary: str, ok: Answers, *errors: int, body: Json | None = None, needs_body: bool = True
) -> Json:
    """Describe an operation by its answer, and the statuses of its problems."""
    responses = ok | {status: problem(status) for status in sorted({*errors, *ANY})}
    described: Json = {
        "summary": summary,
        "responses": {str(status): answer for status, answer in responses.items()},
    }
    return described | ({"requestBody": {"required": needs_body, "content": body}} if body else {})


def write(
    summary: str,
    ok: Answers,
    *errors: int,
    body: Json | None = None,
    needs_body: bool = True,
    security: list[Json] = WRITER,
) -> Json:
    """Describe an operation that needs a writer."""
    described = operation(summary, ok, *errors, *WRITING, body=body, needs_body=needs_body)
    return described | {"security": security}


def problem(status: int) -> Json:
    """Describe the problem of a status."""
    content = {MEDIA_TYPE: {"schema": ref("Problem")}}
    return response(HTTPStatus(status).phrase, *HEADERS.get(status, ()), content=content)


def json_answer(schema: Json, *headers: str, status: int = 200) -> Answers:
    """Describe an answer in JSON."""
    content = {"application/json": {"schema": schema}}
    return {status: response(HTTPStatus(status).phrase, *headers, content=content)}


def content_answer(description: str, media_type: str) -> Answers:
    """Describe an answer of a media type."""
    return {200: response(description, content={media_type: {}})}


def response(description: str, *headers: str, content: Json | None = None) -> Json:
    """Describe a response. A header whose name ends with ? may be missing."""
    described: Json = {"description": description}
    if headers:
        described["headers"] = {
            name.rstrip("?"): {"schema": STRING, "required": not name.endswith("?")} for name in headers
        }
    return described | ({"content": content} if content else {})


def parameter(name: str, schema: Json, description: str = "", *, where: str = "query") -> Json:
    """Describe a parameter."""
    described = {"description": description} if description else {}
    return {"name": name, "in": where, "required": where == "path", "schema": schema} | described
