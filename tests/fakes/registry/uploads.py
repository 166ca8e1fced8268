"""Uploads as forms, and their publication."""

from __future__ import annotations

import io
from typing import Any

from aiohttp import FormData
from yarl import URL

from tests.fakes.registry.service import TOKEN, Service

VERSIONS = "/api/styles/mosaic/versions"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def form(weights: bytes = b"weights", /, **fields: str) -> FormData:
    data = FormData(default_to_multipart=True)
    for name, value in fields.items():
        data.add_field(name, value)
    data.add_field("weights", io.BytesIO(weights), filename="w.onnx")
    return data


async def published(
    service: Service, path: str = VERSIONS, headers: dict[str, str] = BEARER, **fields: str
) -> tuple[int, Any]:
    """Status and answer of a publication."""
    url = URL(service.url.rstrip("/") + path, encoded=True)
    async with service.client.session.post(url, data=form(**fields), headers=headers) as response:
        return response.status, await response.json(content_type=None)
