"""Make the thumbnails of one preview: the process `python -m registry.thumbnails.worker_process`.

The preview was made by a network of unknown origin. So its pixels are decoded only here, in a process that
restricts itself first, has no files to write, and ends afterwards. The preview comes by standard input. By
standard output goes the answer (registry/thumbnails/protocol.py).
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import registry
import styles
from registry.thumbnails.protocol import LONGEST_REASON, REFUSAL, WIDTHS, write
from styles.sandbox.sandbox import Limits, apply
from styles.service.child_processes import die_with_parent

#: A preview of 800 pixels takes 0.3 s of processor time with the start, and 60 MB.
LIMITS = Limits(memory=1 << 30, cpu_seconds=20, file_bytes=0, open_files=64)
#: Quality and effort of WebP. At this size painted photos show no difference to a quality of 90, at less than
#: half of its bytes.
QUALITY, EFFORT = 45, 5


def main() -> None:
    """Restrict this process, and answer the one preview. The argument is the parent's process id."""
    die_with_parent(int(sys.argv[1]), "registry")
    os.nice(10)  # nobody waits for a thumbnail: pages show the preview until then
    apply([Path(package.__path__[0]) for package in (registry, styles)], LIMITS)
    try:
        answer = write(thumbnails(sys.stdin.buffer.read()))
    except Exception as error:
        answer = REFUSAL + f"{type(error).__name__}: {error}".encode()[:LONGEST_REASON]
    sys.stdout.buffer.write(answer)
    sys.stdout.flush()


def thumbnails(preview: bytes) -> list[bytes]:
    """Return the preview as WebP in each of `WIDTHS`, or in its own where it is narrower.

    Raises `NotAnImage` and `ImageTooLarge`.
    """
    from PIL import Image  # these libraries come after the sandbox is closed

    from styles.imaging import codec

    pixels, pictures = codec.decode(preview), []
    height, width = pixels.shape[:2]
    for wanted in WIDTHS:
        scale = min(1.0, wanted / width)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        buffer = io.BytesIO()
        Image.fromarray(codec.resized(pixels, size)).save(buffer, "WEBP", quality=QUALITY, method=EFFORT)
        pictures.append(buffer.getvalue())
    return pictures


if __name__ == "__main__":
    main()
