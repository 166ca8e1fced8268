"""Read [mail.lmtp]: where a mail server of one's own hands mail over."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from styles.service.config import Section

#: A port of this machine, as `127.0.0.1:2424` or `[::1]:2424`.
_PORT = re.compile(r"\[?(?P<host>[0-9a-f.:]+?)\]?:(?P<port>[1-9]\d{0,4})")
_UNIX = "unix:"
#: Bytes of a socket's path: Linux takes 107 (unix(7)).
_MAX_PATH = 107
_NO_PLACE = (
    'this is "unix:" and a whole path, as "unix:/run/mailbot/lmtp.sock", or a port of this machine, as '
    '"127.0.0.1:2424"; LMTP has no login, so other machines may not reach it'
)


def _place(text: str) -> str:
    """Return a place to listen at. Raises ValueError for one that other machines reach."""
    if text.startswith(_UNIX):
        path = text.removeprefix(_UNIX)
        if not (path.startswith("/") and path.isprintable() and len(path.encode()) <= _MAX_PATH):
            raise ValueError(_NO_PLACE)
    elif text and not ((found := _PORT.fullmatch(text)) and _is_here(found["host"], int(found["port"]))):
        raise ValueError(_NO_PLACE)
    return text


def _is_here(host: str, port: int) -> bool:
    try:
        return ip_address(host).is_loopback and port <= 65535
    except ValueError:
        return False


class Lmtp(Section):
    """Describe where mail is handed over; "" is nowhere."""

    listen: Annotated[str, AfterValidator(_place)] = ""

    @property
    def path(self) -> Path | None:
        """The path of the socket, None where it is a port."""
        return Path(self.listen.removeprefix(_UNIX)) if self.listen.startswith(_UNIX) else None

    @property
    def host_and_port(self) -> tuple[str, int]:
        """The address and the port, where it is no socket."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)
