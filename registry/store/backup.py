"""Back up a store while registries run, and restore it to any database and any way to keep blobs.

    backup.tar      registry.db, blobs/…, and a list of their hashes (`styles/service/archive.py`)

A backup is a move (`transfer.py`) to SQLite in a folder, which is packed then. A restore is a move from
there. So both compare every row and the hash of every blob.
"""

from __future__ import annotations

from pathlib import Path

from registry.store.location import StoreLocation
from registry.store.transfer import MoveReport, move
from styles.service.archive import ProgressBytes, pack, unpack, work_folder

KIND = "the registry"


def back_up(source: StoreLocation, file: Path, progress: ProgressBytes = lambda *_: None) -> MoveReport:
    """Write a new backup. Raises `MoveRefused`, `MoveFailed`, OSError, and like `StoreLocation.open`."""
    with work_folder(_work(file)) as folder:
        moved = move(source, StoreLocation(folder=folder / "data"), progress, online=True)
        _remove_locks(folder / "data")
        pack(folder / "data", file, KIND)
    return moved


def restore(file: Path, target: StoreLocation, progress: ProgressBytes = lambda *_: None) -> MoveReport:
    """Put a backup into an empty store. Raises `BadArchive`, and as `back_up`."""
    with work_folder(_work(target.folder)) as folder:
        unpack(file, folder, KIND)
        return move(StoreLocation(folder=folder), target, progress)


def _work(place: Path) -> Path:
    """Return the folder for the work, beside the file or folder that it is for."""
    place.parent.mkdir(parents=True, exist_ok=True)
    return place.with_name(f"{place.name}.work")


def _remove_locks(folder: Path) -> None:
    """Remove what is empty or of this process alone."""
    folder.joinpath("registry.lock").unlink(missing_ok=True)
