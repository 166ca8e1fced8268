"""The document is held against the application's routes, and against a running balancer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig

from runner.config import RunnerConfig
from runner.http.openapi import OPTIONS, document
from runner.http.query import BOTH
from runner.http.routes import create_app
from runner.learning.queue import LearningQueue
from tests.fakes.openapi import complaints, operations, served_in_a_thread
from tests.fakes.runner.served import Served, serving

STYLES = ("mosaic", "udnie", "mosaic@1")
SWITCHED_OFF = {check: {"enabled": False} for check in ("positive_data_acceptance", "not_a_server_error")}
CONFIG: dict[str, Any] = {
    "seed": 1,
    "generation": {"max-examples": 25, "deterministic": True, "database": "none"},
    "operations": [
        {
            # A query and a form's fields are text: nobody sees that a sender was meant to be a number. And no
            # pattern tells which styles there are, and which can be blended.
            "include-name": f"POST /v1/{route}",
            "checks": {
                "negative_data_rejection": {"enabled": False},
                "positive_data_acceptance": {"enabled": False},
            },
        }
        for route in ("stylize", "sheet")
    ]
    # Here nothing is learnt; tests/runner/http/learning/ holds a job to its schema.
    + [{"include-name": f"POST /learn{route}", "checks": SWITCHED_OFF} for route in ("", "/corners")],
}


async def test_its_paths_are_the_applications_but_for_those_of_the_protocol(served: Served) -> None:
    learning = LearningQueue(RunnerConfig())
    app = create_app(served.balancer, served.balancer._resolver, learning)  # type: ignore[arg-type]
    found = [(r.method, r.resource.canonical) for r in app.router.routes() if r.resource]
    own = {f"{method} {path}" for method, path in found if method != "HEAD" and not path.startswith("/v2")}
    assert operations(document()) == own


def test_its_options_are_those_that_are_read() -> None:
    assert set(OPTIONS) == set(BOTH)


@pytest.fixture
def server() -> Iterator[str]:
    @asynccontextmanager
    async def listening() -> AsyncIterator[str]:
        async with serving() as served:
            yield served.url

    with served_in_a_thread(listening) as url:
        yield url


def test_the_server_does_what_it_says(server: str) -> None:
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_url(f"{server}/openapi.json", config=config)

    @schema.hook
    def map_query(context: Any, query: dict[str, Any] | None) -> dict[str, Any] | None:
        made_up = dict(query or {})
        if "style" in made_up and (length := len(str(made_up["style"]))) % 2 == 0:
            made_up["style"] = STYLES[length % len(STYLES)]
        return made_up

    wrong, went_well = complaints(schema)
    assert not wrong, "\n".join(wrong)
    ids = {operation for operation in operations(document()) if "{id}" in operation}
    learning = {"POST /learn", "POST /learn/corners"}
    assert went_well >= operations(document()) - {"GET /openapi.json"} - learning - ids
