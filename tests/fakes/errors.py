"""An error of each class."""

from __future__ import annotations

from collections.abc import Iterator

from styles import errors
from styles.errors import Busy, PainterError, UnknownStyle


def below(kind: type[PainterError]) -> Iterator[type[PainterError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from below(child)


def made(kind: type[PainterError]) -> PainterError:
    arguments: dict[type[PainterError], tuple[object, ...]] = {
        UnknownStyle: ("mosaik", ["mosaic"], ["mosaic", "udnie"]),
        Busy: (7.5, "full"),
        errors.NotBlendable: ("wood",),
        errors.FeaturesUnavailable: ("file", "detail"),
        errors.MissingExtra: ("A style", "gpu", "pip install"),
    }
    sentence = kind in (
        PainterError,
        errors.Permanent,
        errors.Temporary,
        errors.BadOption,
        errors.BadCheckpoint,
        errors.ValuesNeeded,
    )
    return kind(*arguments.get(kind, ("A sentence.", "a detail") if sentence else ("a detail",)))  # type: ignore[arg-type]
