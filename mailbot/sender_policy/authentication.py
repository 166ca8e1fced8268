"""Whether a mail comes from where it says: what our own mail server found out (RFC 8601).

    judge      the verdict on a mail: "pass", "fail" or "unknown"
    results    the results in one Authentication-Results field, or () where it makes no sense
    aligned    whether two domains are of one owner

Anybody can write such a field into a mail, so only that of a server named in `[mail] authserv_id` counts,
and of those only the topmost: a server writes above what was there, and must take away what claims to be its
own (RFC 8601, section 5). An answer to a forged sender would hit somebody who never wrote.

The parser is our own. `authres` (1.2.0, of 2020) raises on fields that providers really write, on Yahoo's
semicolon at the end and on `smtp.mailfrom=<>`, so that a `dmarc=fail` beside them would be lost, and on 3,000
parentheses it ends in a RecursionError. What cannot be read here is no result, and costs no other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from mailbot.parsing.auto_submitted import AutomationHeaders

Verdict = Literal["pass", "fail", "unknown"]

#: What matters while comments are taken out, and runs of what does not.
_TOKEN = re.compile(r'\\.|[()"]|[^\\()"]+|\\', re.DOTALL)
#: A field is cut at its semicolons, but not at those in quoted strings.
_PIECE = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^;])+')
#: `dkim=pass`, `dkim/1=pass`, `header.d=mail.example`, `reason="…"`: what results are made of.
_PAIR = re.compile(r'(?<![\w.-])([A-Za-z][\w.-]*+)\s*+(?:/\s*\d+\s*)?=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)')
#: Results of one field that are looked at.
_MAX_RESULTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One result, such as `dkim=pass header.d=mail.example`, all in lower case."""

    method: str
    value: str
    properties: dict[str, str] = field(default_factory=dict)


def judge(automation: AutomationHeaders, trusted: Collection[str]) -> Verdict:
    """Whether `From` is who it says, as far as a server can tell that is named in `trusted`.

    Names may be shell patterns: a provider's servers sign as `mx1.`, `mx2.` and so on.

    A DMARC result decides. Without one, an SPF or DKIM pass for the sender's domain is enough for a pass, and
    it takes a failure of both for a fail: a mail that is forwarded fails SPF.
    """
    found = _trusted(automation.authentication_results, [name.lower() for name in trusted])
    domain = automation.from_address.rpartition("@")[2].lower()
    dmarc = [result for result in found if result.method == "dmarc" and _is_about(result, domain)]
    if any(result.value == "fail" for result in dmarc):
        return "fail"
    if any(result.value == "pass" for result in dmarc):
        return "pass"
    spf = [result for result in found if result.method == "spf"]
    dkim = [result for result in found if result.method == "dkim"]
    if any(result.value == "pass" and _is_aligned(result, domain) for result in (*spf, *dkim)):
        return "pass"
    failed = any(result.value in ("fail", "softfail") for result in spf) and dkim
    return "fail" if failed and all(result.value == "fail" for result in dkim) else "unknown"


def results(value: str) -> tuple[Result, ...]:
    """The results in a field's value, without its authserv-id; those that cannot be read are left out."""
    found = (_result(text) for text in _pieces(value)[1 : 1 + _MAX_RESULTS])
    return tuple(result for result in found if result)


def _trusted(fields: Iterable[str], names: Collection[str]) -> tuple[Result, ...]:
    """The results of the topmost field that one of the servers wrote."""
    return next((results(value) for value in fields if _is_one_of(_server(value), names)), ())


def _is_one_of(server: str, names: Collection[str]) -> bool:
    return bool(server) and any(fnmatchcase(server, name) for name in names)


def _server(value: str) -> str:
    """The authserv-id, "" if there is none: Microsoft's field begins with a result."""
    words = _pieces(value)[0].split()  # a version may follow
    return words[0].strip('"').lower() if words and "=" not in words[0] else ""


def _pieces(value: str) -> list[str]:
    return _PIECE.findall(_without_comments(value)) or [""]


def _without_comments(value: str) -> str:
    """The value without its comments, which may be nested; in quotes, parentheses begin none."""
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


def _result(text: str) -> Result | None:
    pairs = [(name.lower(), value.strip('"<>').lower()) for name, value in _PAIR.findall(text)]
    if not pairs:
        return None
    (method, value), *properties = pairs
    return Result(method=method, value=value, properties=dict(properties))


def _is_about(result: Result, domain: str) -> bool:
    """Whether a DMARC result is about the `From` that we read; a second `From` may hide another."""
    return result.properties.get("header.from", domain).rpartition("@")[2] == domain


def _is_aligned(result: Result, domain: str) -> bool:
    """Whether the domain that passed is the sender's."""
    names = ("smtp.mailfrom",) if result.method == "spf" else ("header.d", "header.i")
    passed = next((result.properties[name] for name in names if name in result.properties), "")
    return aligned(passed.rpartition("@")[2], domain)


def aligned(one: str, other: str) -> bool:
    """Whether two domains are one, or one of them lies in the other."""
    one, other = one.lower(), other.lower()
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
