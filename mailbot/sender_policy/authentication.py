"""Judge whether a mail's sender is forged, by the results of the bot's own mail server (RFC 8601).

An answer to a forged sender would reach a person who never wrote. Anybody can write such a field into a mail.
So only the topmost field of a server in `[mail] authserv_id` counts. A server writes its field above all
others, and must remove fields that claim its name (RFC 8601, section 5).

The parser is this project's own. `authres` (1.2.0, of 2020) raises on fields that providers really write: on
Yahoo's semicolon at the end and on `smtp.mailfrom=<>`. A `dmarc=fail` beside them would be lost. On 3,000
parentheses it ends in a RecursionError. Here an unreadable result is left out, and the others count.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from mailbot.parsing.automation_headers import AutomationHeaders

SenderVerdict = Literal["pass", "fail", "unknown"]

#: Tokens that matter while comments are removed, and runs of other characters.
_TOKEN = re.compile(r'\\.|[()"]|[^\\()"]+|\\', re.DOTALL)
#: Pieces of a field between semicolons, but not those in quoted strings.
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;])+')
#: A pair in a result: `dkim=pass`, `dkim/1=pass`, `header.d=mail.example`, `reason="…"`.
_PAIR = re.compile(r'(?<![\w.-])([A-Za-z][\w.-]*+)\s*+(?:/\s*\d+\s*)?=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)')
#: Results of one field that are read.
_MAX_RESULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationResult:
    """Hold one result, such as `dkim=pass header.d=mail.example`, in lower case."""

    method: str
    value: str
    properties: dict[str, str] = field(default_factory=dict)


def judge(automation: AutomationHeaders, trusted: Collection[str]) -> SenderVerdict:
    """Judge whether `From` is genuine, by the results of the `trusted` servers, named by shell patterns.

    A DMARC result decides. Without one, an SPF or DKIM pass for the sender's domain is a pass. Only a failure
    of both is a fail, since a forwarded mail fails SPF.
    """
    found = _trusted(automation.authentication_results, [name.lower() for name in trusted])
    domain = automation.from_address.rpartition("@")[2].lower()
    dmarc = {result.value for result in found if result.method == "dmarc" and _is_about(result, domain)}
    spf = {result.value for result in found if result.method == "spf"}
    dkim = {result.value for result in found if result.method == "dkim"}
    if "fail" in dmarc:
        return "fail"
    if "pass" in dmarc or any(result.value == "pass" and _is_aligned(result, domain) for result in found):
        return "pass"
    return "fail" if spf & {"fail", "softfail"} and dkim == {"fail"} else "unknown"


def results(value: str) -> tuple[AuthenticationResult, ...]:
    """Read the results in a field's value; unreadable ones are left out."""
    found = []
    for text in _pieces(value)[1 : 1 + _MAX_RESULTS]:
        pairs = [(name.lower(), word.strip('"<>').lower()) for name, word in _PAIR.findall(text)]
        if pairs:
            (method, result), *properties = pairs
            found.append(AuthenticationResult(method=method, value=result, properties=dict(properties)))
    return tuple(found)


def _trusted(fields: Iterable[str], names: Collection[str]) -> tuple[AuthenticationResult, ...]:
    """Return the results of the topmost field that one of the servers wrote."""
    for value in fields:
        words = _pieces(value)[0].split()  # the server and maybe a version; Microsoft's begins with a result
        if words and "=" not in words[0]:
            server = words[0].strip('"').lower()
            if server and any(fnmatchcase(server, name) for name in names):
                return results(value)
    return ()


def _pieces(value: str) -> list[str]:
    return _PIECE.findall(_without_comments(value)) or [""]


def _without_comments(value: str) -> str:
    """Remove comments, which may be nested; parentheses in quotes are kept."""
    kept: list[str] = []
    depth, quoted = 0, False
    for part in _TOKEN.findall(value):
        is_bracket = part in ("(", ")") and not quoted
        if is_bracket:
            depth = max(0, depth + (1 if part == "(" else -1))
        elif part == '"' and not depth:
            quoted = not quoted
        if not depth:
            kept.append(" " if is_bracket else part)
    return "".join(kept)


def _is_about(result: AuthenticationResult, domain: str) -> bool:
    """Tell whether a DMARC result is about the `From` that the bot reads, and not about a second one."""
    return result.properties.get("header.from", domain).rpartition("@")[2] == domain


def _is_aligned(result: AuthenticationResult, domain: str) -> bool:
    """Tell whether the domain of an SPF or DKIM result is the sender's."""
    names = {"spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i")}.get(result.method, ())
    passed = next((result.properties[name] for name in names if name in result.properties), "")
    return aligned(passed.rpartition("@")[2], domain)


def aligned(one: str, other: str) -> bool:
    """Tell whether two domains are equal, or one is a subdomain of the other."""
    one, other = one.lower(), other.lower()
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
