"""Name the lengths of times, and format seconds and bytes for the commands' screens."""

from __future__ import annotations

#: Seconds.
HOUR, DAY = 3600.0, 86_400.0


def age(seconds: float | None) -> str:
    """Return seconds as `40 s`, `12 min`, `3 h` or `5 d`; None as `-`."""
    if seconds is None:
        return "-"
    for size, unit in ((DAY, "d"), (HOUR, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.1f} s" if 0 < seconds < 10 else f"{seconds:.0f} s"


def span(seconds: float | None) -> str:
    """Return seconds as `age` does, and below a second as `84 ms`."""
    return f"{seconds * 1000:.0f} ms" if seconds is not None and 0 <= seconds < 1 else age(seconds)


def size(count: int) -> str:
    """Return bytes as `12 kB`, `3.4 MB` or `1.2 GB`."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"
