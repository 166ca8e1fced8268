"""Validate one uploaded style: the process `python -m registry.validation.worker_process`.

`worker_handle.py` starts it. It sandboxes itself, warms up, waits for its one job, reports the result and
ends. Its parent made a work folder for it alone:

    WORKDIR/upload             the uploaded file, put there just before the job; read only
    WORKDIR/out/kept           the file to keep
    WORKDIR/out/preview.jpg    the first photo, painted

It answers by lines of JSON. The first is `{"ready": [protections that hold]}`. After the job follows either
`{"passed": fields of ImportedStyle}` or `{"refused": a sentence for the artist, "detail": for the log}`.
Where values are needed, the latter has the `inputs` of `ValuesNeeded` too.
Output of libraries goes to the parent's log. The sandbox comes before numpy or OpenVINO are imported, since
it holds only for threads that start later.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import registry
import styles
from registry.validation.protocol import MAX_DETAIL, OUT, OUT_OF_MEMORY, WorkerSettings, out_of_memory
from styles.contract import PixelRange
from styles.errors import Permanent, ValuesNeeded
from styles.sandbox.sandbox import Limits, apply, is_near_limit
from styles.service.child_processes import die_with_parent

if TYPE_CHECKING:
    from styles.importing.importer import ImportedStyle


#: Priority of a trial: photos that people have sent are painted first. Beside one of them that takes all
#: cores, a trial has a tenth of each.
LOW = 10


def main(check_style: Callable[[Path, PixelRange | None, str], ImportedStyle] | None = None) -> None:
    """Run one validation, by `check_style`, with the `WorkerSettings` of the command line."""
    settings = WorkerSettings(**json.loads(sys.argv[1]))
    workdir, limits = Path(settings.workdir), Limits(**settings.limits)
    die_with_parent(settings.parent, "registry")
    os.nice(LOW)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    packages = [Path(package.__path__[0]) for package in (registry, styles)]
    held = apply([*packages, workdir], limits, writable=[workdir / OUT])
    if check_style is None:  # the large libraries come after the sandbox is closed
        from registry.validation import checks

        checks.warm_up(settings.torch)
        check_style = checks.check_style
    _answer(answers, {"ready": held})
    if line := sys.stdin.readline():
        job = json.loads(line)
        check = partial(check_style, workdir, job["pixel_range"], job["values"])
        _answer(answers, _result(check, limits))
        sys.stdin.read()  # until the parent ends the process and its group
    os._exit(0)  # nothing is left to clean up, and OpenVINO's threads end slowly


def _result(check: Callable[[], ImportedStyle], limits: Limits) -> dict[str, Any]:
    """Return the answer to a job. The file is to blame for any error that a library raises."""
    try:
        return {"passed": asdict(check())}
    except MemoryError as error:
        return _refused(out_of_memory(limits), repr(error))
    except ValuesNeeded as error:
        return _refused(error.message, error.detail) | {"inputs": error.inputs}
    except Permanent as error:
        return _refused(error.message, error.detail)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        if is_near_limit(limits) or any(words in detail for words in OUT_OF_MEMORY):
            return _refused(out_of_memory(limits), detail)
        return _refused(
            "The style cannot be opened or painted with: the file is damaged, or no style.", detail
        )


def _refused(message: str, detail: str) -> dict[str, Any]:
    return {"refused": message[:MAX_DETAIL], "detail": detail[:MAX_DETAIL]}


def _answer(answers: Any, what: dict[str, Any]) -> None:
    print(json.dumps(what), file=answers, flush=True)


if __name__ == "__main__":
    main()
