"""Describe the operations for those who keep styles, for registry/http/openapi.py."""

from __future__ import annotations

from registry.http.openapi_parts import READER, write
from styles.openapi import Json, array, json_answer, ref, response


def admin_operations() -> dict[str, Json]:
    """Describe every operation by its method and path."""
    return _of_styles() | _of_proofs() | _of_tokens()


def _of_styles() -> dict[str, Json]:
    return {
        "delete /api/styles/{name}/aliases/{alias}": write(
            "Remove an alias other than `live` and `previous`", {204: response("Removed")}, 400, 404
        ),
        "patch /api/styles/{name}/card": write(
            "Change the card of a version, by default of the live one",
            json_answer(ref("Card")),
            *(400, 404, 413, 415, 422),
            body={"application/json": {"schema": ref("CardChanges")}},
        ),
        "put /api/styles/{name}/owner": write(
            'Hand a style over; "" is the registry itself',
            {204: response("Handed over")},
            *(400, 404, 413, 415, 422),
            body={"application/json": {"schema": ref("NewOwner")}},
        ),
        "put /api/styles/{name}/maintainers/{person}": write(
            "Let a person change a style", {204: response("Added")}, 404
        ),
        "delete /api/styles/{name}/maintainers/{person}": write(
            "End a person's part in a style", {204: response("Removed")}, 404
        ),
        "get /api/styles/{name}/usage": write(
            "How many photos were painted in a style, by day",
            json_answer(array(ref("DayOfUse"))),
            *(400, 404),
            security=READER,
        ),
    }


def _of_proofs() -> dict[str, Json]:
    return {
        "get /api/proofs": write(
            "Proofs to be mailed, for the bot alone",
            json_answer(array(ref("WaitingProof"))),
            security=READER,
        ),
        "put /api/proofs/{name}/{number}/mailed": write(
            "Note that a proof was mailed, for the bot alone",
            {204: response("Noted")},
            *(400, 404, 413, 415, 422),
            body={"application/json": {"schema": ref("MailedTo")}},
        ),
        "post /api/proofs/{name}/{number}/live": write(
            "Make a version live for the reader of its proof, for the bot alone",
            json_answer(ref("ResolvedStyle")),
            *(400, 404, 413, 415, 422),
            body={"application/json": {"schema": ref("MailedTo")}},
        ),
    }


def _of_tokens() -> dict[str, Json]:
    return {
        "get /api/tokens": write(
            "One's own tokens; all of them for a maintainer of the registry",
            json_answer(array(ref("TokenInfo"))),
            security=READER,
        ),
        "post /api/tokens": write(
            "Make a token; its secret is shown only now",
            json_answer(ref("MadeToken"), status=201),
            *(400, 413, 415, 422),
            body={"application/json": {"schema": ref("NewToken")}},
        ),
        "delete /api/tokens/{number}": write("Revoke a token", {204: response("Revoked")}, 404),
    }
