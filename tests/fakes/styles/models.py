"""Models of OpenVINO, as far as their memory goes."""

from __future__ import annotations


class Model:
    """Counts how often it gave its memory back."""

    released = 0

    def release_memory(self) -> None:
        self.released += 1
