"""Validate one uploaded style: the process `python -m registry.validation.process`.

`registry/validation/worker.py` starts it. It sandboxes itself, warms up, waits for its one job, reports the
result and ends. Its parent made a work folder for it alone:

    WORKDIR/upload             the uploaded file, put there just before the job; read only
    WORKDIR/out/kept           the file to keep
    WORKDIR/out/preview.jpg    the first photo, painted

It answers by lines of JSON. The first is `{"ready": [protections that hold]}`. After the job follows either
`{"passed": the fields of Passed}` or `{"refused": a sentence for the artist, "detail": for the log}`. Output
of libraries goes to the parent's log. The sandbox comes before numpy or OpenVINO are imported, since it holds
only for threads that start later.
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
from registry.sandbox.sandbox import Limits, apply, is_full
from registry.validation.protocol import MAX_DETAIL, OUT, OUT_OF_MEMORY, Passed, out_of_memory
from styles.errors import Permanent
from styles.service.process import die_with_parent

if TYPE_CHECKING:
    from styles.contract import PixelRange

#: Function that checks the upload of a work folder. Raises `BadCheckpoint`.
StyleChecker = Callable[[Path, "PixelRange | None"], Passed]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """Hold the settings from the command line."""

    workdir: Path
    parent: int  #: pid of the process that started it
    limits: Limits
    torch: bool  #: whether to load torch ahead, which takes 0.8 s and 180 MB


def main(arguments: Sequence[str] | None = None, check_style: StyleChecker | None = None) -> None:
    """Run one validation."""
    settings = _parse(arguments)
    die_with_parent(settings.parent, "registry")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    packages = [Path(package.__path__[0]) for package in (registry, styles)]
    held = apply([*packages, settings.workdir], settings.workdir / OUT, settings.limits)
    check_style = check_style or _checker(settings.torch)
    _answer(answers, {"ready": held})
    if job := sys.stdin.readline():
        _answer(answers, _result(check_style, settings, json.loads(job)))
        sys.stdin.read()  # until the parent ends the process and its group
    os._exit(0)  # nothing is left to clean up, and OpenVINO's threads end slowly


def _checker(torch: bool) -> StyleChecker:
    """Import the large libraries, after the sandbox is closed."""
    from registry.validation.checks import check_style, warm_up

    warm_up(torch)
    return check_style


def _result(check_style: StyleChecker, settings: WorkerSettings, job: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a job. The file is to blame for any error that a library raises."""
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


def _answer(answers: Any, what: dict[str, Any]) -> None:
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
    limits = Limits(**{field.name: given.pop(field.name) for field in fields(Limits)})
    return WorkerSettings(limits=limits, **given)


if __name__ == "__main__":
    main()
