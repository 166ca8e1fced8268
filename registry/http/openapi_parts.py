"""Describe operations for registry/http/openapi.py: what they need, and the errors of all of them."""

from __future__ import annotations

from styles.openapi import Answers, Json, problem

#: Credentials of a writer: a token, or a session with its CSRF secret. Reading needs no CSRF secret.
WRITER: list[Json] = [{"token": []}, {"session": [], "csrf": []}]
READER: list[Json] = [{"token": []}, {"session": []}]
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
