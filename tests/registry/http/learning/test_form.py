from __future__ import annotations

import pytest
from aiohttp import FormData

from registry.http.learning import form as module
from tests.fakes.registry.service import TOKEN, Service
from tests.fakes.runner.learner import FakeLearner

CORNERS = "/api/paintings/corners"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


def of(**parts: bytes | str) -> FormData:
    form = FormData(default_to_multipart=True)
    for name, value in parts.items():
        form.add_field(name, value, **({"filename": "p.jpg"} if isinstance(value, bytes) else {}))
    return form


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ({"painting": b""}, 422, "no picture, or an empty one"),
        ({"title": "only words"}, 422, "no picture"),
        ({"painting": b"1", "strange": "x"}, 422, "and no others"),
        ({"painting": b"1", "title": "x" * 1000}, 422, "The title is too long"),
        ({"painting": b"1" * 2000}, 413, "too large"),
    ],
)
async def test_a_form_with_something_else_is_refused_in_a_sentence(
    service: Service, learner: FakeLearner, monkeypatch: pytest.MonkeyPatch, parts: dict[str, bytes | str],
    status: int, said: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(module, "LARGEST_PICTURE", 1500)
    async with service.client.post(CORNERS, data=of(**parts), headers=HEADERS) as response:
        assert response.status == status
        problem = await response.json()
        assert said in problem["title"] + problem["detail"]


async def test_the_frame_of_a_painting_is_found(service: Service, learner: FakeLearner) -> None:
    async with service.client.post(CORNERS, data=of(painting=b"jpeg"), headers=HEADERS) as response:
        found = await response.json()
    assert found["found"]
    assert len(found["corners"]) == 4
