"""Read the parameters of /v1/stylize and /v1/sheet. A bad one raises `BadOption` with a sentence about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from styles.contract import StyleJob, StyleOptions
from styles.errors import BadOption

#: Parameters of both routes; /v1/stylize has `style` besides.
BOTH = ("strength", "keep_colors", "size", "format", "max_bytes", "preview", "sender", "job", "suspect")
#: Characters of a style or blend, a job's id, or a sender's name.
MAX_NAME = 500
#: Long side of each painting of a sheet by default, and at most, pixels. 25 squares of the larger size
#: have 34 million pixels with the gaps.
SHEET_SIZE, MAX_SHEET_SIZE = 512, 1024


def read(query: Mapping[str, str], *, sheet: bool = False) -> StyleJob:
    """Return the job of a query, without its photo; id and sender may be "". Raises `BadOption`."""
    known = BOTH if sheet else ("style", *BOTH)
    if strange := [name for name in query if name not in known]:
        raise BadOption(f"Nobody knows the option {strange[0]}; there are {', '.join(known)}.")
    if not sheet and not query.get("style"):
        raise BadOption("Name a style, by ?style=NAME.")
    if any(len(query.get(name, "")) > MAX_NAME for name in ("style", "sender", "job")):
        raise BadOption(f"A style, a sender or a job is named by at most {MAX_NAME} characters.")
    return StyleJob(
        id=query.get("job", ""),
        style=query.get("style", ""),
        image=b"",
        options=_options(query, sheet=sheet),
        sender=query.get("sender", ""),
        sheet=sheet,
        suspect=_truth(query, "suspect"),
    )


def joined(query: Mapping[str, str], fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return the options of a query and of a form. Raises `BadOption` for one that is there twice."""
    names = [*query, *fields]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadOption(f"The option {min(twice)[:40]} is given twice.")
    return {**query, **fields} if fields else query


def _options(query: Mapping[str, str], *, sheet: bool) -> StyleOptions:
    default = StyleOptions()
    options = StyleOptions(
        strength=_number(query, "strength", float, default.strength),
        keep_colors=_truth(query, "keep_colors"),
        size=_number(query, "size", int, SHEET_SIZE if sheet else default.size),
        format=query.get("format", default.format),  # type: ignore[arg-type]  # the class checks it
        max_bytes=_number(query, "max_bytes", int, None),
        preview=_number(query, "preview", int, None),
    )
    return replace(options, size=min(options.size, MAX_SHEET_SIZE)) if sheet else options


def _number(query: Mapping[str, str], name: str, kind: Callable[[str], Any], default: Any) -> Any:
    try:
        return kind(query[name]) if name in query else default
    except ValueError as error:
        raise BadOption(f"The option {name} must be a number, not {query[name]!r}.") from error


def _truth(query: Mapping[str, str], name: str) -> bool:
    match query.get(name, "false").lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
        case other:
            raise BadOption(f"The option {name} must be true or false, not {other!r}.")
