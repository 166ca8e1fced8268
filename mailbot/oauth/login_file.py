"""Keep what a login left: the refresh token or the application's secret, for this user's eyes alone.

The file lies beside the ledger. Only its owner can read it (0600). A provider may replace the refresh token
at each use, and the old one may then be void. So one process at a time uses the file, and the new one is on
the disk before its access token is used.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from styles.service.archive import sync_folder

#: The code of an OAuth error, such as “invalid_grant” (RFC 6749, 5.2).
_CODE = re.compile(r"[a-z_]{1,60}")


class NoToken(ConnectionError):
    """Report that there is no token, or none that the server takes. The message holds no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshToken:
    """Hold a new access token, and the login to keep from now on."""

    token: str
    until: float  #: when the token ends, seconds since the epoch
    login: dict[str, Any]


def code_of(error: object) -> str:
    """Return a provider's code for an error. Other words of its answer may hold secrets, and are left out."""
    return str(error) if _CODE.fullmatch(str(error)) else "no reason given"


def login_file_of(ledger: Path) -> Path:
    """Return the file for the login of that ledger's bot."""
    return ledger.with_name(f"{ledger.name}.login")


class LoginFile:
    """Hold one file. Its content is a JSON object: `kind`, and what that kind of login keeps."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> dict[str, Any]:
        """Return the login. Raises `NoToken` if there is none, or one that cannot be read."""
        try:
            found = json.loads(self.path.read_bytes())
        except FileNotFoundError as error:
            raise NoToken("nobody has logged in yet: run `mailbot login`") from error
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
            raise NoToken(f"the login in {self.path} cannot be read: {reason}") from error
        if not isinstance(found, dict):
            raise NoToken(f"the login in {self.path} cannot be read: it holds no login")
        return found

    def write(self, login: dict[str, Any]) -> None:
        """Replace the login, durably. Raises OSError; then the old one is still there."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.part")
        part.unlink(missing_ok=True)  # one that a crash left may have other rights
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "w") as file:
                json.dump(login, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
            sync_folder(self.path.parent)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Wait until no other process uses the file, and keep the others waiting. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path.with_name(f"{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)
