"""An identity provider that behaves like Google's and Microsoft's, and misbehaves on command."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import ssl
import time
from collections import deque
from typing import Any, Self
from urllib.parse import urlencode

from aiohttp import web

USER = "bot@outlook.com"


class IdentityProvider:
    """Gives codes and tokens at `url`, over HTTPS. A refresh token is good once: then it is another one.

    `pending` answers to a device's question are no yet; `faults` are taken one a token: a code of an error,
    "html" for a page, or a token in place of a good one.
    """

    def __init__(self, certificate: tuple[str, str]) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(*certificate)
        self.pending = 0
        self.faults: deque[str] = deque()
        #: Cleared, no token is answered.
        self.is_quick = asyncio.Event()
        self.is_quick.set()
        #: What clients asked for a token with.
        self.asked: list[dict[str, str]] = []
        self.secret = "the application's secret"
        #: Scopes that the account has agreed to; a code of a device adds its own.
        self.agreed: set[str] = set()
        self.refresh_token = ""
        self._given = 0
        self._numbers = itertools.count(1)
        self._challenges: dict[str, str] = {}
        self._devices: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._describe),
                web.post("/{tenant}/device", self._device),
                web.post("/{tenant}/token", self._token),
                web.get("/auth", self._agree),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=self._context).start()
        self.url = f"https://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_exc: object) -> None:
        self.is_quick.set()
        await self._runner.cleanup()

    @property
    def access_token(self) -> str:
        """The newest one."""
        return f"access-{self._given}"

    def google_client(self) -> dict[str, Any]:
        """As its console has one download."""
        urls = {"auth_uri": f"{self.url}/auth", "token_uri": f"{self.url}/google/token"}
        return {"installed": {"client_id": "id", "client_secret": "no secret", **urls}}

    async def _describe(self, request: web.Request) -> web.Response:
        if request.match_info["tenant"] == "unknown":
            raise web.HTTPBadRequest(text="AADSTS90002: no such tenant")
        root = f"{self.url}/{request.match_info['tenant']}"
        urls = {"authorization_endpoint": f"{root}/auth", "token_endpoint": f"{root}/token"}
        return web.json_response({"issuer": root, "device_authorization_endpoint": f"{root}/device", **urls})

    async def _device(self, request: web.Request) -> web.Response:
        scopes = str((await request.post())["scope"])
        number = next(self._numbers)
        code = f"device-{number}"
        self._devices[code] = scopes
        page = {"verification_uri": "https://login.example/device", "user_code": f"CODE{number}"}
        return web.json_response({"device_code": code, "expires_in": 60, "interval": 1, **page})

    async def _agree(self, request: web.Request) -> web.Response:
        """The page at which the person agrees at once."""
        query = request.query
        code = f"code-{len(self._challenges)}"
        self._challenges[code] = query["code_challenge"]
        answer = {"code": code, "state": query["state"], "scope": query["scope"]}
        raise web.HTTPFound(f"{query['redirect_uri']}?{urlencode(answer)}")

    async def _token(self, request: web.Request) -> web.Response:
        asked = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(asked)
        await self.is_quick.wait()
        if error := self._refusal(asked):
            words = f"AADSTS70000: no token for {USER}."
            return web.json_response({"error": error, "error_description": words}, status=400)
        fault = self.faults.popleft() if self.faults else ""
        if fault == "html":
            return web.Response(text="<p>Back soon.</p>", content_type="text/html")
        self._given += 1
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3599}
        answer["access_token"] = fault or self.access_token
        if asked["grant_type"] != "client_credentials":
            self.refresh_token = answer["refresh_token"] = f"refresh-{self._given}"
            answer |= _of_person(asked.get("client_id", ""))
        return web.json_response(answer)

    def _refusal(self, asked: dict[str, str]) -> str:
        """The code of an error, if this is to be refused."""
        if self.faults and self.faults[0].startswith("error:"):
            return self.faults.popleft().removeprefix("error:")
        match asked["grant_type"]:
            case "refresh_token":
                is_agreed = not self.agreed or set(asked.get("scope", "").split()) & self.agreed
                return "" if asked["refresh_token"] == self.refresh_token and is_agreed else "invalid_grant"
            case "client_credentials":
                return "" if asked["client_secret"] == self.secret else "invalid_client"
            case "authorization_code":
                digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                return "" if self._challenges.pop(asked["code"], "") == challenge else "invalid_grant"
        if self.pending:
            self.pending -= 1
            return "authorization_pending"
        scopes = self._devices.pop(asked["device_code"])
        self.agreed |= {scope for scope in scopes.split() if "://" in scope}
        return ""


def _of_person(client_id: str) -> dict[str, str]:
    now = int(time.time())
    claims = {"iss": "i", "sub": "s", "aud": client_id, "exp": now + 3600, "iat": now}
    parts: tuple[dict[str, Any], ...] = ({"alg": "none"}, claims | {"preferred_username": USER})
    return {
        "id_token": ".".join([*map(_encoded, parts), "signature"]),
        "client_info": _encoded({"uid": "u", "utid": "t"}),
    }


def _encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
