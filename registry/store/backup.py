"""Back up a store while registries run, and restore it to any database and any way to keep blobs.

    backup.tar      registry.db, blobs/…, and a list of their hashes (`styles/service/archive.py`)

A backup is a move (`transfer.py`) to SQLite in a folder, which is packed then. A restore is a move from
there. So both compare every row and the hash of every blob.
"""

from __future__ import annotations

from pathlib import Path

from registry.store.location import StoreLocation
from registry.store.transfer import MoveReport, move, require_empty
from styles.service.archive import ProgressBytes, behind, new_backup, pack, unpack, work_folder

KIND = "the registry"


def back_up(source: StoreLocation, file: Path, progress: ProgressBytes = lambda *_: None) -> MoveReport:
    """Write a new backup.

    Raises `NoStore`, `MoveRefused`, `MoveFailed`, and like `new_backup` and `StoreLocation.open`.
    """
    with new_backup(file, KIND) as new:
        data = new.work / "data"
        # Each byte is copied, then packed, then read back.
        moved = move(
            source, StoreLocation(folder=data), lambda done, total: progress(done, 3 * total), online=True
        )
        (data / "registry.lock").unlink(missing_ok=True)
        pack(data, new, behind(moved.bytes, progress))
    return moved


def restore(file: Path, target: StoreLocation, progress: ProgressBytes = lambda *_: None) -> MoveReport:
    """Put a backup into an empty store. Raises `BadArchive`, and as `back_up`."""
    require_empty(target)
    target.folder.mkdir(parents=True, exist_ok=True)
    with work_folder(target.folder / "restore.work") as folder:
        unpack(file, folder, KIND, lambda done, total: progress(done, 2 * total))
        return move(StoreLocation(folder=folder), target, behind(file.stat().st_size, progress))
