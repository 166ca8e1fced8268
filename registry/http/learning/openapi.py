"""Describe the operations of learning, for registry/http/openapi.py."""

from __future__ import annotations

from registry.http.learning.form import FIELDS
from registry.http.openapi_parts import READER, write
from styles.openapi import (
    COUNT,
    NUMBER,
    SECONDS,
    STRING,
    Json,
    array,
    closed,
    content_answer,
    json_answer,
    optional,
    ref,
    response,
)

_FILE: Json = {"type": "string", "format": "binary", "minLength": 1}
_CORNERS: Json = {
    "type": ["array", "null"],
    "items": array({"type": "number"}),
    "description": "of the painting, clockwise from the top left, 0 to 1 of the picture's sides",
}
_TEXTS: Json = {name: {"type": "string", "maxLength": 200} for name in ("name", "title", "artist")}

LEARNING_SCHEMAS: Json = {
    "PaintingToLearn": {
        "type": "object",
        "properties": {
            "painting": _FILE | {"description": "a photo or a scan of a painting"},
            "photo": _FILE | {"description": "this photo is painted exactly like it, and nothing is learnt"},
            **{name: {"type": "string", "maxLength": most} for name, most in FIELDS.items()},
        },
        "required": ["painting"],
        "additionalProperties": False,
    },
    "Painting": {
        "type": "object",
        "properties": {"painting": _FILE},
        "required": ["painting"],
        "additionalProperties": False,
    },
    "Corners": closed(corners=_CORNERS, width=NUMBER, height=NUMBER, found={"type": "boolean"}),
    "LearningJob": {
        "type": "object",
        "properties": {
            "id": STRING,
            "kind": {"enum": ["style", "picture"]},
            **dict.fromkeys(("name", "title", "artist"), STRING),
            "state": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
            "phase": STRING,
            "share": SECONDS | {"maximum": 1},
            "seconds_left": {"type": ["number", "null"]},
            "position": {"type": ["integer", "null"], "description": "jobs before it"},
            "corners": _CORNERS,
            "previews": COUNT,
            "problem": {"type": ["object", "null"], "description": "why it failed: type, detail"},
            "summary": {"type": ["object", "null"], "description": "steps, minutes and losses"},
            "published": {"type": ["string", "null"], "description": "name of the style made of it"},
            "publishing": {"type": "boolean", "description": "what was learnt is on trial"},
        },
        "required": ["id", "kind", "state"],
    },
    "NameChoice": closed(
        name=STRING,
        flaw=STRING | {"description": "why it cannot be had; or empty"},
        free=STRING | {"description": "a name like it that is free"},
        exists={"type": "boolean", "description": "the next style of it is its next version"},
    ),
    "AcceptedStyle": optional(
        {
            **_TEXTS,
            "description": {"type": "string", "maxLength": 2000},
            "other_names": {"type": "string", "maxLength": 1000},
            "alias": {"enum": ["live", "staged"]},
            "address": STRING | {"description": "the author's, from the bot alone"},
        }
    ),
    "LearntStyle": closed(
        name=STRING,
        title=STRING,
        ref=STRING,
        version=NUMBER,
        may_retire={"type": "boolean", "description": "whether its author may retire it by mail"},
    ),
    "RenamedStyle": {
        "type": "object",
        "properties": {
            "address": STRING | {"maxLength": 300},
            "name": STRING | {"maxLength": 100},
            "to": STRING | {"maxLength": 200, "description": "what it is called from then on"},
            "title": STRING | {"maxLength": 200},
        },
        "required": ["address", "name", "to"],
        "additionalProperties": False,
    },
    "AuthorsStyles": {
        "type": "object",
        "properties": {
            "address": STRING | {"maxLength": 300},
            "name": STRING | {"maxLength": 100},
        },
        "required": ["address"],
        "additionalProperties": False,
    },
}


def learning_operations() -> dict[str, Json]:
    """Describe every operation by its method and path."""
    job, of_form = json_answer(ref("LearningJob")), (400, 404, 408, 409, 413, 415, 422, 501, 502, 504)
    events = content_answer("The status again and again, until the job has ended", "text/event-stream")
    return {
        "get /api/paintings/name": write(
            "The name that words make, and a free one like it",
            json_answer(ref("NameChoice")),
            400,
            security=READER,
        ),
        "post /api/paintings/corners": write(
            "Find a painting in a photo of it",
            json_answer(ref("Corners")),
            *of_form,
            body={"multipart/form-data": {"schema": ref("Painting")}},
        ),
        "get /api/learn": write(
            "Whether paintings are learnt from here",
            json_answer(closed(learns={"type": "boolean"}, problem={"type": ["object", "null"]})),
            *(502, 504),
            security=READER,
        ),
        "post /api/learn": write(
            "Have a painting learnt as a style, or one photo painted exactly like it",
            json_answer(ref("LearningJob"), "Location", status=202),
            *of_form,
            body={"multipart/form-data": {"schema": ref("PaintingToLearn")}},
        ),
        "get /api/learn/{id}": write("How far a job is", job, 404, 409, 502, 504, security=READER),
        "delete /api/learn/{id}": write(
            "Cancel a job, or throw away what it has learnt; the bot has it undone by `?withdraw`, and not "
            "counted by `?swapped`, for another picture",
            {204: response("Done")},
            *(404, 409, 502, 504),
        ),
        "get /api/learn/{id}/events": write(
            "How far a job is, as server-sent events", events, 404, 502, 504, security=READER
        ),
        "get /api/learn/{id}/{picture}": write(
            "What was sent, reduced; the newest preview, the flat painting, or the finished picture",
            content_answer("A picture", "image/jpeg"),
            *(404, 502, 504),
            security=READER,
        ),
        "post /api/learn/{id}/accept": write(
            "Publish what a job has learnt",
            json_answer(ref("Published"), "Location", status=201),
            *(400, 404, 409, 413, 415, 422, 502, 504, 507),
            body={"application/json": {"schema": ref("AcceptedStyle")}},
        ),
    } | _author_operations()


def _author_operations() -> dict[str, Json]:
    """Describe what the bot asks of the styles of a mail's author."""
    return {
        "get /api/authors/styles": write(
            "The styles that were learnt from a person's mails, private ones too; the bot names the address",
            json_answer(array(ref("LearntStyle"))),
            400,
            security=READER,
        ),
        "patch /api/authors/styles": write(
            "Publish a style of the author of mails under another name, and retire the old one, for the bot",
            json_answer(ref("Published"), "Location", status=201),
            *(400, 404, 409, 413, 415, 422),
            body={"application/json": {"schema": ref("RenamedStyle")}},
        ),
        "delete /api/authors/styles": write(
            "Retire the styles of the author of mails, or one of them, for the bot alone",
            json_answer(array(STRING)),
            *(400, 409, 413, 415, 422),
            body={"application/json": {"schema": ref("AuthorsStyles")}},
        ),
    }
