"""Describe HTTP interfaces in OpenAPI 3.1: the parts that the documents of balancer and registry share.

Each document names a schema `Problem`, and has the others that it refers to.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from styles.service.problems import MEDIA_TYPE

Json = dict[str, Any]
#: Responses by status.
Answers = dict[int, Json]

STRING: Json = {"type": "string"}
COUNT: Json = {"type": "integer", "minimum": 0}
NUMBER: Json = {"type": "integer", "minimum": 1}
SECONDS: Json = {"type": "number", "minimum": 0}
#: Headers that a problem of a status always has.
HEADERS: Mapping[int, tuple[str, ...]] = {401: ("WWW-Authenticate",), 429: ("Retry-After",)}


def closed(**properties: Json) -> Json:
    """Describe an object with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def optional(properties: Json) -> Json:
    """Describe an object with any of these properties and no others."""
    return {"type": "object", "properties": properties, "additionalProperties": False}


def array(items: Json) -> Json:
    """Describe a list."""
    return {"type": "array", "items": items}


def ref(name: str) -> Json:
    """Refer to a schema of the document."""
    return {"$ref": f"#/components/schemas/{name}"}


def problem(status: int) -> Json:
    """Describe the problem of a status."""
    content = {MEDIA_TYPE: {"schema": ref("Problem")}}
    return response(HTTPStatus(status).phrase, *HEADERS.get(status, ()), content=content)


def json_answer(schema: Json, *headers: str, status: int = 200) -> Answers:
    """Describe an answer in JSON."""
    content = {"application/json": {"schema": schema}}
    return {status: response(HTTPStatus(status).phrase, *headers, content=content)}


def content_answer(description: str, *media_types: str) -> Answers:
    """Describe an answer of one of these media types."""
    return {200: response(description, content={media_type: {} for media_type in media_types})}


def operation(summary: str, ok: Answers, *errors: int) -> Json:
    """Describe an operation by its answers, and the statuses of its problems."""
    responses = ok | {status: problem(status) for status in errors}
    return {"summary": summary, "responses": {str(status): answer for status, answer in responses.items()}}


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
