"""Define the schemas and credentials that the OpenAPI document names.

Every object is closed: it has exactly the properties listed here. So a field that an answer has and this file
lacks fails the test.
"""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

from registry.http.auth import COOKIE, CSRF
from registry.http.card_fields import LIMITS, PIXEL_RANGES
from registry.store.access.roles import SCOPES
from registry.store.access.tokens import MOST_DAYS
from registry.store.cards import EDITABLE, LISTS
from registry.store.events import EventKind
from registry.store.names.style_names import NAME
from styles.contract import Card
from styles.openapi import COUNT, NUMBER, SECONDS, STRING, Json, array, closed, optional, ref

DIGEST: Json = {"type": "string", "pattern": r"^sha256:[0-9a-f]{64}(\.[0-9a-f]{32})?$"}
MOMENT: Json = {"type": "string", "format": "date-time"}
PATH: Json = {"type": "string", "pattern": "^(/blobs/[0-9a-f]{64})?$", "description": "below this address"}
#: Paths of pictures by width in pixels.
PATHS: Json = {"type": "object", "additionalProperties": PATH}
STYLE_NAME: Json = {"type": "string", "pattern": f"^{NAME.pattern}$"}
ALIASES: Json = {"type": "object", "additionalProperties": NUMBER}
#: Pattern of one line of text, without control characters and overrides of the direction of writing.
LINE = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]*$"


def _one_of(*values: str) -> Json:
    return {"type": "string", "enum": list(values)}


def _texts(*names: str) -> Json:
    return dict.fromkeys(names, STRING)


_SUMMARY: Json = {
    **_texts("title", "artist", "year", "description"),
    "name": STYLE_NAME,
    "preview": PATH,
    "thumbnails": PATHS,
    "aliases": ALIASES,
    "other_names": array(STRING),
    "tags": array(STRING),
}
_CARD_TEXTS: Json = {
    **{field: {"type": "string", "maxLength": LIMITS[field]} for field in EDITABLE if field not in LISTS},
    **{field: {"type": ["string", "array"], "items": STRING} for field in LISTS},
}
_FILE: Json = {
    "version": NUMBER,
    "digest": DIGEST,
    "base": DIGEST,
    "format": _one_of("safetensors", "onnx"),
    "architecture": STRING,
    "bytes": COUNT,
}
SCHEMAS: Json = {
    "StyleSummary": closed(**_SUMMARY),
    "Card": closed(
        **_texts(*(field.name for field in fields(Card)))
        | {"name": STYLE_NAME, "pixel_range": _one_of(*PIXEL_RANGES[1:])}
        | {"other_names": array(STRING), "tags": array(STRING)}
    ),
    "StyleVersion": closed(
        **_FILE, card=ref("Card"), preview=PATH, thumbnails=PATHS, weights=PATH, created=MOMENT
    ),
    "Style": closed(
        **_SUMMARY,
        card=ref("Card"),
        versions=array(ref("StyleVersion")),
        owner=STRING | {"description": 'a person; "" is the registry itself, or an author without a token'},
        maintainers=array(STRING),
        taught_by_mail={"type": "boolean"},
    ),
    "ResolvedStyle": closed(**_FILE, name=STYLE_NAME),
    "Published": closed(
        name=STYLE_NAME,
        version=NUMBER,
        alias=STRING,
        digest=DIGEST,
        preview=PATH,
        notes=array(STRING),
        seconds=SECONDS,
    ),
    "Event": closed(seq=NUMBER, at=MOMENT, kind=_one_of(*get_args(EventKind)), style=STRING, version=NUMBER),
    "Changes": closed(events=array(ref("Event")), last=COUNT),
    "AuditEntry": closed(**_texts("by", "action", "style", "detail"), at=MOMENT, version=COUNT),
    "Live": closed(status=_one_of("live")),
    "Ready": closed(status=_one_of("ready"), styles=COUNT),
    "Problem": closed(
        type={"type": "string", "format": "uri-reference"},
        **_texts("title", "detail", "name"),
        status={"type": "integer", "minimum": 400, "maximum": 599},
        near=array(STRING),
        known=array(STRING),
        retry_after=SECONDS,
        place=COUNT,
        seconds_left=SECONDS,
        inputs=array(closed(name=STRING, numbers=COUNT, choices=COUNT)),
        upload=DIGEST,
    )
    | {
        "description": "RFC 9457. An unknown style's has the nearest names, and all known ones, besides. "
        "A network's that takes more than a picture has the other inputs, and `upload` for its file. "
        "A full queue of paintings to learn from has the place behind it, and the seconds until its end.",
        "required": ["type", "title", "status", "detail"],
    },
    "NewVersion": {
        "type": "object",
        "properties": {
            "weights": {
                "type": "string",
                "format": "binary",
                "minLength": 1,
                "description": "safetensors of this project's network, a .pth/.model state dict of "
                "pytorch/examples' fast_neural_style, or ONNX from image to image",
            },
            "upload": DIGEST
            | {
                "description": "instead of the weights: a network of many styles that you have just sent. "
                "For 410 send it again"
            },
            **{
                field: {"type": "string", "maxLength": limit, "pattern": LINE}
                for field, limit in LIMITS.items()
                if field not in ("pixel_range", "values")
            },
            **{
                field: {
                    "type": "string",
                    "maxLength": LIMITS[field],
                    "pattern": LINE,
                    "description": f"at most {most} entries of {longest} characters, with commas between; "
                    "none that means something else in a mail",
                }
                for field, (most, longest) in LISTS.items()
            },
            "pixel_range": {**_one_of(*PIXEL_RANGES), "description": 'left out or "": the trial finds out'},
            "values": {
                "type": "string",
                "maxLength": LIMITS["values"],
                "pattern": LINE,
                "description": "for the inputs of an ONNX network beside the picture, to be baked in: 7, or "
                "3:0.5, 12:0.5, or all numbers; of several inputs: style=7; depth=0.5",
            },
        },
        "oneOf": [{"required": ["weights"]}, {"required": ["upload"]}],
        "additionalProperties": False,
    },
    "Target": closed(version=NUMBER) | {"properties": {"version": NUMBER, "from": NUMBER}},
    "Leaving": optional({"from": NUMBER}),
    "NewOwner": closed(person=STRING | {"maxLength": 100}),
    "CardChanges": optional({"version": NUMBER, **_CARD_TEXTS}),
    "CardToCheck": optional(
        {"name": STRING | {"maxLength": 200}}
        | {field: {"type": schema["type"], "items": STRING} for field, schema in _CARD_TEXTS.items()}
    ),
    "CheckedCard": closed(
        flaws={"type": "object", "additionalProperties": STRING},
        versions=COUNT | {"description": "0 for a new name"},
        card={"oneOf": [ref("Card"), {"type": "null"}]},
        refused=STRING | {"description": "why who is signed in may not publish under the name"},
    ),
    "NewToken": optional(
        {
            "person": STRING | {"description": "without it, oneself"},
            "label": STRING,
            "address": STRING | {"description": "the person's, where proofs are mailed"},
            "scope": _one_of(*SCOPES),
            "days": NUMBER | {"maximum": MOST_DAYS, "description": "without it, the token has no end"},
        }
    ),
    "MailedTo": closed(address=STRING | {"maxLength": 300}),
    "WaitingProof": closed(
        **_texts("style", "title", "person", "address"),
        version=NUMBER,
        live=COUNT,
        old={"type": "object", "additionalProperties": PATH},
        new={"type": "object", "additionalProperties": PATH},
    ),
    "DayOfUse": closed(day={"type": "string", "format": "date"}, photos=COUNT),
    "MadeToken": closed(person=STRING, label=STRING, scope=_one_of(*SCOPES), secret=STRING),
    "TokenInfo": closed(
        **_texts("name", "label", "created", "used", "expires", "revoked"), id=NUMBER, scope=_one_of(*SCOPES)
    ),
    "Login": {
        "type": "object",
        "properties": {
            "token": STRING,
            "next": {"type": "string", "description": "a path below this address"},
        },
        "required": ["token"],
    },
}

SECURITY: Json = {
    "token": {"type": "http", "scheme": "bearer", "description": "registry token add PERSON"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "by POST /login"},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF, "description": "of the session, on our pages"},
}
