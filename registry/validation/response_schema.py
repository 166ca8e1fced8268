"""Check the answers of a worker process, which the upload may have taken over."""

from __future__ import annotations

import signal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from registry.validation.protocol import MAX_DETAIL, OUT_OF_MEMORY, out_of_memory
from styles.contract import PixelRange
from styles.sandbox.sandbox import Limits


class PassedResponse(BaseModel):
    """Validate `styles.importing.importer.ImportedStyle` from a process that may lie."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    architecture: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    pixel_range: PixelRange
    notes: tuple[Annotated[str, Field(max_length=MAX_DETAIL)], ...] = Field(max_length=20)


class FurtherInput(BaseModel):
    """Validate an input beside the picture, as `ValuesNeeded` has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=100)
    numbers: int = Field(ge=0, le=10**9)
    choices: int = Field(ge=0, le=10**9)


class WorkerResponse(BaseModel):
    """Validate a line: that the process is ready, that the style passed, or why it is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ready: tuple[Annotated[str, Field(max_length=40)], ...] | None = Field(default=None, max_length=20)
    passed: PassedResponse | None = None
    refused: str | None = Field(default=None, max_length=MAX_DETAIL)
    detail: str = Field(default="", max_length=MAX_DETAIL)
    inputs: tuple[FurtherInput, ...] = Field(default=(), max_length=20)


def cause_of_death(code: int, last_words: str, limits: Limits) -> str:
    """Return a sentence for the artist. `code` is subprocess's: negative for a signal."""
    if code == -signal.SIGXCPU:
        return (
            f"The trial was ended after {limits.cpu_seconds} s of processor time: "
            "the network takes too long. Make it smaller."
        )
    if any(words in last_words for words in OUT_OF_MEMORY):
        return out_of_memory(limits)
    if code == -signal.SIGKILL:
        return "The trial was killed, most likely as memory ran out: make the network smaller."
    return (
        f"The file made the trial crash ({signal.Signals(-code).name if code < 0 else code}): "
        "it is damaged, or needs far too much memory. Export it again."
    )
