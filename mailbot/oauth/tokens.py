"""Get access tokens by the kept login, and keep each until shortly before its end."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from mailbot.oauth import google, microsoft
from mailbot.oauth.login_file import FreshToken, LoginFile, NoToken
from styles.service.optional_libraries import is_installed, missing

#: Seconds before its end from which a token is no longer handed out. A login and a large mail take less.
SPARE_SECONDS = 300.0
#: An access token as it may stand in a header (RFC 6750, 2.1).
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,16384}")


def access_token(
    file: LoginFile, graph: str = "", refused: str = "", clock: Callable[[], float] = time.time
) -> str:
    """Return a token that is not the one `refused`. Raises `NoToken`.

    It is for IMAP and SMTP, or, where `graph` names its host, to send by Graph. This call blocks.
    """
    right = f"graph {graph}" if graph else "mail"
    if token := _kept(file.read(), right, refused, clock()):
        return token
    try:
        with file.alone():
            login = file.read()
            if token := _kept(login, right, refused, clock()):  # another process was quicker
                return token
            fresh = _refreshed(login, graph)
            if not _TOKEN.fullmatch(fresh.token):
                raise NoToken("what the provider gives is no token")
            tokens = login.get("tokens", {}) | {right: {"token": fresh.token, "until": fresh.until}}
            file.write(fresh.login | {"tokens": tokens})
    except NoToken:
        raise
    except OSError as error:
        raise NoToken(f"the login in {file.path} cannot be kept: {error.strerror}") from error
    return fresh.token


def _refreshed(login: dict[str, Any], graph: str) -> FreshToken:
    if not is_installed("oauth"):
        raise NoToken(str(missing("oauth", "A token")))
    match login.get("kind"):
        case "google" if not graph:
            return google.refresh(login)
        case "microsoft":
            return microsoft.refresh(login, microsoft.rights(graph, is_app=bool(login.get("secret"))))
    raise NoToken("the kept login is not for this mailbox: run `mailbot login` again")


def _kept(login: dict[str, Any], right: str, refused: str, now: float) -> str:
    try:
        kept = login["tokens"][right]
        is_good = float(kept["until"]) - SPARE_SECONDS > now and kept["token"] != refused
        return str(kept["token"]) if is_good else ""
    except (KeyError, TypeError, ValueError):
        return ""
