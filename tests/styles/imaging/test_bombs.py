"""Decompression bombs: what a header claims is counted before a pixel is decoded, in every format."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mailbot.parsing import file_type
from styles.imaging.codec import FORMATS
from tests.fakes.styles.bombs import BOMBS

#: Bytes; what is claimed would take 768 million at the least.
MOST = 8_000_000


@pytest.fixture(scope="module")
def fates() -> dict[str, tuple[str, int]]:
    """Of each bomb what came of it, and what it took of memory."""
    command = [sys.executable, "-m", "tests.fakes.styles.bombs"]
    done = subprocess.run(command, cwd=Path(__file__).parents[3], check=True, capture_output=True, text=True)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: (fate, int(peak)) for name, fate, peak in lines}


@pytest.mark.parametrize("name", BOMBS)
def test_is_refused_before_it_is_decoded(fates: dict[str, tuple[str, int]], name: str) -> None:
    fate, peak = fates[name]
    assert fate == "ImageTooLarge"
    assert peak < MOST


def test_there_is_one_of_every_format() -> None:
    known = {name.partition(",")[0].upper() for name in BOMBS}
    assert known == {{"HEIF": "HEIC"}.get(format, format) for format in FORMATS}


@pytest.mark.parametrize("name", BOMBS)
def test_the_bot_knows_it_by_its_first_bytes_alone(name: str) -> None:
    assert file_type.kind(BOMBS[name]) == name.partition(",")[0]
