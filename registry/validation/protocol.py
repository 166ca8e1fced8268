"""Define the values that a validation process and its parent exchange, by the standard library alone.

It is imported before the sandbox closes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from styles.sandbox.sandbox import Limits

#: Paths in a work folder.
UPLOAD, OUT = "upload", "out"
KEPT, PREVIEW = "out/kept", "out/preview.jpg"
#: Most characters of an error that are passed on; some have pages.
MAX_DETAIL = 2000
#: Words of libraries that run out of memory.
OUT_OF_MEMORY = (
    "bad_alloc",
    "annot allocate",
    "ailed to allocate",
    "can't alloc",
    "ot enough memory",
    "could not create a memory",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSettings:
    """Hold the settings of a process; one JSON object on its command line."""

    workdir: str
    parent: int  #: pid of the process that started it
    limits: dict[str, int]  #: the fields of `Limits`
    torch: bool  #: whether to load torch ahead, which takes 0.8 s and 180 MB


def out_of_memory(limits: Limits) -> str:
    """Return the sentence for a style that is too large."""
    return f"The style needs more than {limits.memory / 2**30:.2g} GiB of memory: make the network smaller."
