"""A network of many styles is sent once, and published for each of them."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import FormData

from registry.blobs.blob import digest_of
from tests.fakes.registry.service import Service
from tests.fakes.registry.uploads import BEARER, VERSIONS, published


async def named(service: Service, upload: str, headers: dict[str, str] = BEARER, **fields: str) -> Any:
    """Status and answer of a publication that has no file, but names one."""
    data = FormData(default_to_multipart=True)
    for name, value in {"upload": upload, **fields}.items():
        data.add_field(name, value)
    async with service.client.post(VERSIONS, data=data, headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def test_a_file_that_needs_values_is_kept_for_them(service: Service) -> None:
    service.validator.choices = 3
    status, problem = await published(service)
    assert status == 422
    upload = problem["upload"]
    for version in range(1, 4):
        status, answer = await named(service, upload, values=str(version - 1))
        assert (status, answer["version"], answer["digest"]) == (201, version, upload)
    assert service.validator.values == ["", "0", "1", "2"]
    kept = list((service.config.registry.data / "incoming").iterdir())
    assert [digest_of(path) for path in kept] == [upload]


async def test_a_file_that_came_with_values_is_kept_too(service: Service) -> None:
    _, answer = await published(service, values="0")
    assert (await named(service, answer["digest"], values="1"))[0] == 201


async def test_a_file_without_values_is_not_kept(service: Service) -> None:
    _, answer = await published(service)
    status, problem = await named(service, answer["digest"])
    assert status == 410
    assert problem["title"] == "The registry no longer has this file: send it again, as the field weights."


async def test_nobody_publishes_what_another_person_sent(service: Service) -> None:
    _, answer = await published(service, values="0")
    with service.second_store() as store:
        bo = {"Authorization": f"Bearer {store.tokens.add('Bo', scope='registry')}"}
    assert (await named(service, answer["digest"], bo, values="1"))[0] == 410


@pytest.mark.parametrize("upload", ["", "sha256:0", "../../etc/passwd", "sha256:" + "0" * 200])
async def test_what_is_no_digest_is_refused(service: Service, upload: str) -> None:
    status, problem = await named(service, upload)
    assert status == 422
    assert "is the digest of a file" in problem["title"]


async def test_a_form_has_the_file_or_names_it(service: Service) -> None:
    _, answer = await published(service, values="0")
    status, problem = await published(service, upload=answer["digest"], values="1")
    assert (status, problem["title"]) == (422, "The form has two files: a publication is one.")
