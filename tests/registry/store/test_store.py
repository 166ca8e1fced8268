from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from registry.store.location import StoreLocation
from registry.store.store import Store
from tests.fakes.registry.service import NAMES
from tests.fakes.registry.versions import publish

SEEDS = """
import sys
from pathlib import Path
import registry.store.store
from registry.store.location import StoreLocation
from styles.formats.style_file import shipped

sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
folder, database, builtin = sys.argv[1:]
with registry.store.store.Store(StoreLocation(folder=Path(folder), database=database)) as store:
    print(*(style.name for style in store.seed(shipped(Path(builtin)))))
"""


def test_processes_that_start_at_once_seed_once(location: StoreLocation, builtin: Path) -> None:
    command = [sys.executable, "-c", SEEDS, str(location.folder), location.database, str(builtin)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sorted(name for answer in answers for name in answer) == list(NAMES)
    with Store(location) as store:
        assert store.changes(0).last == len(NAMES)
        assert all(style.aliases == {"live": 1} for style in store.styles())
    assert list((location.folder / "incoming").iterdir()) == []


def test_what_another_process_does_is_seen_at_once(store: Store, location: StoreLocation) -> None:
    with Store(location) as other:
        publish(other, "mosaic")
        assert store.resolve("mosaic").version == 1
        publish(store, "mosaic")
        assert other.resolve("mosaic").version == 2
        other.rollback("mosaic")
        assert store.resolve("mosaic").version == 1
        store.retire("mosaic")
        assert other.styles() == []
