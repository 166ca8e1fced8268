from __future__ import annotations

import pytest

from tests.fakes.registry.service import Service

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "There is no page at this address."),
        ("/styles/stary-nigth/compare", 404, "starry-night"),
        ("/styles/udnie/compare?old=9", 404, "has the versions 1 to 1"),
        ("/styles/udnie/compare?old=x", 400, "That did not work."),
        ("/blobs/" + "0" * 64, 404, "There is no blob"),
    ],
)
async def test_people_get_a_page_and_programs_a_problem(
    service: Service, path: str, status: int, said: str
) -> None:
    async with service.client.get(path, headers=BROWSER) as answer:
        assert (answer.status, answer.content_type) == (status, "text/html")
        assert said in await answer.text()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    async with service.client.get(path) as answer:
        assert (answer.status, answer.content_type) == (status, "application/problem+json")


async def test_a_page_keeps_what_a_refusal_says_to_programs(service: Service) -> None:
    async with service.client.post("/upload", headers=BROWSER) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")


@pytest.mark.parametrize("path", ["/api/styles/nothing", "/api/nothing"])
async def test_what_is_for_programs_stays_so_in_a_browser(service: Service, path: str) -> None:
    async with service.client.get(path, headers=BROWSER) as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
