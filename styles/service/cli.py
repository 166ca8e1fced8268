"""Share between the commands the option `--config`, their names, sentences and errors of one line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from styles.errors import PainterError, UnknownStyle
from styles.service.config import ConfigError
from styles.service.extras import from_here

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


@contextmanager
def one_line_errors(*also: type[Exception]) -> Iterator[None]:
    """Print errors that a person can mend as one line, and exit.

    The status is 2 for a wrong config, and 1 for another error. `also` adds types of these.
    """
    mendable: tuple[type[Exception], ...] = (ConfigError, PainterError, OSError, *also)
    try:
        yield
    except mendable as error:
        typer.echo(_sentence(error), err=True)
        if isinstance(error, UnknownStyle) and error.near:
            typer.echo(f"Did you mean {' or '.join(error.near)}?", err=True)
        if isinstance(error, UnknownStyle) and error.known:
            typer.echo(f"Known styles: {', '.join(error.known)}.", err=True)
        raise typer.Exit(2 if isinstance(error, ConfigError) else 1) from error


def _sentence(error: Exception) -> str:
    """Return what an error says, without the number of an error of the system."""
    if isinstance(error, OSError) and error.strerror and type(error).__str__ is OSError.__str__:
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror}."
    return str(error)
