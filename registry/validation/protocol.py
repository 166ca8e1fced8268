"""What the process of a validation and its parent both know. Loaded before the sandbox closes: it imports
nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.sandbox.sandbox import Limits

#: Files in a work folder; the parent knows them too.
UPLOAD, OUT = "upload", "out"
KEPT, PREVIEW = "out/kept", "out/preview.jpg"
#: Characters of an error that are passed on; some are pages long.
MAX_DETAIL = 2000
#: What libraries say when memory is out, those that say so.
OUT_OF_MEMORY = (
    "bad_alloc",
    "annot allocate",
    "ailed to allocate",
    "can't alloc",
    "ot enough memory",
    "could not create a memory",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What is found of a style that is fit to be published."""

    format: str
    architecture: str
    pixel_range: str
    notes: tuple[str, ...]
    seconds: float  #: that the validation took


def out_of_memory(limits: Limits) -> str:
    """The sentence for a style that is too large."""
    return f"The style needs more than {limits.memory / 2**30:.2g} GiB of memory: make the network smaller."
