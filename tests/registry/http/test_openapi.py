"""The document is held against the application's routes, the values' fields, and the running server."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from schemathesis.config import SchemathesisConfig

from registry.app import create_app, running
from registry.blobs.blob import digest_of
from registry.client_upload import Published
from registry.config import RegistryConfigFile
from registry.http.openapi import document
from registry.store.audit import AuditEntry
from registry.store.events import StyleEvent
from styles.contract import Card, ResolvedStyle, StyleSummary
from tests.fakes.openapi import complaints, operations, served_in_a_thread
from tests.fakes.registry.service import NAMES, TOKEN
from tests.fakes.registry.validator import FakeValidator
from tests.fakes.runner.balancer import FakeBalancer

#: Operations that need a person, a token, an alias, the bot, a balancer that learns, or a style that may go.
#: Other tests have them succeed.
OF_PEOPLE = {
    "DELETE /api/styles/{name}",
    "POST /api/learn",
    "POST /api/paintings/corners",
    "GET /api/learn/{id}",
    "DELETE /api/learn/{id}",
    "GET /api/learn/{id}/events",
    "GET /api/learn/{id}/{picture}",
    "POST /api/learn/{id}/accept",
    "GET /api/authors/styles",
    "PATCH /api/authors/styles",
    "DELETE /api/authors/styles",
    "GET /api/proofs",
    "PUT /api/proofs/{name}/{number}/mailed",
    "POST /api/proofs/{name}/{number}/live",
    "POST /api/styles/{name}/rollback",
    "POST /api/tokens",
    "DELETE /api/tokens/{number}",
    "PUT /api/styles/{name}/owner",
    "PUT /api/styles/{name}/maintainers/{person}",
    "DELETE /api/styles/{name}/maintainers/{person}",
    "DELETE /api/styles/{name}/aliases/{alias}",
}
#: Below these are pages, and what they are made of.
PAGES = ("/styles/", "/static", "/photos", "/upload", "/learn", "/tokens", "/audit")
CONFIG: dict[str, Any] = {
    "seed": 1,
    "headers": {"Authorization": f"Bearer {TOKEN}"},
    "generation": {"max-examples": 6, "deterministic": True, "database": "none"},
    "operations": [
        *(
            # Which words, names and labels are taken or mean something else, no pattern tells. Nor does one
            # tell that `live` is an alias that stays.
            {"include-name": name, "checks": {"positive_data_acceptance": {"enabled": False}}}
            for name in (
                "POST /api/tokens",
                "PATCH /api/styles/{name}/card",
                "DELETE /api/styles/{name}/aliases/{alias}",
                "POST /api/learn/{id}/accept",
                "GET /api/paintings/name",  # its address is from the bot alone
                "GET /api/authors/styles",
                "PATCH /api/authors/styles",
                "DELETE /api/authors/styles",
            )
        ),
        *(
            # As below; and a name may be taken. The balancer here does not learn, which is told by 501.
            {
                "include-name": name,
                "checks": {
                    "negative_data_rejection": {"enabled": False},
                    "not_a_server_error": {"enabled": False},
                    "positive_data_acceptance": {"enabled": False},
                },
            }
            for name in ("POST /api/learn", "POST /api/paintings/corners")
        ),
        {
            # A form's fields are text: nobody can see in it that a title was meant to be the number 7. And no
            # pattern tells which words of other names and tags mean something else in a mail.
            "include-name": "POST /api/styles/{name}/versions",
            "checks": {
                "negative_data_rejection": {"enabled": False},
                "positive_data_acceptance": {"enabled": False},
            },
        },
    ],
}


def routes(app: web.Application) -> set[str]:
    """Method and path of everything that is not a page."""
    found = [
        (r.method, r.resource.canonical) for r in app.router.routes() if r.resource and r.method != "HEAD"
    ]
    return {f"{method} {path}" for method, path in found if path != "/" and not path.startswith(PAGES)}


async def test_its_paths_are_the_applications(config: RegistryConfigFile, builtin: Path) -> None:
    assert operations(document()) == routes(create_app(config, builtin, validator=FakeValidator()))


@pytest.mark.parametrize("kind", [StyleSummary, ResolvedStyle, Card, Published, AuditEntry, StyleEvent])
def test_its_schemas_have_the_fields_of_the_values(kind: type[Any]) -> None:
    name = {"StyleEvent": "Event"}.get(kind.__name__, kind.__name__)
    told = document()["components"]["schemas"][name]["properties"]
    assert set(told) == {field.name for field in fields(kind)}


@pytest.fixture
def server(config: RegistryConfigFile, builtin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("registry.store.events.LONGEST_WAIT", 0.01)
    monkeypatch.setattr("registry.http.rate_limit.BURST", 1_000_000)  # wrong tokens are tried too, and often

    @asynccontextmanager
    async def serving() -> AsyncIterator[str]:
        async with FakeBalancer(NAMES) as balancer:
            address = config.balancer.model_copy(update={"port": balancer.port})
            painted = config.model_copy(update={"balancer": address})
            async with running(painted, builtin, token=TOKEN, validator=FakeValidator()) as url:
                yield url

    with served_in_a_thread(serving) as url:
        yield url


def described(url: str, digest: str) -> Any:
    """The document as the server gives it; half of what is made up are names and digests that there are."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=SchemathesisConfig.from_dict(CONFIG))

    @schema.hook
    def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
        made_up = dict(path_parameters or {})
        if len(name := str(made_up.get("name", "x"))) % 2 == 0 and context.operation.method != "delete":
            made_up["name"] = NAMES[len(name) % len(NAMES)]
        if re.fullmatch(r"(sha256:)?[0-9a-f]{63}[02468ace]", str(made_up.get("digest"))):
            made_up["digest"] = digest
        return made_up

    @schema.hook
    def map_body(context: Any, body: Any) -> Any:
        is_login = context.operation.path == "/login" and isinstance(body, dict)
        return body | {"token": TOKEN} if is_login and body.get("token") == "" else body

    return schema


def test_the_server_does_what_it_says(server: str, builtin: Path) -> None:
    schema = described(server, digest_of(builtin / "udnie" / "weights.safetensors"))
    wrong, went_well = complaints(schema)
    assert not wrong, "\n".join(wrong)
    # That one has been read above, and the others need people, tokens and aliases that there are.
    assert went_well >= operations(document()) - {"GET /openapi.json"} - OF_PEOPLE
