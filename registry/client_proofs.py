"""Ask the registry for proofs to mail, and tell it of answers, for `RegistryClient`.

registry/http/admin/proofs.py answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp import ClientTimeout

from registry.values import WaitingProof
from styles.errors import Permanent, RegistryUnavailable
from styles.service.http.whole_body import read_whole
from styles.service.sanitize import plain

#: Timeout of a question, and of a picture, seconds.
ASK = ClientTimeout(total=10, sock_connect=3)
#: Most bytes of a proof's picture.
LARGEST_PICTURE = 4 << 20


class ProofClient:
    """Fetch proofs to be mailed from a registry, and report the answers, with the bot's token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}
        self.has_token = bool(token)

    async def waiting(self) -> list[WaitingProof]:
        """Return the proofs to be mailed. Raises `RegistryUnavailable`."""
        answer = await self._ask("GET", "/api/proofs")
        try:
            return [_proof(row) for row in answer]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RegistryUnavailable(f"a malformed answer: {error!r}") from error

    async def mailed(self, proof: WaitingProof) -> None:
        """Tell that a proof was mailed. Raises `RegistryUnavailable` and `Permanent`."""
        path = f"/api/proofs/{quote(proof.style, safe='')}/{proof.version}/mailed"
        await self._ask("PUT", path, {"address": proof.address})

    async def go_live(self, style: str, version: int, address: str) -> None:
        """Make a version live for the reader of its proof.

        Raises `RegistryUnavailable`, and `Permanent` with the registry's reason.
        """
        await self._ask("POST", f"/api/proofs/{quote(style, safe='')}/{version}/live", {"address": address})

    async def picture(self, path: str) -> bytes:
        """Return a picture. Raises `RegistryUnavailable`."""
        try:
            async with (
                aiohttp.ClientSession(timeout=ASK) as session,
                session.get(self._url + path) as response,
            ):
                picture = await read_whole(response, LARGEST_PICTURE)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RegistryUnavailable(f"{path}: {error or type(error).__name__}") from error
        if response.status != 200:
            raise RegistryUnavailable(f"{path}: status {response.status}")
        return picture

    async def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """Return the JSON of an answer; None for an empty one."""
        try:
            async with (
                aiohttp.ClientSession(timeout=ASK, headers=self._headers) as session,
                session.request(method, self._url + path, json=body) as response,
            ):
                answer = None if response.status == 204 else await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RegistryUnavailable(f"{path}: {error or type(error).__name__}") from error
        if response.status < 300:
            return answer
        if response.status in (403, 404, 409) and isinstance(answer, dict) and "title" in answer:
            raise Permanent(plain(answer["title"]))
        raise RegistryUnavailable(f"{path}: status {response.status}")


def _proof(values: Mapping[str, Any]) -> WaitingProof:
    """Build a proof from JSON. Raises KeyError, TypeError, ValueError or AttributeError."""
    texts = {key: plain(values[key]) for key in ("style", "title", "person", "address")}
    version, live = (int(values[key]) for key in ("version", "live"))
    old, new = ({str(k): str(v) for k, v in values[key].items()} for key in ("old", "new"))
    return WaitingProof(**texts, version=version, live=live, old=old, new=new)
