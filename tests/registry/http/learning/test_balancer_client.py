from __future__ import annotations

import json

import pytest
from aiohttp import web

from registry.http.learning.balancer_client import BalancerLearner, refusal
from styles.errors import BalancerUnavailable, NotAnImage, Permanent


@pytest.mark.parametrize(
    ("problem", "status", "kind", "said"),
    [
        ({"type": "urn:mailbot:error:NotAnImage", "title": "No photo."}, 415, NotAnImage, "No photo."),
        ({"type": "urn:mailbot:error:New", "title": "It is blank."}, 422, Permanent, "It is blank."),
        ({"type": "about:blank", "title": "Oh."}, 500, BalancerUnavailable, "cannot be reached"),
        ("no object", 422, BalancerUnavailable, "cannot be reached"),
    ],
)
def test_a_balancers_problem_keeps_its_sentence(
    problem: object, status: int, kind: type[Exception], said: str
) -> None:
    error = refusal(json.dumps(problem).encode(), status)
    assert isinstance(error, kind)
    assert said in str(error)


@pytest.mark.parametrize("id", ["", "../v1/status", "a/b", "x" * 200])
async def test_an_id_leads_nowhere_else(id: str) -> None:
    with pytest.raises(web.HTTPNotFound):
        await BalancerLearner("http://127.0.0.1:1").status(id)
