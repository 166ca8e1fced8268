"""What each role may, as docs/publishing.md has it in a table: every cell is tried over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.store.access.roles import Scope
from tests.fakes.registry.databases import both
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.registry.uploads import form
from tests.fakes.registry.versions import publish

PAGE = Path(__file__).parents[2] / "docs" / "publishing.md"
#: The person and the scope of each role of the table.
ROLES: dict[str, tuple[str, Scope] | None] = {
    "nobody": None,
    "another artist": ("cy", "publish"),
    "maintainer, stage": ("bo", "stage"),
    "maintainer": ("bo", "publish"),
    "owner": ("ada", "publish"),
    "registry": ("root", "registry"),
}
#: The request of each row; `ada` owns mosaic, which `bo` maintains.
MOSAIC = "/api/styles/mosaic"
ACTS: dict[str, tuple[str, str, dict[str, Any] | None]] = {
    "look at styles and paint": ("GET", MOSAIC, None),
    "stage a version": ("POST", f"{MOSAIC}/versions?alias=staged", None),
    "publish a version that is live": ("POST", f"{MOSAIC}/versions", None),
    "publish a new style": ("POST", "/api/styles/own-work-{number}/versions", None),
    "move another alias": ("PUT", f"{MOSAIC}/aliases/night", {"version": 1}),
    "remove another alias": ("DELETE", MOSAIC + "/aliases/best-{number}", None),
    "make a version live": ("PUT", f"{MOSAIC}/aliases/live", {"version": 1}),
    "roll back": ("POST", f"{MOSAIC}/rollback", {"from": 2}),
    "edit the card": ("PATCH", f"{MOSAIC}/card", {"title": "Tiles"}),
    "retire": ("DELETE", MOSAIC, None),
    "choose maintainers": ("PUT", f"{MOSAIC}/maintainers/cy", None),
    "hand over": ("PUT", f"{MOSAIC}/owner", {"person": "cy"}),
    "change a shipped style": ("PUT", "/api/styles/udnie/aliases/live", {"version": 1}),
    "read the audit trail": ("GET", "/api/audit", None),
    "make a token for oneself": ("POST", "/api/tokens", {"label": "more", "scope": "stage"}),
    "make a token for another person": ("POST", "/api/tokens", {"person": "dan"}),
}


def table() -> Iterator[tuple[str, str, bool]]:
    """Act, role, and whether the page says that it is allowed."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\| .*", text, re.MULTILINE)
    ]
    start = next(i for i, line in enumerate(lines) if line[0] == "may")
    roles = lines[start][1:]
    for line in lines[start + 1 : start + 1 + len(ACTS)]:
        for role, cell in zip(roles, line[1:], strict=True):
            assert cell in ("yes", "")
            yield line[0], role, cell == "yes"


def test_the_table_has_every_act_and_every_role() -> None:
    cells = list(table())
    assert {act for act, _, _ in cells} == set(ACTS)
    assert {role for _, role, _ in cells} == set(ROLES)
    assert len(cells) == len(ACTS) * len(ROLES)


@pytest.fixture
def tokens(service: Service) -> dict[str, str]:
    """The secret of each role."""
    with service.second_store() as store:
        secrets = {
            role: store.tokens.add(who[0], label=who[1], scope=who[1]) for role, who in ROLES.items() if who
        }
        for seed in range(2):
            publish(store, "mosaic", seed, by="ada")
        for number in range(len(ROLES)):
            store.promote("mosaic", 1, alias=f"best-{number}")
        store.add_maintainer("mosaic", "bo")
        return secrets


@both
@pytest.mark.parametrize("act", ACTS)
async def test_each_role_may_what_the_table_says(service: Service, tokens: dict[str, str], act: str) -> None:
    """Before each request, version 2 is live, whatever an earlier role did."""
    operator = {"Authorization": f"Bearer {TOKEN}"}
    for number, (told, role, allowed) in enumerate(table()):
        if told != act:
            continue
        await service.client.put(f"{MOSAIC}/aliases/live", json={"version": 2}, headers=operator)
        headers = {"Authorization": f"Bearer {tokens[role]}"} if role in tokens else {}
        method, path, body = ACTS[act]
        data = form() if "versions" in path else None
        path = path.format(number=number % len(ROLES))
        async with service.client.request(method, path, json=body, data=data, headers=headers) as response:
            refused = 403 if role in tokens else 401
            assert (response.status < 300) if allowed else (response.status == refused), (act, role)
            if not allowed:
                assert (await response.json(content_type="application/problem+json"))["title"]
