"""Keep each job in a folder, so that a balancer that was killed finds it again.

    paintings.json    the paintings that count in the limit of a person
    ID/job.json       what was ordered, and how far it is
    ID/painting, ID/photo             as they came
    ID/thumbnail.jpg  the picture as it came, reduced
    ID/painting.jpg   the painting, rectified
    ID/preview.jpg    the newest preview
    ID/state          the newest checkpoint
    ID/result         the style file, or the picture

Each file is written beside its old self and then swapped in. `job.json` comes last, so that a folder without
it is one of a job that was never accepted.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import re
import shutil
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec

from runner.learning.job import FINAL, JobRecord
from styles.learning_errors import LearningOff
from styles.service.archive import sync_folder

log = logging.getLogger(__name__)

JobFile = Literal["painting", "photo", "thumbnail.jpg", "painting.jpg", "preview.jpg", "state", "result"]
_WORKING: tuple[JobFile, ...] = ("painting", "photo", "state")
#: What a job needs no more in each final state: of one that was cancelled nothing is kept.
NEEDLESS: Mapping[str, tuple[JobFile, ...]] = {
    "done": _WORKING,
    "failed": _WORKING,
    "cancelled": get_args(JobFile),
}
RECORD, COUNTED = "job.json", "paintings.json"
ID = re.compile(r"[0-9a-f]{32}")

L = TypeVar("L", bound=list[Any])


class LearningStore:
    """Keep jobs below a folder, which one balancer has at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.flaw = ""  #: why the folder cannot be opened
        self._lock: int | None = None
        #: A job may end, be published and be forgotten while a thread still writes for it.
        self._writing = threading.Lock()
        self._ended: set[str] = set()  #: ids of the jobs of which files went, a hundred bytes each

    async def take(self, pause: float) -> None:
        """Open the folder, as soon as no other balancer has it and nothing is wrong with it."""
        while True:
            if await asyncio.to_thread(self._is_taken):
                return
            await asyncio.sleep(pause)

    def require(self) -> None:
        """Raise `LearningOff` while the folder cannot be opened."""
        if self.flaw:
            raise LearningOff(self.flaw)

    def _is_taken(self) -> bool:
        try:
            if self.open():
                self.flaw = ""
                return True
        except OSError as error:
            flaw = f"The folder of the jobs to learn cannot be opened: {error}."
        else:
            flaw = ""
            log.warning("another balancer learns in %s, so this one waits", self.folder)
        if flaw and flaw != self.flaw:
            log.error("%s", flaw)
        self.flaw = flaw
        return False

    def open(self) -> bool:
        """Make the folder and take it; return whether no other balancer has it. Raises OSError.

        What a killed balancer was just writing is removed.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        for pattern in ("*.partial", "*/*.partial"):
            for file in self.folder.glob(pattern):
                file.unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Release the folder, so that another balancer can have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def records(self) -> list[JobRecord]:
        """Return all jobs by the time of their coming, and remove what was never accepted or is broken.

        A job that cannot be read for another reason, such as a failing disk, is left for the next start.
        """
        found = []
        for folder in self.folder.iterdir():
            if not ID.fullmatch(folder.name):
                continue
            try:
                record = msgspec.json.decode((folder / RECORD).read_bytes(), type=JobRecord)
                if record.state not in FINAL:  # it was cancelled where it has no painting
                    (folder / "painting").stat()
                found.append(record)
            except (FileNotFoundError, msgspec.MsgspecError) as error:
                log.warning("a job to learn is dropped: %s", type(error).__name__)
                shutil.rmtree(folder, ignore_errors=True)
            except OSError as error:
                log.warning("a job to learn cannot be read, and stays as it is: %s", error)
        return sorted(found, key=lambda record: record.came)

    def accept(self, record: JobRecord, painting: bytes, photo: bytes) -> None:
        """Write a new job, and have it on the disk. Raises OSError."""
        self.write(record.id, "painting", painting)
        if photo:
            self.write(record.id, "photo", photo)
        self.write_record(record)

    def write_record(self, record: JobRecord) -> None:
        """Write what is known of a job, and have it on the disk. Raises OSError."""
        with self._writing:  # what is newer counts
            self._write(self._of(record.id) / RECORD, msgspec.json.encode(record))

    def end(self, record: JobRecord) -> None:
        """Write down a final state, and remove what the job needs no more. Raises OSError.

        A queued record needs its painting. So of a cancelled job the pictures go first: on a full disk, which
        takes no record, they go all the same, and the next start does not learn it. The error of one of both
        steps is only logged then.
        """
        if record.state != "cancelled":
            self.write_record(record)
            self.forget(record.id, *NEEDLESS[record.state])
            return
        try:
            self.forget(record.id, *NEEDLESS[record.state])
        except OSError as error:
            log.warning("the pictures of a cancelled job cannot be removed: %s", error)
            self.write_record(record)
            return
        try:
            self.write_record(record)
        except OSError as error:
            log.warning("a cancelled job is noted by its missing painting alone: %s", error)

    def read_list(self, kind: type[L]) -> L:
        """Return the list of what counts; an empty one if there is none, or a broken one."""
        try:
            counted: L = msgspec.json.decode((self.folder / COUNTED).read_bytes(), type=kind)
        except FileNotFoundError:
            return kind()
        except (OSError, msgspec.MsgspecError) as error:
            log.warning("nothing counts in the limits of today: %s", error)
            return kind()
        return counted

    def write_list(self, counted: Sequence[Any]) -> None:
        """Write the list of what counts. Raises OSError."""
        self._write(self.folder / COUNTED, msgspec.json.encode(counted))

    def write(self, id: str, part: JobFile, content: bytes) -> None:
        """Write a file of a job. Raises OSError, also where files of the job were removed."""
        folder = self._of(id)
        with self._writing:
            if id in self._ended:
                raise FileNotFoundError("the job has ended")
            folder.mkdir(exist_ok=True, mode=0o700)
            self._write(folder / part, content)

    def read(self, id: str, part: JobFile) -> bytes:
        """Return a file of a job, or nothing if it is not there."""
        try:
            return (self._of(id) / part).read_bytes()
        except FileNotFoundError:
            return b""

    def path(self, id: str, part: JobFile) -> Path | None:
        """Return the path of a file of a job, or None if it is not there."""
        path = self._of(id) / part
        return path if path.is_file() else None

    def forget(self, id: str, *parts: JobFile) -> None:
        """Remove files of a job that has ended, and take no more of them; without names, the whole job."""
        folder = self._of(id)
        with self._writing:
            self._ended.add(id)
            if not parts:
                shutil.rmtree(folder, ignore_errors=True)
            for part in parts:
                (folder / part).unlink(missing_ok=True)

    def _of(self, id: str) -> Path:
        if not ID.fullmatch(id):
            raise ValueError("no id of a job")
        return self.folder / id

    def _write(self, path: Path, content: bytes) -> None:
        temporary = path.with_name(f"{path.name}.partial")
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
