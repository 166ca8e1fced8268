"""Say which extra of this project installs a library that is missing.

    local       the mail server to play with          publish     trials of ONNX files
    gpu         painting on a GPU; state dicts        train       styles from paintings
    postgres    the registry's database               s3          the registry's blobs
    ray         runners on other machines             oauth       logins at Google and Microsoft
    lmtp        mail handed over by one's own mail server

Only the standard library is imported, since a sandboxed process loads this module before its sandbox closes.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from styles.errors import MissingExtra

#: The name under which this project is installed.
DISTRIBUTION = "mail-painter"
#: The libraries of each extra, by the names under which they are imported.
LIBRARIES: dict[str, tuple[str, ...]] = {
    "local": ("aiosmtpd", "pymap"),
    "publish": ("onnx",),
    "gpu": ("torch",),
    "train": ("torch", "torchvision"),
    "postgres": ("psycopg", "psycopg_pool"),
    "s3": ("obstore",),
    "ray": ("ray",),
    "lmtp": ("aiosmtpd",),
    "oauth": ("google_auth_oauthlib", "msal"),
}


def is_installed(extra: str) -> bool:
    """Tell whether all libraries of an extra are installed; none is imported."""
    return all(map(_is_found, LIBRARIES[extra]))


def require(extra: str, what: str) -> None:
    """Raise `MissingExtra` where a library of an extra is missing; `what` begins its sentence."""
    if not is_installed(extra):
        raise missing(extra, what)


def missing(extra: str, what: str) -> MissingExtra:
    """Return the error of something that needs an extra; `what` begins its sentence."""
    return MissingExtra(what, extra, install_command(extra))


def install_command(extra: str) -> str:
    """Return the shell command that adds an extra to the installation that runs."""
    python, wanted = from_here(Path(sys.executable)), f"'{DISTRIBUTION}[{extra}]'"
    if find_spec("pip") is None:  # as in the environments of uv
        return f"uv pip install --python {python} {wanted}"
    return f"{python} -m pip install {wanted}"


def from_here(path: Path) -> Path:
    """Return a path below the current folder as relative to it, and another one as it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _is_found(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ValueError:  # of a module that was made by hand, without a spec
        return library in sys.modules
