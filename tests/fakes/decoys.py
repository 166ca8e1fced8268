"""A folder in which Python would import the wrong modules, were the current folder on its path."""

from __future__ import annotations

from pathlib import Path

#: Packages of ours and modules that every service imports.
PACKAGES, MODULES = ("mailbot", "registry", "runner", "styles"), ("email", "json", "numpy")


def decoys(folder: Path) -> Path:
    """The folder, with a module of each of these names that ends whoever imports it."""
    for name in PACKAGES:
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").write_text("raise SystemExit('a decoy')\n")
    for name in MODULES:
        (folder / f"{name}.py").write_text("raise SystemExit('a decoy')\n")
    return folder
