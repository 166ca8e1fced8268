"""Pack a folder into one file that is whole or not there, and unpack it with every byte checked.

The file is a tar archive, so any program can look into it. Its last member lists the SHA-256 of all others.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

#: Is called with the bytes that are done, and with those of all.
ProgressBytes = Callable[[int, int], None]

#: Name of the last member.
MANIFEST = "manifest.json"
#: Bytes of one read.
CHUNK = 1 << 20


class BadArchive(OSError):
    """Report a file that is no whole backup of the wanted kind."""


@contextmanager
def work_folder(path: Path) -> Iterator[Path]:
    """Hold an empty folder for this process alone, and remove it at the end.

    What a killed process left there is removed. Raises BlockingIOError while another process has it, and
    OSError.
    """
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise OSError(f"The folder {path.parent} cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise BlockingIOError(f"Another backup is at work in {path}: wait for its end.") from error
    try:
        for entry in path.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        yield path
    finally:
        with suppress(OSError):
            shutil.rmtree(path)
        os.close(descriptor)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBackup:
    """Describe a backup that is to be written."""

    file: Path  #: gets its name when it is whole
    kind: str  #: what it is a backup of
    work: Path  #: a folder for the work, on the same disk


@contextmanager
def new_backup(file: Path, kind: str) -> Iterator[NewBackup]:
    """Hold the place of a new backup, so that what speaks against it is said before the work.

    Its work folder's name depends on the kind alone: the next backup there removes what a killed one left.
    Raises FileExistsError, and OSError where the folder cannot be written or another backup is at work.
    """
    if file.exists():
        raise FileExistsError(f"{file} exists already: name another file for the backup.")
    with work_folder(file.with_name(f"{re.sub(r'[^a-z]+', '-', kind)}.part")) as work:
        yield NewBackup(file=file, kind=kind, work=work)


def pack(folder: Path, new: NewBackup, progress: ProgressBytes = lambda *_: None) -> int:
    """Write all files of a folder to a new file, read it back, and return the bytes of all files.

    Raises FileExistsError and other OSErrors; then there is no new file.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    total = sum(path.stat().st_size for path in paths)
    part = new.work / "backup.tar"
    with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as raw:
        sums, done = {}, 0
        with tarfile.open(fileobj=raw, mode="w") as tar:
            for path in paths:
                name = path.relative_to(folder).as_posix()
                sums[name] = _add(tar, name, path)
                done += path.stat().st_size
                progress(done, 2 * total)
            _add_bytes(tar, MANIFEST, json.dumps({"kind": new.kind, "sha256": sums}).encode())
        raw.flush()
        os.fsync(raw.fileno())
        raw.seek(0)
        for size in _checked(raw, new.file, new.kind, lambda _: None):
            done += size
            progress(done, 2 * total)
    put_in_place(part, new.file)
    return total


def behind(first: int, progress: ProgressBytes) -> ProgressBytes:
    """Return the progress of work that comes after `first` bytes of other work."""
    return lambda done, total: progress(first + done, first + total)


def unpack(file: Path, folder: Path, kind: str, progress: ProgressBytes = lambda *_: None) -> None:
    """Write the files of a backup into an empty folder, durably. Raises `BadArchive` and OSError."""

    def target(name: str) -> IO[bytes]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    with file.open("rb") as raw:
        done, total = 0, file.stat().st_size
        for size in _checked(raw, file, kind, target):
            done += size
            progress(done, total)
    progress(total, total)


def put_in_place(part: Path, file: Path) -> None:
    """Give a whole file its name durably, and overwrite nothing. Raises FileExistsError and OSError.

    Only a disk without second names (FAT) leaves a moment in which another file of that name is overwritten.
    """
    try:
        os.link(part, file)
    except FileExistsError as error:
        raise FileExistsError(f"{file} exists already.") from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS) or file.exists():
            raise
        part.replace(file)
    part.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Add a file, and return the SHA-256 of what was added."""
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        status = os.fstat(source.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        hashing = _Hashing(source)
        tar.addfile(info, hashing)
    return hashing.digest.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


class _Hashing(io.RawIOBase):
    """Hash what is read from a file."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._source.read(size)
        self.digest.update(piece)
        return piece


def _checked(
    raw: IO[bytes], file: Path, kind: str, target: Callable[[str], IO[bytes] | None]
) -> Iterator[int]:
    """Copy each file of a backup to its target, if there is one, and yield its bytes.

    Raises `BadArchive` as soon as something is missing or damaged.
    """
    try:
        with tarfile.open(fileobj=raw, mode="r:") as tar:
            members = {member.name: member for member in tar.getmembers() if member.isfile()}
            sums = _sums(tar, members, file, kind)
            for name, sha256 in sums.items():
                source = tar.extractfile(members[name])
                if source is None or _copied(source, target(name)) != sha256:
                    raise BadArchive(f"{file} is damaged: {name} is not what was backed up.")
                yield members[name].size
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise BadArchive(f"{file} is no whole backup.") from error


def _sums(
    tar: tarfile.TarFile, members: Mapping[str, tarfile.TarInfo], file: Path, kind: str
) -> dict[str, str]:
    """Return the SHA-256 of each file by its name, which leads nowhere but into the folder."""
    manifest = tar.extractfile(members[MANIFEST])
    try:
        found: Any = json.loads(manifest.read() if manifest else b"")
        if found["kind"] != kind:
            raise BadArchive(f"{file} is a backup of {found['kind']}, not of {kind}.")
        sums = dict(found["sha256"])
    except (ValueError, TypeError) as error:
        raise BadArchive(f"{file} is no whole backup.") from error
    if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in sums):
        raise BadArchive(f"{file} is no backup: it names files outside of its folder.")
    return sums


def _copied(source: IO[bytes], target: IO[bytes] | None) -> str:
    """Copy a file durably, and return the SHA-256 of what was read."""
    digest = hashlib.sha256()
    try:
        while piece := source.read(CHUNK):
            digest.update(piece)
            if target:
                target.write(piece)
        if target:
            target.flush()
            os.fsync(target.fileno())
    finally:
        if target:
            target.close()
    return digest.hexdigest()
