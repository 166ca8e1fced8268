"""The process in which an uploaded style is tried, `python -m registry.validation.process`;
`registry/validation/worker.py` starts it.

It shuts itself in, warms up, waits for its one job, says what it found and ends. It works in a work folder, a
folder that its parent made for it alone:

    WORKDIR/upload             the file as it came, put there just before the job; it can only be read
    WORKDIR/out/kept           the file as it is kept
    WORKDIR/out/preview.jpg    the first photo, painted

Its answers are lines of JSON: `{"ready": [what of the sandbox holds]}`, and after the job either
`{"passed": the fields of Passed}` or `{"refused": a sentence for the artist, "detail": for the log}`. What a
library prints goes to the parent's log. The sandbox comes before numpy or OpenVINO are imported: it holds
only for threads that are started after it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import registry
import styles
from registry.sandbox.sandbox import Limits, apply, end_with, is_full
from registry.validation.protocol import MAX_DETAIL, OUT, OUT_OF_MEMORY, Passed, out_of_memory
from styles.errors import Permanent

if TYPE_CHECKING:
    from styles.contract import PixelRange

#: Tries the upload of a work folder. Raises `BadCheckpoint`.
StyleChecker = Callable[[Path, "PixelRange | None"], Passed]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """What the process is told by its command line."""

    workdir: Path
    parent: int  #: pid of the process that started it
    limits: Limits
    torch: bool  #: to be loaded ahead: it takes 0.8 s and 180 MB


def main(arguments: Sequence[str] | None = None, check_style: StyleChecker | None = None) -> None:
    """One validation."""
    settings = _parse(arguments)
    end_with(settings.parent)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    packages = [Path(package.__path__[0]) for package in (registry, styles)]
    held = apply([*packages, settings.workdir], settings.workdir / OUT, settings.limits)
    check_style = check_style or _checker(settings.torch)
    _say(answers, {"ready": held})
    if job := sys.stdin.readline():
        _say(answers, _verdict(check_style, settings, json.loads(job)))
        sys.stdin.read()  # the parent ends it, and with it all of its group
    os._exit(0)  # nothing is left to tidy up, and OpenVINO's threads take their time


def _checker(torch: bool) -> StyleChecker:
    """Imports what is large, and only now."""
    from registry.validation.checks import check_style, warm_up

    warm_up(torch)
    return check_style


def _verdict(check_style: StyleChecker, settings: WorkerSettings, job: dict[str, Any]) -> dict[str, Any]:
    """What is to be said of a job. Whatever a file makes a library raise, the file is to blame."""
    try:
        return {"passed": asdict(check_style(settings.workdir, job["pixel_range"]))}
    except MemoryError as error:
        return _refused(out_of_memory(settings.limits), repr(error))
    except Permanent as error:
        return _refused(error.message, error.detail)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        if is_full(settings.limits) or any(words in detail for words in OUT_OF_MEMORY):
            return _refused(out_of_memory(settings.limits), detail)
        return _refused(
            "The style cannot be opened or painted with: the file is damaged, or no style.", detail
        )


def _refused(message: str, detail: str) -> dict[str, str]:
    return {"refused": message[:MAX_DETAIL], "detail": detail[:MAX_DETAIL]}


def _say(answers: Any, what: dict[str, Any]) -> None:
    print(json.dumps(what), file=answers, flush=True)


def _parse(arguments: Sequence[str] | None) -> WorkerSettings:
    parser = argparse.ArgumentParser(
        prog="python -m registry.validation.process", description="Tries one style."
    )
    parser.add_argument("--workdir", type=Path, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--torch", action="store_true")
    for field in fields(Limits):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=int, required=True)
    given = vars(parser.parse_args(arguments))
    limits = Limits(**{field.name: given[field.name] for field in fields(Limits)})
    return WorkerSettings(
        workdir=given["workdir"], parent=given["parent"], limits=limits, torch=given["torch"]
    )


if __name__ == "__main__":
    main()
