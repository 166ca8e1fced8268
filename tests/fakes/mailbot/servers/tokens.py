"""Access tokens as an OAuth 2.0 authority gives them: JSON Web Tokens (RFC 7519), signed by HMAC."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

KEY = b"the key of an authority that exists in tests alone"


def keep_key(folder: Path) -> None:
    """Where Dovecot looks for the key of an authority without a name."""
    location = folder / "default" / "HS256"
    location.mkdir(parents=True)
    (location / "default").write_bytes(base64.b64encode(KEY))
    for path in (folder, *folder.rglob("*")):  # Dovecot is another user, and our umask may be the bot's
        path.chmod(0o755 if path.is_dir() else 0o644)


def token(user: str, seconds: int = 3600) -> str:
    """A token of `user`, valid for so long; of less than 0 seconds: expired."""
    now = int(time.time())
    claims = {"sub": user, "iss": "test", "iat": now - 60, "nbf": now - 60, "exp": now + seconds}
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_base64(_signature(signed))}"


def is_valid(given: str, user: str) -> bool:
    signed, _, signature = given.rpartition(".")
    if signature != _base64(_signature(signed)):
        return False
    payload = signed.partition(".")[2]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return bool(claims["sub"] == user and claims["exp"] > time.time())


def _signature(signed: str) -> bytes:
    return hmac.new(KEY, signed.encode(), hashlib.sha256).digest()


def _part(content: dict[str, object] | dict[str, str]) -> str:
    return _base64(json.dumps(content).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


class Authority:
    """Gives these tokens, one after the other, and then the last one for ever."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.asked = 0

    async def __call__(self, _refused: str) -> str:
        self.asked += 1
        return self._tokens.pop(0) if len(self._tokens) > 1 else self._tokens[0]
