r"""Find the folder of an account that the config names, and create a missing one.

The config's word is a name, with `/` between a folder and its subfolder. It may also be a special use (RFC
6154) such as `\Archive`: the folder that the server marks so, in any language. Servers have their own sign
for `/`, and some keep all of a person's folders below a prefix ("INBOX." on Courier and old Cyrus). NAMESPACE
(RFC 2342) reports both. Here a *name* is the config's, in Unicode, and a *path* is the server's.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mailbot.transport.imap_calls import CommandRefused
from mailbot.transport.imap_syntax import decoded, encoded, quoted

log = logging.getLogger(__name__)

#: Waits for an answer, raises if it is not OK, and returns its lines.
Ok = Callable[[str, Awaitable[Any]], Awaitable[list[Any]]]

_STRING = rb'"(?:[^"\\]|\\.)*"'
_LISTED = re.compile(rb"\(([^)]*)\) (NIL|" + _STRING + rb") (.*)", re.DOTALL)
#: The first personal namespace: its prefix and its delimiter.
_NAMESPACE = re.compile(rb"\(\((" + _STRING + rb") (NIL|" + _STRING + rb")")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFolder:
    """Describe a folder in the answer to LIST."""

    path: str
    #: Sign between a folder and its subfolder; empty on servers without subfolders.
    delimiter: str
    #: In lower case, each with its backslash.
    flags: frozenset[str]


class Folders:
    """Find and create the folders of an account that is logged in."""

    def __init__(self, protocol: Any, ok: Ok) -> None:
        self._protocol = protocol
        self._ok = ok
        self._prefix = ""
        self._delimiter = "/"

    async def look(self) -> None:
        """Ask for prefix and delimiter. All methods raise the errors of `ok`."""
        if "NAMESPACE" in self._protocol.capabilities:
            lines = await self._ok("NAMESPACE", self._protocol.namespace())
            if match := _NAMESPACE.search(b" ".join(lines)):
                self._prefix, self._delimiter = _text(match[1]), _text(match[2]) or "/"
                return
        for listed in await self._list('""'):
            self._delimiter = listed.delimiter or "/"

    async def find(self, word: str) -> str | None:
        """Return the path of a folder, or None if it does not exist."""
        path = await self._path(word)
        return path if await self.exists(path) else None

    async def exists(self, path: str) -> bool:
        """Return whether there is a folder at that path."""
        return bool(await self._list(quoted(path)))

    async def ensure(self, word: str) -> str:
        """Return the path of the folder, which is created if it is missing."""
        path = await self._path(word)
        # Not CREATE at once: for a folder that exists it hangs on some servers.
        if not await self.exists(path):
            await self.create(path)
        return path

    async def create(self, path: str) -> None:
        """Create a folder. If another connection has created it meanwhile, that is no error."""
        log.info("creating the folder %s", decoded(path))
        try:
            await self._ok("CREATE", self._protocol.simple_command("CREATE", quoted(path)))
        except CommandRefused:
            if not await self.exists(path):
                raise

    async def special_use(self, flag: str) -> str | None:
        r"""Return the path of the folder for `flag`, such as `\Trash`, or None if the server marks none."""
        extended = {"SPECIAL-USE", "LIST-EXTENDED"} <= set(self._protocol.capabilities)
        # The short list where it can be had: aioimaplib cannot read some thousand lines at once.
        listed = await self._list('"*"', *(["(SPECIAL-USE)"] if extended else []))
        return next((each.path for each in listed if flag.lower() in each.flags), None)

    async def _path(self, word: str) -> str:
        if word.startswith("\\") and (marked := await self.special_use(word)):
            return marked
        name = word.removeprefix("\\")
        if name.upper() == "INBOX":
            return "INBOX"
        path = encoded(name).replace("/", self._delimiter)
        return path if path.startswith(self._prefix) else self._prefix + path

    async def _list(self, pattern: str, *options: str) -> list[ListedFolder]:
        call = self._protocol.simple_command("LIST", *options, '""', pattern)
        return [each for each in listed(await self._ok("LIST", call)) if r"\nonexistent" not in each.flags]


def listed(lines: Sequence[bytes | bytearray]) -> list[ListedFolder]:
    """Parse the answer to LIST. aioimaplib gives a name that came as a literal as a bytearray of its own."""
    found = []
    for number, line in enumerate(lines):
        match = _LISTED.fullmatch(bytes(line)) if not isinstance(line, bytearray) else None
        if match is None:
            continue
        is_literal = re.fullmatch(rb"\{\d+\}", match[3]) and number + 1 < len(lines)
        name = bytes(lines[number + 1]) if is_literal else _text(match[3]).encode()
        flags = frozenset(match[1].decode(errors="replace").lower().split())
        found.append(ListedFolder(path=name.decode(errors="replace"), delimiter=_text(match[2]), flags=flags))
    return found


def _text(word: bytes) -> str:
    """Return the text of a quoted string or an atom; NIL is the empty string."""
    if word == b"NIL":
        return ""
    if word.startswith(b'"'):
        word = re.sub(rb"\\(.)", rb"\1", word[1:-1])
    return word.decode(errors="replace")
