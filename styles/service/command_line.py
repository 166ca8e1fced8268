"""Share between the commands the option `--config`, their names, sentences and errors of one line."""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel
from rich.console import Console

from styles.errors import PainterError, UnknownStyle
from styles.service import logs
from styles.service.config import ConfigError, LogsConfigFile, load
from styles.service.optional_libraries import from_here

log = logging.getLogger(__name__)

S = TypeVar("S", bound=BaseModel)
#: Default path of the configuration.
CONFIG = Path("config.toml")
ConfigFile = Annotated[Path, typer.Option("--config", metavar="FILE", help="The configuration file.")]


def program(name: str) -> str:
    """Return how a person calls a command of this installation: by its name where the shell finds it."""
    script = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    return name if found and script.exists() and script.samefile(found) else str(from_here(script))


def say(console: Console, line: str) -> None:
    """Print a sentence, with any signs and bytes that the names of files in it have."""
    line = line.encode("utf-8", "replace").decode("utf-8")
    console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def private_files() -> Iterator[None]:
    """Have no other user read what the block makes, as what a service makes."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def load_service(file: Path, model: type[S], process: str) -> S:
    """Read the config of a service, and log as it says from now on, its own errors too.

    Raises `ConfigError`.
    """
    try:
        logs.set_up(process, as_json=load(file, LogsConfigFile).logs.is_json)
    except ConfigError:
        logs.set_up(process)  # as the process that has started this one
    return load(file, model)


@contextmanager
def one_line_errors(*also: type[Exception]) -> Iterator[None]:
    """Print errors that a person can mend as one line, and exit. A service with JSON logs logs them.

    The status is 2 for a wrong config, and 1 for another error. `also` adds types of these.
    """
    mendable: tuple[type[Exception], ...] = (ConfigError, PainterError, OSError, *also)
    try:
        yield
    except mendable as error:
        _report(_sentence(error))
        if isinstance(error, UnknownStyle) and error.near:
            _report(f"Did you mean {' or '.join(error.near)}?")
        if isinstance(error, UnknownStyle) and error.known:
            _report(f"Known styles: {', '.join(error.known)}.")
        raise typer.Exit(2 if isinstance(error, ConfigError) else 1) from error


def _report(sentence: str) -> None:
    if logs.is_json():
        log.error("%s", sentence)
    else:
        typer.echo(sentence, err=True)


def _sentence(error: Exception) -> str:
    """Return what an error says, without the number of an error of the system."""
    if isinstance(error, OSError) and error.strerror and type(error).__str__ is OSError.__str__:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)
