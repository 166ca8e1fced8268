"""Describe the routes of learning in OpenAPI 3.1, for the balancer's document."""

from __future__ import annotations

from runner.http.learning.form import KEY, LEAST_MINUTES, MOST_MINUTES, MOST_TEXT, NAME
from runner.http.photo_upload import FORM
from styles.openapi import (
    COUNT,
    SECONDS,
    STRING,
    Answers,
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

_FILE: Json = {"type": "string", "format": "binary", "minLength": 1}
_CORNERS: Json = array(array({"type": "number"})) | {
    "minItems": 4,
    "maxItems": 4,
    "description": "[x, y] in parts of the picture's width and height, clockwise from the top left",
}
_TEXT: Json = {"type": "string", "maxLength": MOST_TEXT}
_FIELDS: Json = {
    "painting": _FILE | {"description": "a photo or a scan of the painting"},
    "photo": _FILE | {"description": "paint this one photo like the painting, and learn no style"},
    "name": {"type": "string", "pattern": f"^{NAME.pattern}$", "description": "needed without a photo"},
    "title": _TEXT,
    "artist": _TEXT,
    "minutes": {"type": "number", "minimum": LEAST_MINUTES, "maximum": MOST_MINUTES},
    "corners": {"type": "string", "description": "JSON; where the painting is, if it is not to be found"},
    "owner": {
        "type": "string",
        "pattern": f"^{KEY.pattern}$",
        "description": "whose limit of a day counts; your address if it is left out",
    },
    "key": {
        "type": "string",
        "pattern": f"^{KEY.pattern}$",
        "description": "a known one of the owner is that job",
    },
}


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


SCHEMAS: Json = {
    "LearningJob": closed(
        id=STRING,
        kind={"type": "string", "enum": ["style", "picture"]},
        name=STRING,
        title=STRING,
        artist=STRING,
        state={"type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"]},
        phase=STRING,
        share={"type": "number", "minimum": 0, "maximum": 1},
        seconds_left=_or_null(SECONDS),
        position=_or_null(COUNT | {"description": "jobs before it"}),
        corners=_or_null(_CORNERS),
        previews=COUNT,
        problem=_or_null(ref("Problem") | {"description": "`detail` is a sentence for the person"}),
        summary=_or_null({"type": "object"}),
        published=_or_null(STRING | {"description": "name of the style that was made of it"}),
    ),
    "Corners": closed(
        corners=_CORNERS,
        width=COUNT,
        height=COUNT,
        found={"type": "boolean", "description": "false: the whole picture is taken for the painting"},
    ),
}
#: Statuses of the errors of a painting that comes.
OF_PAINTINGS = (400, 413, 415, 422, 429, 501, 503)
_JOB = ref("LearningJob")
_OF_JOB = [
    parameter("id", STRING, "of the job", where="path"),
    parameter(
        "owner", array(STRING), "answer only if it is a job of one of these, else as for an unknown one"
    ),
]


def paths() -> Json:
    """Return the paths."""
    accepted: Answers = {
        202: response("Accepted", "Location", content={"application/json": {"schema": _JOB}})
    }
    jpeg = content_answer("The picture", "image/jpeg")
    style = content_answer("The file, as a registry takes it", "application/octet-stream")
    stream = content_answer("Events called status, each with the job", "text/event-stream")
    return {
        "/learn": {"post": _sent("Learn from a painting", accepted, _FIELDS)},
        "/learn/corners": {
            "post": _sent(
                "Find the painting in a picture",
                json_answer(ref("Corners")),
                {"painting": _FIELDS["painting"]},
            )
        },
        "/learn/{id}": {
            "get": operation("How far a job is", json_answer(_JOB), 404),
            "delete": operation(
                "Cancel it, or forget it; with `?swapped`, for another picture, it does not count",
                {204: response("Done")},
                404,
            ),
            "parameters": _OF_JOB,
        },
        "/learn/{id}/published": {
            "put": operation("Note that it is published", {204: response("Done")}, 400, 404),
            "parameters": [*_OF_JOB, parameter("name", STRING, "of the style")],
        },
        "/learn/{id}/events": _read("How far a job is, until it has ended", stream),
        "/learn/{id}/thumbnail": _read("The picture as it was sent, reduced", jpeg),
        "/learn/{id}/painting": _read("The painting, rectified", jpeg),
        "/learn/{id}/preview": _read("A photo as it is painted so far", jpeg),
        "/learn/{id}/style": _read("The style file of a job that is done", style),
        "/learn/{id}/picture": _read("The photo, painted, of a job that is done", jpeg),
    }


def _sent(summary: str, answers: Answers, fields: Json) -> Json:
    form: Json = {
        "type": "object",
        "properties": fields,
        "required": ["painting"],
        "additionalProperties": False,
    }
    body = {"required": True, "content": {FORM: {"schema": form}}}
    return operation(summary, answers, *OF_PAINTINGS) | {"requestBody": body}


def _read(summary: str, answers: Answers) -> Json:
    return {"get": operation(summary, answers, 404), "parameters": _OF_JOB}
