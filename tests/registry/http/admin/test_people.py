from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.registry.databases import both
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.versions import publish

OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


async def call(service: Service, method: str, path: str, secret: str = TOKEN, **more: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {secret}"}
    async with service.client.request(method, path, headers=headers, **more) as response:
        return response.status, None if response.status == 204 else await response.json(content_type=None)


@both
async def test_tokens_are_made_listed_and_revoked(service: Service) -> None:
    wanted = {"person": "Ada", "scope": "publish", "days": 30, "address": "ada@example.org"}
    status, made = await call(service, "POST", "/api/tokens", json=wanted)
    assert (status, made["person"], made["scope"]) == (201, "Ada", "publish")
    ada = made["secret"]
    status, own = await call(
        service, "POST", "/api/tokens", ada, json={"label": "ci", "scope": "stage", "days": 7}
    )
    assert (status, own["person"]) == (201, "Ada")
    await call(service, "POST", "/api/tokens", json={"person": "Bo"})
    listed = (await call(service, "GET", "/api/tokens", ada))[1]
    assert [(token["name"], token["label"], token["scope"]) for token in listed] == [
        ("Ada", "", "publish"),
        ("Ada", "ci", "stage"),
    ]
    assert "secret" not in str(listed)
    everybody = (await call(service, "GET", "/api/tokens"))[1]
    numbers = {(token["name"], token["label"]): token["id"] for token in everybody}
    assert (await call(service, "DELETE", f"/api/tokens/{numbers['Bo', '']}", ada))[0] == 404
    assert (await call(service, "DELETE", f"/api/tokens/{numbers['Ada', 'ci']}", ada))[0] == 204
    assert (await call(service, "GET", "/api/tokens", own["secret"]))[0] == 401
    with service.second_store() as store:
        assert store.addresses() == {"Ada": "ada@example.org"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"scope": "everything"}, 422),
        ({"days": 0}, 422),
        ({"days": "30"}, 422),
        ({"days": True}, 422),
        ({"unknown": 1}, 422),
        ({"person": "<b>"}, 400),
        ({"person": "operator"}, 400),
        ({"person": "Ada", "address": "no address"}, 400),
        ([], 422),
    ],
)
async def test_tokens_that_are_none(service: Service, body: Any, status: int) -> None:
    answered, problem = await call(service, "POST", "/api/tokens", json=body)
    assert (answered, problem["status"]) == (status, status)
    with service.second_store() as store:
        assert store.tokens.list() == []


@pytest.mark.parametrize("number", ["0", "99", "x", "١", "9" * 30, "-1"])
async def test_numbers_of_no_token(service: Service, number: str) -> None:
    assert (await call(service, "DELETE", f"/api/tokens/{number}"))[0] == 404


async def test_a_styles_people_are_shown_and_changed(service: Service) -> None:
    with service.second_store() as store:
        ada = store.tokens.add("Ada")
        store.tokens.add("Bo")
        publish(store, "tiles", by="Ada")
    style = "/api/styles/tiles"
    assert (await call(service, "PUT", f"{style}/maintainers/bo", ada))[0] == 204
    shown = (await call(service, "GET", style))[1]
    assert (shown["owner"], shown["maintainers"]) == ("Ada", ["Bo"])
    assert (await call(service, "PUT", f"{style}/maintainers/nobody", ada))[0] == 404
    assert (await call(service, "DELETE", f"{style}/maintainers/Bo", ada))[0] == 204
    assert (await call(service, "DELETE", f"{style}/maintainers/Bo", ada))[0] == 404
    assert (await call(service, "PUT", f"{style}/owner", ada, json={"person": "Bo"}))[0] == 204
    assert (await call(service, "PUT", f"{style}/owner", ada, json={"person": "Ada"}))[0] == 403
    assert (await call(service, "GET", style))[1]["owner"] == "Bo"
